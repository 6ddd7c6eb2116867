"""Everything for people of the agencies: their times, their duties."""

from blaljus.web import duties, own_calendar, proposing, times

HANDLERS = [*times.HANDLERS, *own_calendar.HANDLERS, *duties.HANDLERS, *proposing.HANDLERS]
