"""Feeds, calendar files, and the pages about their addresses."""
