"""Seasons, and the way of planning that ours is held against."""
