"""Keeping the service right: health, cleaning, the log, and the proof of the invariants."""
