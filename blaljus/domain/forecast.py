"""What the staff can still give against what the classes that are left need: the answer's shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from blaljus.domain.words import Service

Week = tuple[int, int]
"""(ISO year, ISO week)."""


def monday_of_week(week: Week) -> date:
    """Return the first day of an ISO week."""
    return date.fromisocalendar(*week, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWeek:
    """What the staff of a service can give, in half-days, within their caps."""

    service: Service
    week: Week
    half_days: int
    """In this week."""
    left: int
    """At most so many from this week on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOutlook:
    """One service from now on, in half-days of staff.

    `last_week`: nothing planned before that week begins, and the promise may still be kept; with
    nothing planned in it either, it cannot. `None`: it cannot be kept as it is.
    """

    service: Service
    needed: int
    """At least so many, however well the classes come together."""
    left: int
    """At most so many."""
    last_week: Week | None
    classes_at_most: int
    """No plan gives more of the remaining classes their day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The rest of a season; classes in published slots are done, all others are left."""

    classes: int
    stranded: tuple[int, ...]
    """Classes whose own times match no venue's, whatever the staff; ids, ascending."""
    weeks: tuple[ServiceWeek, ...]
    """By week, then in the order of the promised services."""
    services: tuple[ServiceOutlook, ...]
    """The one that runs out first comes first: the bottleneck."""

    @property
    def last_week(self) -> Week | None:
        """Return the last week in which planning may still begin; `None`: none is left."""
        return self.services[0].last_week if self.services and not self.stranded else None

    @property
    def short(self) -> tuple[Service, ...]:
        """Return the services that for certain cannot meet every class."""
        return tuple(row.service for row in self.services if row.last_week is None)

    @property
    def bottlenecks(self) -> tuple[Service, ...]:
        """Return the services that run out before the others do; none where all run out at once."""
        first = [row.service for row in self.services if row.last_week == self.last_week]
        return tuple(first) if self.last_week and len(first) < len(self.services) else ()

    def weeks_of(self, service: Service) -> Sequence[ServiceWeek]:
        """Return the weeks of one service, in order."""
        return [row for row in self.weeks if row.service is service]
