"""The rules of a plan, one function each. Each yields where it is broken, and by whom.

They take a `Case` and know nothing of how plans are made.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from blaljus.planner.case import Case, holds
from blaljus.planner.plan import PlannedSession
from blaljus.planner.rule import Rule

Finding = tuple[PlannedSession | None, int | None]
"""The session if there is one; the id of the class or person, or the index of the station."""


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


def venue_is_for_class(case: Case) -> Iterator[Finding]:
    """Require that a class goes only to the venues it may go to."""
    return (
        (seat.session, seat.school_class.id)
        for seat in case.seats()
        if seat.venue.id not in seat.school_class.venues
    )


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
    """Require a manned station for each class, within the venue's own limit."""
    for session in case.new_sessions():
        venue, there = case.venues[session.venue], Counter(m.station for m in session.crew)
        manned = sum(there[i] >= s.staff_needed for i, s in enumerate(venue.stations))
        limits = [manned] if venue.max_groups is None else [manned, venue.max_groups]
        if len(session.classes) > min(limits):
            yield session, None


def pupils_have_room(case: Case) -> Iterator[Finding]:
    """Require that every station of the venue takes a class of that size."""
    for seat in case.seats():
        if any(seat.school_class.pupils > s.max_pupils for s in seat.venue.stations):
            yield seat.session, seat.school_class.id


def stations_have_staff(case: Case) -> Iterator[Finding]:
    """Require all staff of a station; only one that is not required may stay empty."""
    for session in case.new_sessions():
        there = Counter(member.station for member in session.crew)
        for index, station in enumerate(case.venues[session.venue].stations):
            needed = station.required or station.service in case.problem.services
            if there[index] < station.staff_needed and (needed or there[index]):
                yield session, index


def services_are_there(case: Case) -> Iterator[Finding]:
    """Require that every promised service meets the classes."""
    for session in case.plan.sessions:
        slot = case.slot_of(session)
        people = slot.staff if slot else tuple(member.staff for member in session.crew)
        if not {case.staff[person].service for person in people} >= set(case.problem.services):
            yield session, None


def service_is_right(case: Case) -> Iterator[Finding]:
    """Require that a station has staff of its own service."""
    return (
        (post.session, post.person.id)
        for post in case.posts()
        if post.person.service is not post.station.service
    )


def area_is_served(case: Case) -> Iterator[Finding]:
    """Require that a person works in the municipalities the agency covers."""
    return (
        (post.session, post.person.id)
        for post in case.posts()
        if post.venue.municipality not in post.person.municipalities
    )


def person_is_available(case: Case) -> Iterator[Finding]:
    """Require that a person has said free or on call."""
    return (
        (post.session, post.person.id)
        for post in case.posts()
        if not holds(post.person.free | post.person.on_call, post.session.half_day)
    )


def on_call_is_allowed(case: Case) -> Iterator[Finding]:
    """Require that who is only on call stands only at stations that allow it."""
    for post in case.posts():
        who, half_day = post.person, post.session.half_day
        only_on_call = holds(who.on_call, half_day) and not holds(who.free, half_day)
        if only_on_call and not post.station.on_call_allowed:
            yield post.session, who.id


def person_is_in_one_place(case: Case) -> Iterator[Finding]:
    """Require that a person has one duty in a half-day, other municipalities included."""
    for duty, duties in case.duties():
        if sum(other.half_day == duty.half_day for other in duties) > 1:
            yield duty.session, duty.person


def lunch_is_long_enough(case: Case) -> Iterator[Finding]:
    """Require that a person who comes twice in a day stays at one venue."""
    for duty, duties in case.duties():
        if any(other.venue != duty.venue for other in duties if other.day == duty.day):
            yield duty.session, duty.person


def day_is_not_full(case: Case) -> Iterator[Finding]:
    """Require that a person has at most `per_day` duties in a day."""
    for duty, duties in case.duties():
        if sum(other.day == duty.day for other in duties) > case.staff[duty.person].per_day:
            yield duty.session, duty.person


def week_is_not_full(case: Case) -> Iterator[Finding]:
    """Require that a person has at most `per_week` duties in an ISO week."""
    for duty, duties in case.duties():
        week = duty.day.isocalendar()[:2]
        times = sum(other.day.isocalendar()[:2] == week for other in duties)
        if times > case.staff[duty.person].per_week:
            yield duty.session, duty.person


def season_is_not_full(case: Case) -> Iterator[Finding]:
    """Require that a person has at most `per_season` duties, where that is given."""
    for duty, duties in case.duties():
        most = case.staff[duty.person].per_season
        if most is not None and len(duties) > most:
            yield duty.session, duty.person


def published_stays(case: Case) -> Iterator[Finding]:
    """Require that a published slot keeps time, place and staff, within its free places."""
    for session in case.plan.sessions:
        slot = case.slot_of(session)
        if slot is not None:
            kept = (session.venue, session.half_day) == (slot.venue, slot.half_day)
            if not kept or session.crew or len(session.classes) > slot.free_places:
                yield session, None


RULES: dict[Rule, Callable[[Case], Iterator[Finding]]] = {
    Rule.CLASS_NOT_COUNTED: class_is_counted,
    Rule.CLASS_TWICE: class_comes_once,
    Rule.CLASS_NOT_FREE: class_is_free,
    Rule.VENUE_NOT_FOR_CLASS: venue_is_for_class,
    Rule.VENUE_CLOSED: venue_is_open,
    Rule.VENUE_TWICE: venue_holds_one,
    Rule.EMPTY: session_has_classes,
    Rule.TOO_MANY_CLASSES: classes_have_places,
    Rule.TOO_MANY_PUPILS: pupils_have_room,
    Rule.STATION_UNDERSTAFFED: stations_have_staff,
    Rule.SERVICE_MISSING: services_are_there,
    Rule.WRONG_SERVICE: service_is_right,
    Rule.OUTSIDE_AREA: area_is_served,
    Rule.STAFF_NOT_FREE: person_is_available,
    Rule.ON_CALL_FORBIDDEN: on_call_is_allowed,
    Rule.STAFF_TWICE: person_is_in_one_place,
    Rule.LUNCH_GAP: lunch_is_long_enough,
    Rule.DAY_FULL: day_is_not_full,
    Rule.WEEK_FULL: week_is_not_full,
    Rule.SEASON_FULL: season_is_not_full,
    Rule.PUBLISHED_CHANGED: published_stays,
}
