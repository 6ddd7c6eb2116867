"""What is decided of a carousel in the middle of its day: by call-outs, and by new times."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

import msgspec

from blaljus.domain.booking import Booking
from blaljus.domain.callouts import Callout
from blaljus.domain.rounds import KeptRounds
from blaljus.domain.slots import Slot, Station
from blaljus.planner.carousel.problem import RotationGroup, RotationProblem
from blaljus.planner.carousel.referee import rotation_violations
from blaljus.planner.carousel.replan import replan
from blaljus.planner.carousel.rotation import Rotation
from blaljus.usecases.days.carousel_problem import first_arrival, same_come, with_times
from blaljus.usecases.days.rounds import Carousel


class Decided(msgspec.Struct, frozen=True):
    """A carousel that was decided on, and the groups it was for: what a call-out keeps."""

    groups: tuple[RotationGroup, ...]
    rotation: Rotation


def keep(carousel: Carousel) -> str:
    """Return a carousel as the JSON that is kept of it."""
    return msgspec.json.encode(Decided(carousel.problem.groups, carousel.rotation)).decode()


def decided_last(noted: Sequence[Callout], kept: KeptRounds | None) -> list[Decided]:
    """Return what was decided last by a call-out, and by other times; the newest first."""
    found = [(noted[-1].noted_at, noted[-1].rotation)] if noted else []
    if kept and kept.decided and kept.decided_at:
        found.append((kept.decided_at, kept.decided))
    newest_first = sorted(found, key=itemgetter(0), reverse=True)
    return [msgspec.json.decode(text, type=Decided) for _, text in newest_first]


def stands(
    slot: Slot, stations: Sequence[Station], booked: Sequence[Booking], decided: Decided
) -> bool:
    """Return whether the same classes come as when it was decided, at the same times."""
    come = same_come(slot, stations, booked, decided.groups)
    return come and with_times(slot, booked, decided.groups) == decided.groups


def in_force(problem: RotationProblem, planned: Rotation, last: Decided | None) -> Rotation:
    """Return what was decided last; anew if other classes come than did then."""
    if last and not rotation_violations(problem, last.rotation):
        return last.rotation
    return judged(problem, replan(problem, planned, problem.starts_at))


def retimed(carousel: Carousel, booked: Sequence[Booking], now: datetime) -> Carousel:
    """Return a carousel with the rounds that are left planned anew for other times of its classes.

    `booked` are its bookings, with the new times. Who goes with whom stays as it is.
    """
    slot, groups = carousel.slot, with_times(carousel.slot, booked, carousel.problem.groups)
    problem = replace(carousel.problem, groups=groups, starts_at=first_arrival(slot, booked))
    rotation = judged(problem, replan(problem, carousel.rotation, now))
    return replace(carousel, booked=tuple(booked), problem=problem, rotation=rotation, rain=None)


def judged(problem: RotationProblem, rotation: Rotation) -> Rotation:
    """Return a rotation that the referee has nothing against."""
    broken = rotation_violations(problem, rotation)
    assert not broken, broken  # noqa: S101 -- the planner's promise, held by its property tests
    return rotation
