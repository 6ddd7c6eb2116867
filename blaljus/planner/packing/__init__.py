"""How the heuristic fills a season: a board that can be undone, and what is tried on it."""
