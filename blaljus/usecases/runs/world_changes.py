"""What has changed since a proposal was made, so that it can no longer be approved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import msgspec

from blaljus.domain.runs import WorldChangedError
from blaljus.planner.check import Violation, violations
from blaljus.planner.problem import HalfDay, Problem
from blaljus.planner.referee.rule import Rule
from blaljus.usecases.runs.problem import World
from blaljus.usecases.runs.proposal import Proposal, ProposedSlot, as_plan

MOST = 20
"""So many are told; more would help nobody."""

OF_CLASSES = {
    Rule.CLASS_NOT_COUNTED,
    Rule.CLASS_TWICE,
    Rule.CLASS_NOT_FREE,
    Rule.LOCK_MOVED,
    Rule.VENUE_NOT_FOR_CLASS,
    Rule.TOO_MANY_PUPILS,
    Rule.LANGUAGE_MISSING,
}
"""Rules whose violations name a class."""

OF_STAFF = {
    Rule.PIN_BROKEN,
    Rule.WRONG_SERVICE,
    Rule.WRONG_AGENCY,
    Rule.OUTSIDE_AREA,
    Rule.STAFF_NOT_FREE,
    Rule.STAFF_RESTING,
    Rule.TOO_SHORT_NOTICE,
    Rule.ON_CALL_FORBIDDEN,
    Rule.STAFF_TWICE,
    Rule.LUNCH_GAP,
    Rule.DAY_FULL,
    Rule.WEEK_FULL,
    Rule.SEASON_FULL,
}
"""Rules whose violations name a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldChange:
    """One thing that is in the way: a rule that would break, or what is gone; ids of whom."""

    code: str
    school_class: int | None = None
    staff: int | None = None
    venue: int | None = None
    day: date | None = None
    half: str | None = None


def changes_of(world: World, proposal: Proposal) -> list[WorldChange]:
    """Return what keeps a proposal from being approved in the world of now; empty: nothing does."""
    gone = list(_gone(world, proposal.slots))
    if gone:
        return gone[:MOST]
    answer = as_plan(proposal, world.problem)
    assert answer is not None, "all its days are there"  # noqa: S101 -- `_gone` told
    found = violations(world.problem, answer)
    return [_of(violation, world.problem) for violation in found][:MOST]


def outrun(code: str) -> WorldChangedError:
    """Return the error for when somebody was quicker in this very moment."""
    return WorldChangedError(changes=as_data([WorldChange(code=code)]))


def as_data(changes: Iterable[WorldChange]) -> list[dict[str, object]]:
    """Return changes as an error carries them: JSON-able."""
    rows: list[dict[str, object]] = msgspec.to_builtins(list(changes))
    return rows


def from_data(rows: object) -> list[WorldChange]:
    """Return what `as_data` wrote."""
    return msgspec.convert(rows, list[WorldChange])


def _gone(world: World, slots: Iterable[ProposedSlot]) -> Iterator[WorldChange]:
    """Yield days, places, slots, classes and people of a proposal that are not there any longer."""
    problem = world.problem
    half_days, venues = set(problem.half_days), {venue.id for venue in problem.venues}
    people, fixed = {person.id for person in problem.staff}, {slot.id for slot in problem.fixed}
    waiting = {school_class.id for school_class in problem.classes}
    for slot in slots:
        is_gone = {
            "day-gone": HalfDay(slot.day, slot.half) not in half_days,
            "place-gone": slot.venue not in venues,
            "slot-gone": slot.fixed is not None and slot.fixed not in fixed,
        }
        for code in (code for code, holds in is_gone.items() if holds):
            yield WorldChange(code=code, venue=slot.venue, day=slot.day, half=slot.half.value)
        for class_id in sorted(set(slot.classes) - waiting):
            code = "class-placed" if class_id in world.classes else "class-gone"
            yield WorldChange(code=code, school_class=class_id)
        for staff in sorted({staff for _, staff in slot.crew} - people):
            yield WorldChange(code="person-gone", staff=staff)


def _of(violation: Violation, problem: Problem) -> WorldChange:
    at = None if violation.half_day is None else problem.half_days[violation.half_day]
    return WorldChange(
        code=violation.rule.value,
        school_class=violation.subject if violation.rule in OF_CLASSES else None,
        staff=violation.subject if violation.rule in OF_STAFF else None,
        venue=violation.venue,
        day=at.day if at else None,
        half=at.half.value if at else None,
    )
