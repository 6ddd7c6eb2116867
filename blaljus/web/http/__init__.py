"""What is true of every request and answer: bodies, cookies, headers, errors, the log."""
