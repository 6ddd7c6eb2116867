"""Calendar entries of what has changed, the feeds that join them, and a booking as a file."""
