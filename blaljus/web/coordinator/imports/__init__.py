"""The import: files, what they would change, taking it over."""
