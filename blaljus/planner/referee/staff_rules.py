"""The rules of stations, crews and each person's time, one function each.

Each yields where it is broken, and by whom. They know nothing of how plans are made.
"""

from collections import Counter
from collections.abc import Iterator

from blaljus.planner.referee.case import Case, Duty, Finding, holds


def stations_have_staff(case: Case) -> Iterator[Finding]:
    """Require all staff of a station, and the extra of a large session.

    Only a station that is not required may stay empty, and it needs nobody extra.
    """
    for session in case.new_sessions():
        there = Counter(member.station for member in session.crew)
        large = case.is_large(session)
        for index, station in enumerate(case.venues[session.venue].stations):
            needed = case.is_needed(station)
            staff = station.staff_needed + (station.extra_staff if large and needed else 0)
            if there[index] < staff and (needed or there[index]):
                yield session, index


def services_are_there(case: Case) -> Iterator[Finding]:
    """Require that every promised service meets the classes."""
    for session in case.plan.sessions:
        if not {who.service for who in case.people(session)} >= set(case.problem.services):
            yield session, None


def languages_are_spoken(case: Case) -> Iterator[Finding]:
    """Require that one of the crew, of any service, speaks the language that a class needs."""
    for seat in case.seats():
        language = seat.school_class.language
        if language and not any(language in who.languages for who in case.people(seat.session)):
            yield seat.session, seat.school_class.id


def pinned_are_there(case: Case) -> Iterator[Finding]:
    """Require that whom the coordinator pinned to a session is there."""
    for session in case.new_sessions():
        for pin in case.problem.pins:
            meant = pin.venue == session.venue and pin.half_day in {None, session.half_day}
            if meant and all(member.staff != pin.staff for member in session.crew):
                yield session, pin.staff


def service_is_right(case: Case) -> Iterator[Finding]:
    """Require that a station has staff of its own service."""
    return (
        (post.session, post.person.id)
        for post in case.posts()
        if post.person.service is not post.station.service
    )


def agency_is_right(case: Case) -> Iterator[Finding]:
    """Require that a station that belongs to one agency is manned by it."""
    return (
        (post.session, post.person.id)
        for post in case.posts()
        if post.station.agency not in {None, post.person.agency}
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


def person_is_rested(case: Case) -> Iterator[Finding]:
    """Require that nobody comes in the hours of rest after night duty."""
    return (
        (post.session, post.person.id)
        for post in case.posts()
        if holds(post.person.resting, post.session.half_day)
    )


def notice_is_long_enough(case: Case) -> Iterator[Finding]:
    """Require that nobody is asked later than the agency needs to plan its shifts."""
    return (
        (post.session, post.person.id)
        for post in case.posts()
        if holds(post.person.too_late, post.session.half_day)
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
    """Require that the duties of one day lie in municipalities close enough for the lunch break."""
    for duty, duties in case.duties():
        same_day = (other.municipality for other in duties if other.day == duty.day)
        if not all(case.is_near(duty.municipality, other) for other in same_day):
            yield duty.session, duty.person


def day_is_not_full(case: Case) -> Iterator[Finding]:
    """Require that a person has duties in at most `per_day` half-days of a day."""
    for duty, duties in case.duties():
        same_day = [other for other in duties if other.day == duty.day]
        if _half_days(same_day) > case.staff[duty.person].per_day:
            yield duty.session, duty.person


def week_is_not_full(case: Case) -> Iterator[Finding]:
    """Require that a person has duties in at most `per_week` half-days of an ISO week."""
    for duty, duties in case.duties():
        week = duty.day.isocalendar()[:2]
        same_week = [other for other in duties if other.day.isocalendar()[:2] == week]
        if _half_days(same_week) > case.staff[duty.person].per_week:
            yield duty.session, duty.person


def season_is_not_full(case: Case) -> Iterator[Finding]:
    """Require that a person has duties in at most `per_season` half-days, where that is given."""
    for duty, duties in case.duties():
        most = case.staff[duty.person].per_season
        if most is not None and _half_days(duties) > most:
            yield duty.session, duty.person


def _half_days(duties: list[Duty]) -> int:
    return len({duty.half_day for duty in duties})
