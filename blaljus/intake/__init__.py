"""Files that people send: text in, checked rows and every problem out."""
