"""The process that solves a problem, what it tells, and why nothing of that is believed."""
