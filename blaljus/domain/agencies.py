"""Agencies, their people, and when these can come."""

from dataclasses import dataclass
from datetime import date

from blaljus.domain.words import AvailabilityState, Half, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRules:
    """What an agency asks of the planning."""

    per_day: int
    """Half-days of one person in a day at most, 1 or 2."""
    per_week: int
    """Half-days of one person in an ISO week at most, 1-10."""
    per_season: int | None
    """Half-days of one person in a school year at most, 1-400; `None`: as many as it takes."""
    notice_days: int
    """Days before a duty when shifts are settled, 0-180: nobody is asked later."""
    home: int | None
    """The municipality that its people start from, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(AgencyRules):
    """A police area, rescue service, ambulance district or partner."""

    id: int
    name: str
    provides: Service
    address: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """One person of an agency, shown by function. Addresses lie with the account."""

    id: int
    agency: int
    agency_name: str
    provides: Service
    account: int
    reference: str
    display_name: str
    function: str
    protected: bool
    active: bool
    languages: tuple[str, ...] = ()
    """Beside Swedish."""

    @property
    def shown_as(self) -> str:
        """Return what pages call the person: of protected people the function alone."""
        return shown_as(self.id, self.display_name, self.function, protected=self.protected)


def shown_as(staff: int, display_name: str, function: str, *, protected: bool) -> str:
    """Return what everybody calls the person with an id; this is where a name is held back."""
    return f"{function.capitalize()} nr {staff}" if protected else display_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """A half-day on which a person is free or on call."""

    staff: int
    day: date
    half: Half
    state: AvailabilityState
