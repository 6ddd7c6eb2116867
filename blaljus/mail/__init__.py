"""Letters: texts, MIME, SMTP."""
