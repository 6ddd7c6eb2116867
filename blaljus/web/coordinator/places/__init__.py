"""Places that several schools share: their stations and who is always there."""
