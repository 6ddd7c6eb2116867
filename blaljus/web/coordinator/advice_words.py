"""What the planner's advice is called on the coordinator's pages."""

from collections.abc import Mapping
from itertools import chain

from blaljus.i18n import msgid, translations
from blaljus.i18n.words import word
from blaljus.usecases.people.staffing_pages import Candidate
from blaljus.usecases.repair.ways import Way

BARS: Mapping[str, str] = {
    "other-agency": msgid("Stationen hör till en annan verksamhet."),
    "outside-area": msgid("Verksamheten arbetar inte i kommunen."),
    "not-free": msgid("Personen har inte angett den tiden."),
    "on-call": msgid("Personen har beredskap, och det går inte här."),
    "resting": msgid("Personen vilar efter nattjänst."),
    "too-late": msgid("Det är för sent för verksamheten att planera om."),
    "busy": msgid("Personen har ett annat uppdrag den halvdagen."),
    "lunch-gap": msgid("Personen är i en kommun för långt bort samma dag."),
    "day-full": msgid("Personen har redan fullt den dagen."),
    "week-full": msgid("Personen har redan fullt den veckan."),
    "season-full": msgid("Personen har redan så många uppdrag som går."),
    "language-lost": msgid("Ingen kvar på passet skulle tala språket som en klass behöver."),
}
"""Why the planner would not choose somebody."""

MERITS: Mapping[str, str] = {
    "on-call": msgid("har beredskap"),
    "out-that-day": msgid("är ändå ute den dagen"),
    "lives-there": msgid("hör till kommunen"),
}
"""What speaks for somebody, after the number of duties."""


PERHAPS_BUSY = msgid("kanske upptagen enligt sin egen kalender")
DECLINED = msgid("har sagt nej till det här passet")


def about(row: Candidate, language: str) -> str:
    """Return what a list says of a candidate: the load and merits, or every reason against."""
    catalogue = translations(language)
    against = [word(reason, language) for reason in row.reasons]
    against += [catalogue.gettext(BARS[bar]) for bar in row.bars]
    declined = [catalogue.gettext(DECLINED)] if row.declined else []
    if against:
        return ", ".join([" ".join(against).removesuffix("."), *declined]) + "."
    load = catalogue.ngettext("%(num)s uppdrag", "%(num)s uppdrag", row.duties)
    merits = [catalogue.gettext(MERITS[merit]) for merit in row.merits if merit in MERITS]
    perhaps = [catalogue.gettext(PERHAPS_BUSY)] if row.perhaps_busy else []
    return ", ".join([load % {"num": row.duties}, *merits, *perhaps, *declined])


def way_hint(way: Way, language: str) -> str:
    """Return what a list says of a way: where, whose times change, who is told."""
    catalogue = translations(language)
    say, count = catalogue.gettext, way.disturbed
    changes = catalogue.ngettext(
        "%(num)s person får ändrad tid", "%(num)s personer får ändrad tid", count
    )
    parts = [
        way.place,
        say("nytt pass") if way.is_new else "",
        say("personal saknas") if way.is_short else "",
        changes % {"num": count} if count else say("ingen i personalen får ändrad tid"),
        say("besked till %(num)s: %(names)s") % {"num": way.told, "names": _told(way, language)},
    ]
    return " · ".join(part for part in parts if part)


def _told(way: Way, language: str) -> str:
    teachers = translations(language).ngettext("%(num)s lärare", "%(num)s lärare", way.teachers) % {
        "num": way.teachers
    }
    people = chain(way.asked, way.shifted, way.released, way.updated)
    named = dict.fromkeys(member.shown_as for member in people)
    return ", ".join([teachers, *named] if way.teachers else named)
