"""Why a class has no time, in plain words: the same on pages and in a terminal."""

from collections.abc import Iterator, Mapping

from blaljus.domain.words import Half, Service
from blaljus.i18n import format_short_day, format_week, msgid, translations
from blaljus.planner.advice.ideas import Help
from blaljus.planner.problem import HalfDay
from blaljus.usecases.runs.why import Helpful, Why

STEPS: Mapping[str, str] = {
    "season": msgid("kvar av läsåret, med framförhållning"),
    "school-open": msgid("när skolan är öppen"),
    "class-free": msgid("när klassen kan"),
    "venue-open": msgid("när en plats är ledig"),
    "pupils": msgid("på en plats med rum för klassen"),
    "police": msgid("när polis kan"),
    "rescue": msgid("när räddningstjänst kan"),
    "ambulance": msgid("när ambulans kan"),
    "partner": msgid("när annan medverkande kan"),
    "together": msgid("när alla kan på samma plats"),
    "capacity": msgid("när de andra klasserna har fått sina pass"),
}
"""What is left after each step, in order: `180 när skolan är öppen`."""

REASONS: Mapping[str, str] = {
    "season": msgid("Inga skoldagar är kvar att planera på. Läs in terminer och lov."),
    "school-open": msgid("Skolan har lov, studiedag eller prov alla dagar som är kvar."),
    "class-free": msgid("Klassen har ingen ledig halvdag kvar."),
    "venue-open": msgid("Alla platser är upptagna. En gemensam plats till kan hjälpa."),
    "pupils": msgid("Klassen är större än stationerna på de platser som finns."),
    "police": msgid("Ingen polis har angett en tid som passar. Be polisen ange fler tider."),
    "rescue": msgid(
        "Ingen från räddningstjänsten har angett en tid som passar. Be dem ange fler tider."
    ),
    "ambulance": msgid("Ingen från ambulansen har angett en tid som passar. Be dem ange fler."),
    "partner": msgid("Den som bemannar den fjärde stationen har inte angett en tid som passar."),
    "together": msgid(
        "Alla tre kan, men inte samma halvdag på samma plats. Be någon av dem ange fler tider."
    ),
    "capacity": msgid(
        "De andra klasserna i förslaget tar personalen eller platserna. Fler tider kan hjälpa."
    ),
    "time-left": msgid("Det finns tider kvar. Planera igen eller ge klassen en tid för hand."),
}
"""Why a class found no time, and what may help. No proof that none exists."""

RULES: Mapping[str, str] = {
    "lunch": msgid("resan mellan två kommuner samma dag"),
    "pins": msgid("personer som ska vara med på vissa pass"),
    "agency": msgid("stationer som bara en viss verksamhet bemannar"),
    "on-call": msgid("stationer där ingen med beredskap får stå"),
    "resting": msgid("vilan efter nattjänst"),
    "too-late": msgid("hur tidigt verksamheterna behöver veta"),
    "busy": msgid("uppdrag som personalen redan har"),
    "caps": msgid("hur ofta var och en kan komma"),
    "area": msgid("vilka kommuner personalen arbetar i"),
    "stations": msgid("platser som saknar en station"),
    "room": msgid("hur många grupper ett pass tar emot"),
    "size": msgid("hur många elever en grupp rymmer"),
    "buses": msgid("hur många elever bussarna rymmer"),
    "language": msgid("språket som klassen behöver"),
    "lock": msgid("att klassen ska ha en viss tid"),
    "published": msgid("passen som redan är publicerade"),
    "venue-closed": msgid("dagar då platserna är stängda"),
    "venues": msgid("vilka platser klassen kan komma till"),
    "school-closed": msgid("skolans lov, studiedagar och prov"),
    "class-times": msgid("vilka tider klassen kan"),
    "other-classes": msgid("de andra klassernas pass i planen"),
    "staff-times": msgid("vilka tider personalen har angett"),
    "police": msgid("hur många poliser som finns"),
    "rescue": msgid("hur många som finns i räddningstjänsten"),
    "ambulance": msgid("hur många som finns i ambulansen"),
    "partner": msgid("hur många den fjärde medverkande har"),
}
"""Rules that keep a class out together, as parts of a list."""

