"""What half-days a class would like: counted by the planner, promised to nobody."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum

from blaljus.domain.booking import Booking
from blaljus.domain.schools import Block, block_on, school_days
from blaljus.domain.words import BookingState, Half

MOST = 5
"""Wishes of a class: enough to choose among, few enough to be wishes."""

HalfDay = tuple[date, Half]

Wishes = Mapping[int, HalfDay]
"""Half-days by rank, 1 is the dearest; ranks may be missing."""


class WishProblem(StrEnum):
    """Why a half-day cannot be wished for. Values are stable."""

    NO_SCHOOL = "no-school"
    """A weekend, a day off of the school, outside the terms, or too soon."""
    TWICE = "twice"


def open_half_days(blocks: Collection[Block], school_unit: int, first: date) -> set[HalfDay]:
    """Return the half-days from `first` on on which a school's classes could come."""
    return {
        (day, half)
        for day in school_days(blocks)
        if day >= first and block_on(blocks, school_unit, day) is None
        for half in Half
    }


def wish_problems(wishes: Wishes, is_open: Collection[HalfDay]) -> dict[int, WishProblem]:
    """Return what is wrong with each wish, by rank; of two equal ones the later is one too many."""
    found, seen = dict[int, WishProblem](), Counter[HalfDay]()
    for rank, half_day in sorted(wishes.items()):
        seen[half_day] += 1
        if half_day not in is_open:
            found[rank] = WishProblem.NO_SCHOOL
        elif seen[half_day] > 1:
            found[rank] = WishProblem.TWICE
    return found


def may_wish(booked: Iterable[Booking]) -> bool:
    """Return whether wishes can still count: no time of the class is confirmed or held."""
    settled = (BookingState.CONFIRMED, BookingState.HELD)
    return all(booking.state not in settled or booking.catch_up for booking in booked)
