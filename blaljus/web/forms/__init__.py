"""Forms: what was typed, what can be wrong with it, and the page shown again."""
