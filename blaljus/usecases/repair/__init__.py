"""When something changes in a published plan: who else, where else, what if somebody is away."""
