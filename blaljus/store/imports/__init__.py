"""What an import reads, locks and saves."""
