"""Someone is away for a while: the problem without them, and the plan that moves fewest classes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from blaljus.planner.advice.lifting import lift, with_lifted
from blaljus.planner.pack import pack
from blaljus.planner.plan import Plan
from blaljus.planner.problem import FixedSlot, Lock, Pin, Problem, ProblemStaff


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A person who cannot come in the half-days of a mask."""

    staff: int
    half_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """What `exact.solve(problem, plan, base=base)` may better; `plan` is the quick answer.

    Ids, ascending.
    """

    problem: Problem
    base: Plan
    """The old plan, with the published slots that must be manned anew."""
    plan: Plan
    moved: tuple[int, ...]
    """Classes that go elsewhere, at another time, or no longer have one."""
    told: tuple[int, ...]
    """Staff whose duties change, the one who is away included."""
    unlocked: tuple[int, ...]
    """Classes whose lock this plan does not keep, so that it is gone from the problem."""
    stuck: tuple[int, ...]
    """Published slots that someone away stays in: their classes are not in the problem."""


def replan(problem: Problem, plan: Plan, absences: Sequence[Absence]) -> Replan:
    """Return a sound plan close to the old one, around people who are away for a while.

    Published slots that lose someone are planned anew if all their classes are in the problem. The
    plan is the packer's; the exact search goes on from it in a process of its own.
    """
    hit = [slot for slot in problem.fixed if _is_hit(slot, absences)]
    known = {row.id for row in problem.classes}
    lifted = [slot for slot in hit if slot.classes and known.issuperset(slot.classes)]
    base = with_lifted(problem, plan, lifted)
    changed = without(lift(problem, lifted), absences)
    answer = pack(changed, base=base)
    broken = {lock.school_class for lock in changed.locked if not _is_kept(lock, changed, answer)}
    if broken:
        kept = tuple(lock for lock in changed.locked if lock.school_class not in broken)
        changed = replace(changed, locked=kept)
        answer = pack(changed, base=base)
    differing = _seats(base) ^ _seats(answer)
    return Replan(
        problem=changed,
        base=base,
        plan=answer,
        moved=tuple(sorted({row[0] for row in differing if row in _seats(base)})),
        told=tuple(sorted({row[0] for row in _duties(base) ^ _duties(answer)})),
        unlocked=tuple(sorted(broken)),
        stuck=tuple(sorted(slot.id for slot in hit if slot not in lifted)),
    )


def without(problem: Problem, absences: Sequence[Absence]) -> Problem:
    """Return the problem in which people cannot come in some half-days, pinned or not."""
    away: dict[int, int] = {}
    for absence in absences:
        away[absence.staff] = away.get(absence.staff, 0) | absence.half_days
    return replace(
        problem,
        staff=tuple(_away(person, away.get(person.id, 0)) for person in problem.staff),
        pins=tuple(pin for old in problem.pins for pin in _pins_left(problem, old, away)),
    )


def _away(person: ProblemStaff, mask: int) -> ProblemStaff:
    return replace(person, free=person.free & ~mask, on_call=person.on_call & ~mask)


def _pins_left(problem: Problem, pin: Pin, away: dict[int, int]) -> Iterator[Pin]:
    """Yield a pin for the half-days when the person is not away."""
    mask = away.get(pin.staff, 0)
    if not mask or (pin.half_day is not None and not mask >> pin.half_day & 1):
        yield pin
    elif pin.half_day is None:
        for half_day in range(len(problem.half_days)):
            if not mask >> half_day & 1:
                yield replace(pin, half_day=half_day)


def _is_hit(slot: FixedSlot, absences: Sequence[Absence]) -> bool:
    return any(
        absence.staff in slot.staff and absence.half_days >> slot.half_day & 1
        for absence in absences
    )


def _is_kept(lock: Lock, problem: Problem, plan: Plan) -> bool:
    settled = {(c, slot.venue, slot.half_day) for slot in problem.fixed for c in slot.classes}
    return (lock.school_class, lock.venue, lock.half_day) in _seats(plan) | settled


def _seats(plan: Plan) -> set[tuple[int, int, int]]:
    return {(c, s.venue, s.half_day) for s in plan.sessions for c in s.classes}


def _duties(plan: Plan) -> set[tuple[int, int, int]]:
    return {(member.staff, s.venue, s.half_day) for s in plan.sessions for member in s.crew}
