"""One file per topic of the database."""
