"""Runs of the planner: start, follow, read, decide."""
