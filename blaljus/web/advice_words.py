"""What the planner's advice about people is called on the coordinator's pages."""

from collections.abc import Mapping

from blaljus.i18n import msgid, translations
from blaljus.i18n.words import word
from blaljus.usecases.staffing_pages import Candidate

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


def about(row: Candidate, language: str) -> str:
    """Return what a list says of a candidate: the load and merits, or every reason against."""
    catalogue = translations(language)
    against = [word(reason, language) for reason in row.reasons]
    against += [catalogue.gettext(BARS[bar]) for bar in row.bars]
    if against:
        return " ".join(against)
    load = catalogue.ngettext("%(num)s uppdrag", "%(num)s uppdrag", row.duties)
    merits = [catalogue.gettext(MERITS[merit]) for merit in row.merits if merit in MERITS]
    return ", ".join([load % {"num": row.duties}, *merits])
