"""Invariant 11: coverage follows from what is stored, and so does what was met."""

from collections.abc import Iterable
from typing import TypeVar

from blaljus.domain.attendance import REPORTABLE
from blaljus.domain.coverage import Coverage, CoverageFacts, Visit, coverage
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.schools import unanswered
from blaljus.domain.slots import SeasonPlan
from blaljus.domain.words import BookingState, SlotState, VisitState
from blaljus.reports.coverage import coverage_csv, coverage_json, coverage_table
from blaljus.usecases.operation.checks.facts import Facts, Finding, grouped

T = TypeVar("T")


def matrix_of(facts: Facts, plan: SeasonPlan, *, backwards: bool = False) -> Coverage:
    """Return the coverage of a plan, as pages make it; its facts may be put in backwards.

    Days off stay in their order: of two on a day pages name the first.
    """

    def ordered(items: Iterable[T]) -> list[T]:
        found = list(items)
        return found[::-1] if backwards else found

    stored = facts.stored
    slots = {s.id: s for s in stored.slots.values() if s.plan == plan.id}
    published = {s.id: s for s in slots.values() if s.state is SlotState.PUBLISHED}
    booked = {b.id: b for b in stored.bookings.values() if b.plan == plan.id}
    classes = facts.classes_of[plan.id]
    units = [unit for unit in stored.units if unit.municipality == plan.municipality]
    found = CoverageFacts(
        classes=ordered(classes),
        slots=ordered(published.values()),
        stations=ordered(s for s in stored.stations.values() if s.slot in published),
        bookings=ordered(booked.values()),
        assignments=ordered(d for d in facts.duties if d.slot in slots),
        visits=ordered(v for v in stored.visits if v.booking in booked),
        blocks=facts.blocks_of[plan.municipality],
    )
    silent = unanswered(ordered(units), ordered(classes))
    return coverage(found, plan.required, silent, now=facts.now)


def coverage_is_the_same_again(facts: Facts) -> list[Finding]:
    """Return the plans whose coverage is another when its facts come in another order."""
    return [
        Finding(subject=f"plan:{plan.id}", what="has another coverage when computed again")
        for plan in facts.plans
        if _bytes(facts, plan, backwards=False) != _bytes(facts, plan, backwards=True)
    ]


def _bytes(facts: Facts, plan: SeasonPlan, *, backwards: bool) -> tuple[bytes, ...]:
    matrix = matrix_of(facts, plan, backwards=backwards)
    owner = next(m for m in facts.stored.municipalities if m.id == plan.municipality)
    year = SchoolYear(plan.school_year)
    table = coverage_table(matrix, owner, year)
    return coverage_json(matrix, owner, year, facts.now), coverage_csv(matrix), table.encode()


def what_was_met_was_reported(facts: Facts) -> list[Finding]:
    """Return the bookings that are held without a report of every station, or the other way."""
    visits = grouped(facts.stored.visits, lambda visit: visit.booking)
    findings = []
    for booking in facts.stored.bookings.values():
        met = visits[booking.id]
        held, reported = booking.state is BookingState.HELD, booking.id in facts.stored.reports
        answered = sorted(v.station for v in met if _is_whole(v))
        wanted = sorted(s.id for s in facts.stations_of[booking.slot]) if reported else []
        if held is not reported:
            told = "reported" if reported else "not reported"
            what = f"is {booking.state.value}, and its attendance is {told}"
        elif len(answered) != len(met) or answered != wanted:
            what = f"tells of {len(answered)} stations, and should of {len(wanted)}"
        else:
            continue
        findings.append(Finding(subject=f"booking:{booking.id}", what=what))
    return findings


def _is_whole(visit: Visit) -> bool:
    told = visit.state in REPORTABLE
    return told and (visit.state is VisitState.HELD or visit.cause is not None)
