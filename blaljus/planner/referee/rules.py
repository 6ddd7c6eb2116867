"""Every rule of a plan with the function that yields where it is broken, and by whom.

The functions take a `Case` and know nothing of how plans are made.
"""

from collections.abc import Callable, Iterator

from blaljus.planner.referee import session_rules as sessions
from blaljus.planner.referee import staff_rules as staff
from blaljus.planner.referee.case import Case, Finding
from blaljus.planner.referee.rule import Rule

RULES: dict[Rule, Callable[[Case], Iterator[Finding]]] = {
    Rule.CLASS_NOT_COUNTED: sessions.class_is_counted,
    Rule.CLASS_TWICE: sessions.class_comes_once,
    Rule.CLASS_NOT_FREE: sessions.class_is_free,
    Rule.LOCK_MOVED: sessions.lock_is_kept,
    Rule.VENUE_NOT_FOR_CLASS: sessions.venue_is_for_class,
    Rule.BUSES_FULL: sessions.buses_have_room,
    Rule.VENUE_CLOSED: sessions.venue_is_open,
    Rule.VENUE_TWICE: sessions.venue_holds_one,
    Rule.EMPTY: sessions.session_has_classes,
    Rule.TOO_MANY_CLASSES: sessions.classes_have_places,
    Rule.TOO_MANY_PUPILS: sessions.pupils_have_room,
    Rule.PUBLISHED_CHANGED: sessions.published_stays,
    Rule.STATION_UNDERSTAFFED: staff.stations_have_staff,
    Rule.SERVICE_MISSING: staff.services_are_there,
    Rule.LANGUAGE_MISSING: staff.languages_are_spoken,
    Rule.PIN_BROKEN: staff.pinned_are_there,
    Rule.WRONG_SERVICE: staff.service_is_right,
    Rule.WRONG_AGENCY: staff.agency_is_right,
    Rule.OUTSIDE_AREA: staff.area_is_served,
    Rule.STAFF_NOT_FREE: staff.person_is_available,
    Rule.STAFF_RESTING: staff.person_is_rested,
    Rule.TOO_SHORT_NOTICE: staff.notice_is_long_enough,
    Rule.ON_CALL_FORBIDDEN: staff.on_call_is_allowed,
    Rule.STAFF_TWICE: staff.person_is_in_one_place,
    Rule.LUNCH_GAP: staff.lunch_is_long_enough,
    Rule.DAY_FULL: staff.day_is_not_full,
    Rule.WEEK_FULL: staff.week_is_not_full,
    Rule.SEASON_FULL: staff.season_is_not_full,
}
"""The rules of classes and sessions first, then those of staff."""
