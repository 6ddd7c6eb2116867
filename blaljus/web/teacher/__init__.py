"""Pages of teachers: their classes, booking a time, attendance."""
