"""What the exact model asks of a venue, worked out once."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from blaljus.domain.words import Service
from blaljus.planner.model.facts import Facts
from blaljus.planner.problem import ProblemClass, ProblemStaff, ProblemStation, ProblemVenue


class Need(NamedTuple):
    """What a station asks of a person. `agency` is `None` when any of the service will do."""

    service: Service
    agency: int | None
    strict: bool
    """Nobody on call."""

    def suits(self, who: ProblemStaff, half_day: int) -> bool:
        """Tell whether a person can stand there in a half-day on which the person may come."""
        return (
            who.service is self.service
            and self.agency in (None, who.agency)
            and (not self.strict or bool(who.free >> half_day & 1))
        )


def need_of(station: ProblemStation) -> Need:
    """Return what a station asks of each of its people."""
    return Need(station.service, station.agency, not station.on_call_allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A venue: its stations by index, its groups, its pins."""

    needs: tuple[Need, ...]
    people: tuple[int, ...]
    """Per station, when it is manned."""
    extra: tuple[int, ...]
    """Per station, more when the session is large, or fewer by one."""
    wanted: tuple[int, ...]
    """The stations that may stay empty and need staff."""
    plain: int
    """Groups that the plain crew takes, without wanted stations."""
    most: int
    """Groups that any crew takes."""
    per_station: bool
    """Each manned station takes a group; else `plain` is for the whole crew."""
    group: int | None
    """The most pupils of a group, if anything limits them."""
    shares: bool
    """Large classes are split and small ones share a group; else each class is one group."""
    pins: tuple[tuple[int, int | None], ...]
    """(person, half-day or `None` for all)."""

    @property
    def grows(self) -> bool:
        """Tell whether extra staff makes room for more groups."""
        return not self.per_station and self.most > self.plain

    def classes(self, groups: int) -> int:
        """Return how many classes so many groups hold at most: two may share one."""
        return 2 * groups if self.shares else groups

    @property
    def always(self) -> list[int]:
        """Return the stations that take people in every session."""
        return [index for index in range(len(self.needs)) if index not in self.wanted]

    def must(self) -> dict[Need, int]:
        """Count the people that every session needs."""
        return self._count(self.people)

    def more(self) -> dict[Need, int]:
        """Count the people that a large session needs besides."""
        return self._count(self.extra)

    def posts(self, manned: Collection[int], *, large: bool) -> list[int]:
        """Return the stations of a session, each as often as it needs a person."""
        return [
            index
            for index, people in enumerate(self.people)
            if index in manned or index not in self.wanted
            for _ in range(people + large * self.extra[index])
        ]

    def groups(self, school_class: ProblemClass) -> int:
        """Return how many groups a class makes by itself."""
        if not self.shares or self.group is None:
            return 1
        return max(1, -(-school_class.pupils // self.group))

    def takes(self, school_class: ProblemClass) -> bool:
        """Tell whether a class has room, whole or split."""
        if self.shares or self.group is None:
            return self.groups(school_class) <= self.most
        return school_class.pupils <= self.group

    def _count(self, people: tuple[int, ...]) -> dict[Need, int]:
        counted: Counter[Need] = Counter()
        for index in self.always:
            counted[self.needs[index]] += people[index]
        return {need: number for need, number in counted.items() if number}


def place_of(facts: Facts, venue: ProblemVenue) -> Place:
    """Work out what a venue needs and takes."""
    stations, per_crew = venue.stations, venue.groups_per_crew
    wanted = tuple(i for i, s in enumerate(stations) if s.staff_needed and not facts.must(s))
    people = [station.staff_needed for station in stations]
    extra = [0 if i in wanted else s.extra_staff for i, s in enumerate(stations)]
    grows = any(extra)
    _meet_everyone(facts, stations, people, extra)
    most = len(stations) if per_crew is None else per_crew
    if venue.max_groups is not None:
        most = venue.max_groups if per_crew is not None else min(most, venue.max_groups)
    plain = len(stations) - len(wanted) if per_crew is None else per_crew
    limits = [station.max_pupils for station in stations]
    own = [] if venue.group_pupils is None else [venue.group_pupils]
    return Place(
        needs=tuple(need_of(station) for station in stations),
        people=tuple(people),
        extra=tuple(extra),
        wanted=wanted,
        plain=min(most, plain) if per_crew is None or grows else most,
        most=most,
        per_station=per_crew is None,
        group=min(limits + own, default=None),
        shares=bool(own) and min(limits + own) > 0,
        pins=tuple(
            (facts.person_at[pin.staff], pin.half_day)
            for pin in sorted(facts.problem.pins, key=lambda pin: pin.staff)
            if pin.venue == venue.id
        ),
    )


def _meet_everyone(
    facts: Facts, stations: tuple[ProblemStation, ...], people: list[int], extra: list[int]
) -> None:
    """Send somebody of a promised service whose stations need nobody, unless extra staff comes."""
    for service in facts.problem.services:
        of_it = [i for i, station in enumerate(stations) if station.service is service]
        if of_it and not any(people[i] for i in of_it):
            rigour = [
                (stations[i].agency is not None, not stations[i].on_call_allowed) for i in of_it
            ]
            easiest = min(zip(rigour, of_it, strict=True))[1]
            people[easiest] = 1
            extra[easiest] -= any(extra[i] for i in of_it)
