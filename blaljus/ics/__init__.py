"""Domain values to and from iCalendar; the only speaker of icalendar."""
