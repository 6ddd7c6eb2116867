"""Whose turn it is: schools whose classes got the last choice before choose first."""

from collections.abc import Sequence
from dataclasses import dataclass

from blaljus.clock import Clock
from blaljus.domain.choices import Choice
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.planner.advice.turns import PastChoice, choosing_order
from blaljus.store import choices, schools
from blaljus.store.engine import read_transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolTurn:
    """A school of this year. Schools of the same `place`, from 1, are as good as each other.

    `past` is why, newest year first; empty where no class of it wished for anything.
    """

    place: int
    school: str
    past: Sequence[Choice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Every school with a class this year, who chooses first comes first; equals by name."""

    year: SchoolYear
    schools: Sequence[SchoolTurn]

    @property
    def known(self) -> bool:
        """Return whether anything of the past tells the schools apart."""
        return any(turn.place != 1 for turn in self.schools)


async def get_turns(
    person: Person, municipality: int, year: SchoolYear | None, *, clock: Clock
) -> Turns:
    """Return the order of a school year, today's without one, or raise `NotFoundError`.

    It follows from the wishes of earlier years and the slots the classes had. Costs the same
    number of statements for any number of schools.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    chosen = year or SchoolYear.of(local_day(clock()))
    async with read_transaction():
        classes = await schools.list_classes((municipality,), chosen)
        past = await choices.list_choices(municipality, chosen)
    return Turns(year=chosen, schools=_turns({c.school_unit: c.school for c in classes}, past))


def _turns(names: dict[int, str], past: Sequence[Choice]) -> list[SchoolTurn]:
    order = choosing_order(names.keys(), map(_past_choice, past))
    lucks = [turn.bad_luck for turn in order]
    turns = [
        SchoolTurn(
            place=lucks.index(turn.bad_luck) + 1,
            school=names[turn.chooser],
            past=[choice for choice in past if choice.school_unit == turn.chooser],
        )
        for turn in order
    ]
    return sorted(turns, key=lambda turn: (turn.place, turn.school))


def _past_choice(choice: Choice) -> PastChoice:
    """Return where a class chose: after all of its wishes where none came true."""
    return PastChoice(
        chooser=choice.school_unit,
        year=choice.year.start,
        rank=choice.rank or choice.wishes + 1,
        of=choice.wishes + 1,
    )
