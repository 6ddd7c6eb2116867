"""Staff and their agencies: availability, duties, answers, and what the agencies ask of a plan."""
