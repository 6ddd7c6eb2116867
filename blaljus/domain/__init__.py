"""Facts and rules: plain functions on frozen dataclasses."""
