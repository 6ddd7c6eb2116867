"""What a coordinator asks about a plan: why not, what would help, who else, what is left."""
