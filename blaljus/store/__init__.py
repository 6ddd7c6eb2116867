"""The only speaker of Piccolo: rows in, domain values out."""
