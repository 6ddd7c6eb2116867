"""Pages for everybody: the front page, signing in, one's own account."""
