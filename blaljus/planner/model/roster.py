"""The exact model of a problem, third part: what a person may do in all, and what it costs."""

from collections import Counter, defaultdict

from blaljus.planner.model.crewing import Crewing
from blaljus.planner.model.linear import Term


class Roster:
    """Rows for what a person may do in all, and the columns of staff-days."""

    def __init__(self, crewing: Crewing) -> None:
        self.facts = crewing.facts
        self.model = crewing.model
        self.cost: dict[int, int] = Counter()
        """Crew cost of each column."""
        self.days: dict[tuple[int, int], int] = {}
        """(person, day) to the column of the staff-day, where a person may come twice in it."""
        duties: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
        for (person, municipality, half_day), column in crewing.comes.items():
            duties[person][half_day][municipality] = column
        for person, by_half_day in sorted(duties.items()):
            self._add_person(person, dict(by_half_day))

    def _add_person(self, person: int, duties: dict[int, dict[int, int]]) -> None:
        facts, who = self.facts, self.facts.staff[person]
        terms = {t: [(c, 1.0) for c in at.values()] for t, at in sorted(duties.items())}
        self._limit(list(terms.values()), facts.left(person))
        weeks, days = facts.tally(person, facts.week), facts.tally(person, facts.day)
        for week in sorted({facts.week[t] for t in terms}):
            inside = [row for t, row in terms.items() if facts.week[t] == week]
            self._limit(inside, who.per_week - weeks[week])
        for day in sorted({facts.day[t] for t in terms}):
            halves = {t: duties[t] for t in terms if facts.day[t] == day}
            self._add_day(person, day, halves, who.per_day - days[day])

    def _limit(self, rows: list[list[Term]], most: int) -> None:
        if len(rows) > most:
            self.model.at_most([term for row in rows for term in row], most)

    def _add_day(self, person: int, day: int, halves: dict[int, dict[int, int]], most: int) -> None:
        rows = [[(column, 1.0) for column in at.values()] for at in halves.values()]
        twice = len(halves) > 1 and most > 1
        if not twice:
            self._limit(rows, 1) if len(rows) > 1 else self._once(rows)
        else:
            self._once(rows)
            self._lunch(*halves.values())
        if self.facts.staff[person].service in self.facts.problem.services:
            known = day in self.facts.out[person]
            for row in rows:
                for column, _ in row:
                    self.cost[column] = 2 if known or twice else 3
            if twice and not known:
                self._staff_day(person, day, rows)

    def _once(self, rows: list[list[Term]]) -> None:
        for row in rows:
            if len(row) > 1:
                self.model.at_most(row, 1)

    def _staff_day(self, person: int, day: int, rows: list[list[Term]]) -> None:
        column = self.model.column(whole=False)
        self.days[person, day] = column
        self.cost[column] = 1
        for row in rows:
            self.model.at_most([*row, (column, -1.0)], 0)

    def _lunch(self, morning: dict[int, int], afternoon: dict[int, int]) -> None:
        """Keep the two halves of a day in municipalities near each other."""
        for one, other in ((morning, afternoon), (afternoon, morning)):
            for municipality, column in one.items():
                far = [
                    (other_column, 1.0)
                    for there, other_column in other.items()
                    if not self.facts.near(municipality, there)
                ]
                if far:
                    self.model.at_most([(column, 1.0), *far], 1)
