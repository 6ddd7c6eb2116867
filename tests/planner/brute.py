"""The best plan of a tiny problem by trying everything: it knows no rule, it asks the referee."""

from itertools import product

from blaljus.planner.check import violations
from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession, crew_cost
from blaljus.planner.referee.rule import Rule

OF_THE_WHOLE = {Rule.CLASS_NOT_COUNTED, Rule.LOCK_MOVED}
"""What only a whole plan can keep."""


def best(problem):
    """Return the most classes that a plan can place, and the least crew cost of such a plan."""
    settled = {who for slot in problem.fixed for who in slot.classes}
    rows = sorted((row for row in problem.classes if row.id not in settled), key=lambda row: row.id)
    sessions = Sessions(problem)
    places = [[None, *sessions.places(row)] for row in rows]
    found = {}
    for choice in product(*places):
        placed = sum(place is not None for place in choice)
        if placed >= max(found, default=0):
            at = {}
            for row, place in zip(rows, choice, strict=True):
                at.setdefault(place, []).append(row.id)
            waiting = tuple(at.pop(None, ()))
            cost = cheapest(problem, sessions, sorted(at.items()), waiting, found.get(placed))
            if cost is not None:
                found[placed] = cost
    most = max(found)
    return most, found[most]


def cheapest(problem, sessions, groups, waiting, below):
    """Return the least cost of seating the groups of classes, if it can be done and is lower."""
    best_cost = below

    def seat(index, chosen):
        nonlocal best_cost
        plan = Plan(sessions=tuple(chosen), unplaced=waiting)
        if best_cost is not None and crew_cost(problem, plan) >= best_cost:
            return
        broken = {violation.rule for violation in violations(problem, plan)}
        if index == len(groups) and not broken:
            best_cost = crew_cost(problem, plan)
        elif index < len(groups) and broken <= OF_THE_WHOLE:
            for session in sessions.of(groups[index][0], tuple(groups[index][1])):
                seat(index + 1, [*chosen, session])

    seat(0, [])
    return None if best_cost == below else best_cost


class Sessions:
    """All sessions that keep every rule when they are held alone."""

    def __init__(self, problem):
        self.problem = problem
        self.fixed = {(slot.venue, slot.half_day): slot.id for slot in problem.fixed}
        self._known = {}

    def places(self, row):
        """Return (venue, half-day) for each session that the class could have alone."""
        spots = product(row.venues, range(len(self.problem.half_days)))
        return [spot for spot in sorted(set(spots)) if self.of(spot, (row.id,))]

    def of(self, spot, classes):
        """Return sessions with these classes and every crew that cannot do with fewer."""
        if (spot, classes) not in self._known:
            self._known[spot, classes] = list(self._sessions(spot, classes))
        return self._known[spot, classes]

    def _sessions(self, spot, classes):
        fixed = self.fixed.get(spot)
        kept = []
        for crew in [()] if fixed is not None else self._crews(spot):
            if not any(set(smaller) <= set(crew) for smaller in kept):
                members = tuple(PlannedCrew(station=i, staff=who) for who, i in crew)
                session = PlannedSession(
                    venue=spot[0], half_day=spot[1], classes=classes, crew=members, fixed=fixed
                )
                if self._is_sound(session):
                    kept.append(crew)
                    yield session

    def _is_sound(self, session):
        alone = Plan(sessions=(session,), unplaced=())
        return {v.rule for v in violations(self.problem, alone)} <= OF_THE_WHOLE

    def _crews(self, spot):
        """Return every way to send people to stations, smaller crews first."""
        venue = next(row for row in self.problem.venues if row.id == spot[0])
        if not venue.open >> spot[1] & 1:
            return []
        ways = [
            [None, *(i for i, s in enumerate(venue.stations) if s.service is person.service)]
            for person in self.problem.staff
            if person.available >> spot[1] & 1 and venue.municipality in person.municipalities
        ]
        people = [
            person.id
            for person in self.problem.staff
            if person.available >> spot[1] & 1 and venue.municipality in person.municipalities
        ]
        crews = [
            tuple((who, i) for who, i in zip(people, way, strict=True) if i is not None)
            for way in product(*ways)
        ]
        return sorted(crews, key=len)
