"""A planning run: the problem, the search, the proposal, its approval, and why a class has none."""
