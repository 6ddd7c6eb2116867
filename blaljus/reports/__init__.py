"""Domain values to CSV and JSON."""
