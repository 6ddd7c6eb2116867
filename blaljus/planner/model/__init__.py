"""The season as a linear model, and the search that goes through its goals. `exact` solves it."""
