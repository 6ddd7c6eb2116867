"""Agencies, their people, and when these can come."""

from dataclasses import dataclass
from datetime import date

from blaljus.domain.words import AvailabilityState, Half, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A police area, rescue service, ambulance district or partner."""

    id: int
    name: str
    provides: Service
    address: str


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
