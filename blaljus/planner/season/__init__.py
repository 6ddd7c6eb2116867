"""Seasons and answers as JSON, `blaljus-season/1`."""
