"""People's own calendars: fetched with care, judged as text, read in a process of its own."""
