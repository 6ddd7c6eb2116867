"""Blåljus: every year-4 class meets police, rescue and ambulance once a school year."""

__version__ = "0.1.0"
