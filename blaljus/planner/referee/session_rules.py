"""The rules of classes, venues and their sessions, one function each.

Each yields where it is broken, and by whom. They know nothing of how plans are made.
"""

from collections import Counter
from collections.abc import Iterator

from blaljus.planner.referee.case import Case, Finding, holds


def class_is_counted(case: Case) -> Iterator[Finding]:
    """Require that every class is either placed or listed as not placed, never both."""
    seated = {seat.school_class.id for seat in case.seats()}
    seated |= {class_id for slot in case.problem.fixed for class_id in slot.classes}
    left_out = Counter(case.plan.unplaced)
    return ((None, c) for c in case.classes if (c in seated) + left_out[c] != 1)


def class_comes_once(case: Case) -> Iterator[Finding]:
    """Require that a class has one slot at most, published ones included."""
    times = Counter(seat.school_class.id for seat in case.seats())
    times.update(class_id for slot in case.problem.fixed for class_id in slot.classes)
    return ((s.session, s.school_class.id) for s in case.seats() if times[s.school_class.id] > 1)


def class_is_free(case: Case) -> Iterator[Finding]:
    """Require that a class comes when it is free and nothing closes its school."""
    for seat in case.seats():
        who, half_day = seat.school_class, seat.session.half_day
        shut = any(holds(mask, half_day) for _, mask in who.blocked)
        if shut or not holds(who.free, half_day):
            yield seat.session, who.id


def lock_is_kept(case: Case) -> Iterator[Finding]:
    """Require that a locked class stays where and when it is."""
    kept = {(s.school_class.id, s.venue.id, s.session.half_day) for s in case.seats()}
    kept |= {(c, slot.venue, slot.half_day) for slot in case.problem.fixed for c in slot.classes}
    for lock in case.problem.locked:
        if (lock.school_class, lock.venue, lock.half_day) not in kept:
            yield None, lock.school_class


def venue_is_for_class(case: Case) -> Iterator[Finding]:
    """Require that a class goes only to the venues it may go to."""
    return (
        (seat.session, seat.school_class.id)
        for seat in case.seats()
        if seat.venue.id not in seat.school_class.venues
    )


def buses_have_room(case: Case) -> Iterator[Finding]:
    """Require a seat for each pupil of a municipality who travels in the same half-day."""
    travel = case.travellers()
    full = {
        (buses.municipality, half_day)
        for buses in case.problem.buses
        for half_day in range(len(case.problem.half_days))
        if travel[buses.municipality, half_day] > buses.seats
    }
    for seat in case.seats():
        who = seat.school_class
        on_bus = seat.venue.id != who.school_venue and who.pupils > 0
        if on_bus and (case.municipality_of(who), seat.session.half_day) in full:
            yield seat.session, who.id


def venue_is_open(case: Case) -> Iterator[Finding]:
    """Require that a new slot lies in the venue's open half-days."""
    return (
        (session, None)
        for session in case.new_sessions()
        if not holds(case.venues[session.venue].open, session.half_day)
    )


def venue_holds_one(case: Case) -> Iterator[Finding]:
    """Require that a venue holds one slot in a half-day, published ones included."""
    times = Counter((s.venue, s.half_day) for s in case.plan.sessions)
    new = {(s.venue, s.half_day) for s in case.new_sessions()}
    times.update(key for slot in case.problem.fixed if (key := (slot.venue, slot.half_day)) in new)
    return ((s, None) for s in case.plan.sessions if times[s.venue, s.half_day] > 1)


def session_has_classes(case: Case) -> Iterator[Finding]:
    """Require that nobody is called to a slot without a class."""
    return ((session, None) for session in case.plan.sessions if not session.classes)


def classes_have_places(case: Case) -> Iterator[Finding]:
    """Require no more groups than the venue holds, its crew takes, or its stations if it says none.

    With `groups_per_crew` a session may have up to `max_groups`: `stations_have_staff` sees then
    to the staff that it takes.
    """
    for session in case.new_sessions():
        venue, there = case.venues[session.venue], Counter(m.station for m in session.crew)
        manned = sum(there[i] >= s.staff_needed for i, s in enumerate(venue.stations))
        plain = manned if venue.groups_per_crew is None else venue.groups_per_crew
        limits = [venue.max_groups] if venue.max_groups is not None else []
        if venue.groups_per_crew is None or not limits:
            limits.append(plain)
        if case.groups(session) > min(limits):
            yield session, None


def pupils_have_room(case: Case) -> Iterator[Finding]:
    """Require that every station of the venue takes a class of that size, unless it is split."""
    for seat in case.seats():
        limit, pupils = case.group_limit(seat.venue), seat.school_class.pupils
        is_split = seat.venue.group_pupils is not None and limit is not None and limit > 0
        if limit is not None and pupils > limit and not is_split:
            yield seat.session, seat.school_class.id


def published_stays(case: Case) -> Iterator[Finding]:
    """Require that a published slot keeps time, place and staff, within its free places."""
    for session in case.plan.sessions:
        slot = case.slot_of(session)
        if slot is not None:
            kept = (session.venue, session.half_day) == (slot.venue, slot.half_day)
            if not kept or session.crew or case.groups(session) > slot.free_places:
                yield session, None
