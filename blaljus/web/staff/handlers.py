"""Everything for people of the agencies: their times, their duties."""

from blaljus.web import proposing
from blaljus.web.staff import duties, own_calendar, times

HANDLERS = [*times.HANDLERS, *own_calendar.HANDLERS, *duties.HANDLERS, *proposing.HANDLERS]
