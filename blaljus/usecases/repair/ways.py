"""Where a class can go, fewest people disturbed first, and who is told of each way."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from blaljus.domain.agencies import StaffMember
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day
from blaljus.domain.slots import Slot
from blaljus.domain.words import Half
from blaljus.planner.advice.amend import moved
from blaljus.planner.advice.lifting import lift, with_lifted
from blaljus.planner.advice.repair import Desk, Move
from blaljus.planner.check import Violation, violations
from blaljus.planner.plan import Plan
from blaljus.planner.problem import Problem
from blaljus.store import agencies, bookings
from blaljus.store.engine import read_transaction
from blaljus.usecases.bookings.choosing import Choice
from blaljus.usecases.bookings.class_pages import ClassPage
from blaljus.usecases.context import Context
from blaljus.usecases.repair.desk import nothing_new
from blaljus.usecases.runs.problem import World, load_announced


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A published slot, or a half-day at a venue where a new slot is to be."""

    slot: int | None = None
    venue: int = 0
    day: date = date.min
    half: Half = Half.FM

    @property
    def code(self) -> str:
        """Return what a form holds: `12`, or `3.2027-04-13.fm`."""
        return f"{self.venue}.{self.day}.{self.half}" if self.slot is None else str(self.slot)

    @classmethod
    def parse(cls, code: str) -> "Target":
        """Return the target of a code, or raise `NotFoundError`."""
        try:
            if "." not in code:
                return cls(slot=int(code))
            venue, day, half = code.split(".")
            return cls(venue=int(venue), day=date.fromisoformat(day), half=Half(half))
        except ValueError:
            raise NotFoundError from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to give a class a time, `[starts_at, ends_at)`, with everybody it concerns.

    `asked` get an invitation, `released` a cancellation, `shifted` both, `updated` learn of other
    classes only; each of the class's teachers gets one letter too.
    """

    target: Target
    starts_at: datetime
    ends_at: datetime
    place: str
    is_short: bool
    """Whether a station of the published slot lacks people."""
    crew: tuple[tuple[int, int], ...]
    """(position of the station in the venue's list, staff id) of a new slot."""
    asked: Sequence[StaffMember]
    released: Sequence[StaffMember]
    shifted: Sequence[StaffMember]
    updated: Sequence[StaffMember]
    perhaps_busy: Sequence[StaffMember]
    """Those of `asked` and `shifted` whose own calendars say so."""
    closes: Slot | None
    """The slot whose people would be left without a class: it is called off."""
    teachers: int

    @property
    def is_new(self) -> bool:
        """Return whether it needs a new slot."""
        return self.target.slot is None

    @property
    def disturbed(self) -> int:
        """Count the people whose times change."""
        return len(self.asked) + len(self.released) + len(self.shifted)

    @property
    def told(self) -> int:
        """Count the people who get a letter."""
        return self.teachers + self.disturbed + len(self.updated)

    @property
    def crew_code(self) -> str:
        """Return the crew as a form holds it."""
        return " ".join(f"{position}:{staff}" for position, staff in self.crew)


async def get_ways(context: Context, shown: ClassPage) -> Sequence[Way]:
    """Return where the class of a page can go, if it may still have another time.

    Costs the same number of statements for any number of slots and people.
    """
    if shown.plan is None or (shown.current and not shown.may_change):
        return ()
    async with read_transaction():
        return await list_ways(context, shown)


async def list_ways(context: Context, shown: ClassPage) -> Sequence[Way]:
    """Return the same in the caller's transaction, of a page read in it."""
    assert shown.plan is not None  # noqa: S101 -- the caller has asked
    world = await load_announced(shown.plan, clock=context.clock)
    names = await agencies.get_staff_members({duty.staff for duty in world.duties})
    class_id = shown.school_class.id
    problem, plan = loosened(world, shown)
    found = Desk(problem, plan).moves(class_id) if _is_known(problem, class_id) else ()
    known = frozenset(violations(problem, plan))
    sound = [move for move in found if move.crew and is_sound(problem, plan, move, known)]
    is_alone = await _is_alone(shown)
    maker = _Maker(shown, world, {**world.staff, **names}, is_alone=is_alone)
    ways = [*map(maker.joining, shown.fit), *map(maker.opening, sound)]
    return sorted(ways, key=maker.order)


async def _is_alone(shown: ClassPage) -> bool:
    """Tell whether the class has a time, and no other comes then."""
    if shown.current is None:
        return False
    scope = (shown.current.municipality,)
    return len(await bookings.list_in_slots([shown.current.slot], scope)) == 1


def _is_known(problem: Problem, class_id: int) -> bool:
    return any(row.id == class_id for row in problem.classes)


def loosened(world: World, shown: ClassPage) -> tuple[Problem, Plan]:
    """Return the problem and plan in which the slot of the class is planned, not published."""
    plan = nothing_new(world.problem)
    at = shown.row.slot.id if shown.row and shown.row.slot else None
    known = {row.id for row in world.problem.classes}
    here = [slot for slot in world.problem.fixed if slot.id == at]
    lifted = [slot for slot in here if known.issuperset(slot.classes)]
    return lift(world.problem, lifted), with_lifted(world.problem, plan, lifted)


def is_sound(problem: Problem, plan: Plan, move: Move, known: frozenset[Violation]) -> bool:
    """Tell whether the referee finds no rule broken by a move that was not broken before."""
    return known.issuperset(violations(problem, moved(plan, move)))


class _Maker:
    """Says of one class what each way means for whom."""

    def __init__(
        self, shown: ClassPage, world: World, staff: Mapping[int, StaffMember], *, is_alone: bool
    ) -> None:
        self._shown, self._world, self._staff = shown, world, staff
        self._old = shown.row.slot if shown.current and shown.row else None
        self._there: dict[int, list[int]] = defaultdict(list)
        for duty in world.duties:
            self._there[duty.slot].append(duty.staff)
        self._perhaps = {row.id: row.perhaps_busy for row in world.problem.staff}
        self._closes = self._old if is_alone and self._left() else None

    def joining(self, choice: Choice) -> Way:
        """Return the way into a published slot."""
        slot = choice.slot
        left, there = self._left(), self._there[slot.id]
        return Way(
            target=Target(slot=slot.id),
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            place=slot.venue_name,
            is_short=bool(choice.sought),
            crew=(),
            asked=(),
            released=self._people(left) if self._closes else (),
            shifted=(),
            updated=self._people([*there, *(() if self._closes else left)]),
            perhaps_busy=(),
            closes=self._closes,
            teachers=self._shown.teachers,
        )

    def opening(self, move: Move) -> Way:
        """Return the way into a new slot."""
        world = self._world
        half_day = world.problem.half_days[move.half_day]
        crew = tuple((member.station, member.staff) for member in move.crew)
        stations = len({position for position, _ in crew})
        starts_at, ends_at = world.plan.span(half_day.day, half_day.half, stations)
        coming = (*move.asked, *move.shifted)
        stay = set(self._left()) - {*move.released, *move.shifted, *move.asked}
        return Way(
            target=Target(venue=move.venue, day=half_day.day, half=half_day.half),
            starts_at=starts_at,
            ends_at=ends_at,
            place=world.venues[move.venue].name,
            is_short=False,
            crew=crew,
            asked=self._people(move.asked),
            released=self._people(move.released),
            shifted=self._people(move.shifted),
            updated=self._people(stay),
            perhaps_busy=self._people(p for p in coming if self._perhaps[p] >> move.half_day & 1),
            closes=self._closes,
            teachers=self._shown.teachers,
        )

    def order(self, way: Way) -> tuple[int, int, bool, int, int, int, datetime, str]:
        """Prefer few disturbed, few who come at a new time, full crews, few who are perhaps busy.

        Then few told, and near the old time.
        """
        old = self._old.starts_at if self._old else way.starts_at
        far = abs(local_day(way.starts_at) - local_day(old)).days
        coming = len(way.asked) + len(way.shifted)
        return (
            way.disturbed,
            coming,
            way.is_short,
            len(way.perhaps_busy),
            way.told,
            far,
            way.starts_at,
            way.target.code,
        )

    def _left(self) -> list[int]:
        return self._there[self._old.id] if self._old else []

    def _people(self, staff: Iterator[int] | Sequence[int] | set[int]) -> Sequence[StaffMember]:
        return [self._staff[id_] for id_ in sorted(set(staff))]
