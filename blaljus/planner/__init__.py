"""A problem in, a plan out. Pure."""
