"""Everything for people of the agencies: their times, their duties."""

from blaljus.web import duties, times

HANDLERS = [*times.HANDLERS, *duties.HANDLERS]
