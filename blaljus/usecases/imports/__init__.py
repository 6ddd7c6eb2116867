"""Files in, by a preview that nobody can apply unseen, and what follows from them."""