_THE_SERVICE: Mapping[Service, str] = {
    Service.POLICE: msgid("polisen"),
    Service.RESCUE: msgid("räddningstjänsten"),
    Service.AMBULANCE: msgid("ambulansen"),
    Service.PARTNER: msgid("den fjärde medverkande"),
}

_HALVES: Mapping[Half, str] = {Half.FM: msgid("fm"), Half.EM: msgid("em")}

_CHANGES: Mapping[Help, str] = {
    Help.STAFF: msgid("En halvdag till för %(service)s %(week)s, till exempel %(when)s."),
    Help.PERSON: msgid("%(staff)s kommer en gång till %(week)s, till exempel %(when)s."),
    Help.VENUE: msgid("Klassen kan komma till %(venue)s."),
    Help.VENUE_OPENS: msgid("%(venue)s är öppen %(day)s (%(week)s)."),
    Help.SCHOOL_OPENS: msgid("Skolan är öppen %(day)s (%(week)s)."),
    Help.CLASS_COMES: msgid("Klassen kan komma %(day)s (%(week)s)."),
}


def half_day_text(half_day: HalfDay, language: str) -> str:
    """Return `tis 13 apr fm`."""
    half = translations(language).gettext(_HALVES[half_day.half])
    return f"{format_short_day(half_day.day, language)} {half}"


def help_text(row: Helpful, language: str) -> str:
    """Return a change that would help, in a sentence."""
    say = translations(language).gettext
    facts = {
        "service": say(_THE_SERVICE[row.service]) if row.service else "",
        "staff": row.staff,
        "venue": row.venue,
        "day": format_short_day(row.at.day, language) if row.at else "",
        "week": format_week(row.at.day, language) if row.at else "",
        "when": half_day_text(row.at, language) if row.at else "",
    }
    return say(_CHANGES[row.kind]) % facts


def then_text(row: Helpful, language: str) -> str:
    """Return what the class would get by a change, in a sentence."""
    say = translations(language).gettext
    facts = {"when": half_day_text(row.then, language), "place": row.place}
    return say("Då kan klassen få %(when)s, %(place)s.") % facts


def reason_text(why: Why, language: str) -> str:
    """Return the reason in a sentence; where the plan has a time, that one."""
    say = translations(language).gettext
    if why.seat is None:
        return say(REASONS[why.reason])
    when, place = half_day_text(why.seat[0], language), why.seat[1]
    found = say("Det finns en tid för klassen: %(when)s, %(place)s. Planera, så får den tiden.")
    return found % {"when": when, "place": place}


def rules_text(why: Why, language: str) -> str:
    """Return the rules that keep a class out, in a sentence; empty where none were found."""
    say = translations(language).gettext
    named = [say(RULES[rule]) for rule in why.rules]
    if len(named) < 2:  # noqa: PLR2004 -- one alone, or several
        return say("Det som hindrar är %(rule)s.") % {"rule": named[0]} if named else ""
    several = say("Det som hindrar, tillsammans, är %(rules)s och %(last)s.")
    return several % {"rules": ", ".join(named[:-1]), "last": named[-1]}


def why_lines(why: Why, language: str) -> Iterator[str]:
    """Yield everything but the reason, a line each, for a terminal."""
    say = translations(language).gettext
    if why.steps:
        yield " → ".join(_dwindling(why, language))
    if why.rules:
        yield rules_text(why, language)
    for row in why.helps:
        yield say("Skulle hjälpa: %(change)s %(then)s") % {
            "change": help_text(row, language),
            "then": then_text(row, language),
        }


def _dwindling(why: Why, language: str) -> Iterator[str]:
    for code, left in why.steps:
        yield f"{left} {translations(language).gettext(STEPS[code])}"
        if not left:
            return
