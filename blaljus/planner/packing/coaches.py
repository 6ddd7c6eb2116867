"""The buses that classes share, half-day by half-day. For the packer."""

from collections.abc import Sequence

from blaljus.planner.packing.site import Site
from blaljus.planner.problem import Problem, ProblemClass


class Coaches:
    """How many seats each municipality with `Buses` has left. Classes and venues by position."""

    def __init__(
        self, problem: Problem, classes: Sequence[ProblemClass], sites: Sequence[Site]
    ) -> None:
        size = len(problem.half_days)
        self._left = {
            buses.municipality: [buses.seats] * size
            for buses in sorted(problem.buses, key=lambda row: row.seats, reverse=True)
        }
        """The fewest seats count, should a municipality be named twice."""
        self._classes = classes
        self._venues = [site.id for site in sites]
        self._at = {site.id: site.municipality for site in sites}
        self._from = [self._home(row) for row in classes]
        self._masks: dict[tuple[int, int], int] = {}
        self._add_published(problem)

    def room(self, school_class: int, venue: int) -> int:
        """Return the half-days on which a class could travel to a venue, or need not."""
        home, who = self._from[school_class], self._classes[school_class]
        if home is None or who.school_venue == self._venues[venue]:
            return -1
        key = home, who.pupils
        if key not in self._masks:
            left = enumerate(self._left[home])
            self._masks[key] = sum(1 << t for t, seats in left if seats >= who.pupils)
        return -1 if who.pupils == 0 else self._masks[key]

    def has_room(self, school_class: int, key: tuple[int, int]) -> bool:
        """Tell whether a class finds seats to a venue in a half-day, or needs none."""
        return bool(self.room(school_class, key[0]) >> key[1] & 1)

    def book(self, school_class: int, key: tuple[int, int], times: int) -> None:
        """Take the seats of a class (`times` 1), or give them back (-1)."""
        home, who = self._from[school_class], self._classes[school_class]
        if home is not None and who.school_venue != self._venues[key[0]]:
            self._take(home, key[1], times * who.pupils)

    def _take(self, home: int, half_day: int, seats: int) -> None:
        self._left[home][half_day] -= seats
        self._masks = {key: mask for key, mask in self._masks.items() if key[0] != home}

    def _home(self, who: ProblemClass) -> int | None:
        at = self._at.get(who.school_venue) if who.school_venue is not None else None
        home = at if who.municipality is None else who.municipality
        return home if home in self._left else None

    def _add_published(self, problem: Problem) -> None:
        known = {row.id: row for row in problem.classes}
        for slot in problem.fixed:
            for who in (known[class_id] for class_id in slot.classes if class_id in known):
                home = self._home(who)
                if home is not None and who.school_venue != slot.venue:
                    self._take(home, slot.half_day, who.pupils)
