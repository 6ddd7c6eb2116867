"""Municipalities, schools, classes, and the days on which they are out."""

from piccolo.columns import (
    Boolean,
    Date,
    DoublePrecision,
    Integer,
    OnDelete,
    Serial,
    Varchar,
)
from piccolo.table import Table

from blaljus.store.tables.references import ForeignKey


class Municipality(Table):
    """A tenant: one municipality that keeps the promise."""

    id: Serial
    code = Varchar(length=4, help_text="Four digits, as text")
    name = Varchar(length=100)


class SchoolUnit(Table):
    """A unit of the national register of schools."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    code = Varchar(length=8, help_text="Skolenhetskod, eight digits, as text")
    name = Varchar(length=200)
    status = Varchar(length=10)
    organiser = Varchar(length=10)
    grades = Varchar(length=60, help_text="Whole numbers, comma separated")
    locality = Varchar(length=100, null=True, default=None)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    version = Integer(default=1)


class SchoolClass(Table):
    """A class in one school year. Counts only, never pupils."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    school_unit = ForeignKey(SchoolUnit, null=False, on_delete=OnDelete.restrict)
    school_year = Integer(help_text="The calendar year the school year starts in")
    label = Varchar(length=60)
    year4_pupils = Integer()
    other_pupils = Integer(help_text="Pupils of other grades in a mixed class")
    kind = Varchar(length=20)
    language = Varchar(length=40, default="", help_text="One of the crew must speak it, or empty")
    active = Boolean(default=True)
    version = Integer(default=1)


class CalendarBlock(Table):
    """Days `[first_on, last_on]`, both included, of one school or of every school (null)."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    school_unit = ForeignKey(SchoolUnit, null=True, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    name = Varchar(length=100)
    first_on = Date(default=None)
    last_on = Date(default=None)


class Venue(Table):
    """Where slots take place: a school, or a place that several schools share."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=10)
    school_unit = ForeignKey(SchoolUnit, null=True, on_delete=OnDelete.restrict)
    name = Varchar(length=200)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    near_rescue_station = Boolean(default=False, help_text="On-call crews may serve here")
    partner_station = Varchar(length=100, help_text="Name of the fourth station, or empty")
    group_pupils = Integer(null=True, default=None, help_text="Of a group; null: a class is one")
    version = Integer(default=1)
