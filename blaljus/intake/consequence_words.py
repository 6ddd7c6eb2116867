"""Says in plain words what an import means for bookings and duties that are still to come."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from blaljus.domain.commitments import Duty
from blaljus.domain.consequences import Consequences, DayOff, Resized, SchoolChange
from blaljus.i18n.words import word
from blaljus.intake.difference_views import MAX_ITEMS
from blaljus.intake.difference_words import Wording, when_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One thing to think of; `slot` is where something can be done about it, if in one place."""

    tag: str
    text: str
    slot: int | None = None


def warnings(found: Consequences, wording: Wording) -> tuple[Warned, ...]:
    """Return what to think of, the worst first; of each kind the rest of a long list is counted."""
    return (
        *_listed(found.days_off, _day_off, wording),
        *_listed(found.closing, _closing, wording),
        *_listed(found.renamed, _renamed, wording),
        *_listed(found.resized, _resized, wording),
        *_listed(_by_person(found.readdressed), _readdressed, wording),
        *_listed(_by_person(found.moved), _moved, wording),
    )


def _listed(
    found: Sequence[T], told: Callable[[T, Wording], Warned], wording: Wording
) -> list[Warned]:
    lines = [told(one, wording) for one in found[:MAX_ITEMS]]
    if more := len(found) - len(lines):
        text = wording.say("… och %(count)s till") % {"count": more}
        lines.append(Warned(tag=lines[0].tag, text=text))
    return lines


def _day_off(day_off: DayOff, wording: Wording) -> Warned:
    slot, say = day_off.slot, wording.say
    facts = {
        "block": day_off.block,
        "day": when_text(slot.day, slot.half, wording),
        "place": slot.place,
    }
    if day_off.planned is None:
        text = say(
            "Passet %(day)s, %(place)s, har personal, men då är det %(block)s. Ställ in det."
        )
    else:
        school = wording.school(day_off.planned.school_code)
        facts["name"] = f"{day_off.planned.label}, {school}"
        text = say(
            "%(name)s har tid %(day)s, %(place)s, men då är det %(block)s. Ge klassen en annan tid."
        )
    return Warned(tag=say("Ledig dag"), text=text % facts, slot=slot.id)


def _closing(change: SchoolChange, wording: Wording) -> Warned:
    say = wording.say
    text = say("%(school)s får status %(status)s men är med i pass som kommer: %(count)s.")
    status = word(change.row.status, wording.language)
    facts = {"school": change.row.name, "status": status, "count": len(change.slots)}
    return Warned(tag=say("Skolan stängs"), text=text % facts, slot=_only(change.slots))


def _renamed(change: SchoolChange, wording: Wording) -> Warned:
    say = wording.say
    text = say(
        "%(old)s heter %(new)s efter importen. Kalendrarna ändras och de som berörs får brev. "
        "Personal med uppdrag där svarar igen. Pass: %(count)s."
    )
    facts = {"old": change.old_name, "new": change.row.name, "count": len(change.slots)}
    return Warned(tag=say("Nytt namn"), text=text % facts, slot=_only(change.slots))


def _resized(resized: Resized, wording: Wording) -> Warned:
    say, slot = wording.say, resized.slot
    text = say(
        "%(name)s har en preliminär tid %(day)s, och bokningen följer klassen: %(old)s elever "
        "blir %(new)s. De som berörs får brev."
    )
    facts = {
        "name": f"{resized.planned.label}, {wording.school(resized.planned.school_code)}",
        "day": when_text(slot.day, slot.half, wording),
        "old": resized.planned.assumed,
        "new": resized.pupils,
    }
    return Warned(tag=say("Nytt elevantal"), text=text % facts, slot=slot.id)


def _by_person(duties: Iterable[Duty]) -> list[list[Duty]]:
    return [list(same) for _, same in groupby(duties, key=lambda duty: duty.staff_ref)]


def _readdressed(duties: Sequence[Duty], wording: Wording) -> Warned:
    say = wording.say
    text = say(
        "%(name)s får en ny adress. Inbjudningar avbokas på den gamla och skickas till den nya. "
        "Uppdrag: %(count)s."
    )
    return _of_person(say("Ny adress"), text, duties)


def _moved(duties: Sequence[Duty], wording: Wording) -> Warned:
    say = wording.say
    text = say("%(name)s byter enhet och behåller sina uppdrag: %(count)s.")
    return _of_person(say("Ny enhet"), text, duties)


def _of_person(tag: str, text: str, duties: Sequence[Duty]) -> Warned:
    ours = [duty.slot for duty in duties if duty.place is not None]
    facts = {"name": duties[0].name, "count": len(duties)}
    return Warned(tag=tag, text=text % facts, slot=_only(ours) if len(duties) == 1 else None)


def _only(slots: Sequence[int]) -> int | None:
    return slots[0] if len(slots) == 1 else None
