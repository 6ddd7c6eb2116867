"""What the staff can still give against what the classes that are left need, service by service.

The bounds are sound: where they say that the promise cannot be kept, no plan keeps it. Where they
do not, it *may* still be kept.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from math import ceil

from blaljus.domain.forecast import Forecast, ServiceOutlook, ServiceWeek
from blaljus.domain.localtime import iso_week
from blaljus.domain.words import Service
from blaljus.planner.packing.board import Board
from blaljus.planner.packing.people import masks_by, tally
from blaljus.planner.packing.site import Format, Site
from blaljus.planner.problem import Problem


def forecast(problem: Problem) -> Forecast:
    """Return what is left of each promised service, week by week, and how long it may suffice.

    The problem's classes that have no published slot are to be placed; its `busy` half-days and
    published slots are what the staff have given already.
    """
    outlook = _Outlook(problem)
    services = [outlook.service(service) for service in problem.services]
    order = {service: index for index, service in enumerate(problem.services)}
    return Forecast(
        classes=len(outlook.board.classes),
        stranded=tuple(outlook.board.classes[who].id for who in outlook.stranded),
        weeks=tuple(outlook.weeks()),
        services=tuple(
            sorted(services, key=lambda row: (row.last_week or (0, 0), order[row.service]))
        ),
    )


class _Outlook:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.board = Board(problem)
        people = self.board.people
        by_week = masks_by(problem.half_days, lambda half_day: iso_week(half_day.day))
        self._weeks = sorted(
            {iso_week(h.day): m for h, m in zip(problem.half_days, by_week, strict=True)}.items()
        )
        self._days = sorted(set(people.day))
        self._asked = self._half_days_asked()
        self._given = [self._by_week(person) for person in range(len(people.staff))]
        self._staffed_at = cache(self._staffed)
        everyone = range(len(self.board.classes))
        self.stranded = [who for who in everyone if self._last_week(who, None) < 0]

    def weeks(self) -> Iterator[ServiceWeek]:
        for index, (week, _) in enumerate(self._weeks):
            for service in self.problem.services:
                half_days = sum(self._given[p][index] for p in self._people(service))
                left = self._left(service, index)
                yield ServiceWeek(service=service, week=week, half_days=half_days, left=left)

    def service(self, service: Service) -> ServiceOutlook:
        """Return the outlook of a service."""
        shares = self._shares(service)
        last_days = self._last_weeks(service)
        needed = ceil(sum(shares))
        left = self._left(service, 0)
        last = -1
        for index in range(len(self._weeks)):
            if needed > self._left(service, index) or any(last < index for last in last_days):
                break
            last = index
        return ServiceOutlook(
            service=service,
            needed=needed,
            left=left,
            last_week=self._weeks[last][0] if last >= 0 else None,
            classes_at_most=self._at_most(shares, last_days, left),
        )

    def _at_most(self, shares: Sequence[Fraction], last_days: Sequence[int], left: int) -> int:
        """Return how many classes can have a day: the cheapest first, those that join for free."""
        able = sum(last >= 0 for last in last_days)
        count = len(last_days) - len(shares)
        used = Fraction(0)
        for share in sorted(shares):
            used += share
            count += used <= left
        return min(count, able)

    def _people(self, service: Service) -> list[int]:
        return [p for p, who in enumerate(self.board.people.staff) if who.service is service]

    def _left(self, service: Service, first: int) -> int:
        """Return what the people of a service can give from a week on."""
        return sum(self._of_person(person, first) for person in self._people(service))

    def _of_person(self, person: int, first: int) -> int:
        people = self.board.people
        season = people.staff[person].per_season
        sums = sum(self._given[person][first:])
        return sums if season is None else max(0, min(sums, season - len(people.duties[person])))

    def _by_week(self, person: int) -> list[int]:
        """Return how many half-days a person can give in each week by the day's and week's caps."""
        people = self.board.people
        who = people.staff[person]
        able = people.left[person] & self._asked_of(person)
        taken = sum(1 << half_day for half_day in people.duties[person])
        found = []
        for _, week in self._weeks:
            days = (day for day in self._days if able & week & day)
            half_days = sum(
                min((able & day).bit_count(), who.per_day - (taken & day).bit_count())
                for day in days
            )
            found.append(max(0, min(half_days, who.per_week - (taken & week).bit_count())))
        return found

    def _half_days_asked(self) -> dict[int, int]:
        """Return for each municipality when a class could come to a new session there."""
        asked: dict[int, int] = {}
        for site in self.board.sites:
            free = 0
            for who in site.classes:
                free |= self.board.free[who]
            asked[site.municipality] = asked.get(site.municipality, 0) | site.open & free
        return asked

    def _asked_of(self, person: int) -> int:
        mask = 0
        for municipality in self.board.people.staff[person].municipalities:
            mask |= self._asked.get(municipality, 0)
        return mask

    def _shares(self, service: Service) -> list[Fraction]:
        """Return the least part of a half-day that each class takes, the dearest joining others.

        The classes that may join published slots are left out: each place may take two of them.
        """
        joining = sum(
            session.places * _together(self.board.sites[venue])
            for (venue, _), session in self.board.sessions.items()
        )
        shares = sorted(
            min((_share(self.board.sites[v], service) for v in venues), default=Fraction(0))
            for who, venues in enumerate(self.board.goes_to)
            if who not in self.stranded
        )
        return shares[: max(0, len(shares) - joining)]

    def _last_weeks(self, service: Service) -> list[int]:
        """Return for each class that is not stranded its last week with a time, others aside."""
        able = set(range(len(self.board.classes))).difference(self.stranded)
        return [self._last_week(who, service) for who in sorted(able)]

    def _last_week(self, who: int, service: Service | None) -> int:
        able = 0
        for venue in self.board.goes_to[who]:
            staffed = -1 if service is None else self._staffed_at(venue, service)
            held = sum(1 << t for t in self.board.held[venue] if self.board.has_room((venue, t)))
            able |= held | self.board.sites[venue].open & staffed
        able &= self.board.free[who]
        return max((i for i, (_, week) in enumerate(self._weeks) if able & week), default=-1)

    def _staffed(self, venue: int, service: Service) -> int:
        """Return when the smallest crew of a service could come to a venue."""
        people, site = self.board.people, self.board.sites[venue]
        needed = min((_people(size, service) for size in site.formats), default=None)
        if needed is None:
            return 0
        pool = people.pools.get((site.municipality, service), ())
        return tally((people.may_go(p, site.municipality) for p in pool), needed)[needed]


def _people(size: Format, service: Service) -> int:
    """Return how many people of a service a session of some size asks."""
    return sum(n.people for n in size.needs if n.service is service and n.agency is None)


def _together(site: Site) -> int:
    """Return how many classes one group may be of."""
    return 1 if site.group_limit is None else 2


def _share(site: Site, service: Service) -> Fraction:
    """Return the least part of a person's half-day that a class takes in the fullest session."""
    full = (
        Fraction(
            _people(size, service),
            max(1, (site.limit if site.is_per_station else size.groups) * _together(site)),
        )
        for size in site.formats
    )
    return min(full, default=Fraction(0))
