"""Parse, authorise, call one use case, render."""
