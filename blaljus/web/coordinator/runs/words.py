"""What a search is doing, what it proved, and what keeps its plan from being approved: in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blaljus.domain.runs import Ending, Progress
from blaljus.domain.words import Half
from blaljus.i18n import format_weekday, msgid, translations
from blaljus.usecases.runs.run_pages import Names
from blaljus.usecases.runs.world_changes import WorldChange
from blaljus.web.coordinator.words import RULES, worded

STAGES: Mapping[str, str] = {
    "": msgid("Väntar på sin tur"),
    "start": msgid("Gör ett första förslag"),
    "heuristic": msgid("Letar efter tider till fler klasser"),
    "coverage": msgid("Letar efter tider till fler klasser"),
    "moved": msgid("Flyttar så få klasser som möjligt"),
    "crew": msgid("Letar efter ett förslag som tar mindre av personalens tid"),
    "wanted": msgid("Letar efter bemanning till fler stationer"),
    "load": msgid("Fördelar uppdragen jämnare"),
    "wishes": msgid("Uppfyller fler önskemål"),
    "travel": msgid("Kortar resorna"),
    "end": msgid("Avslutar"),
}
"""What a search is about, by the planner's word for it."""

ENDINGS: Mapping[Ending, str] = {
    Ending.STOPPED: msgid("Sökningen stoppades. Det bästa som hittades finns kvar här."),
    Ending.INTERRUPTED: msgid(
        "Servern startades om mitt i sökningen. Det bästa som hittades finns kvar här."
    ),
    Ending.TROUBLE: msgid(
        "Sökningen gick sönder. Det bästa som hittades är kontrollerat och finns kvar här."
    ),
}
"""Why a search ended before it had to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that is in the way of an approval: whom it is about, when and where, and what."""

    who: str
    when: str
    text: str


def progress_text(progress: Progress, language: str) -> str:
    """Return where a search stands, in sentences: what it seeks, its best, what is proved."""
    _ = translations(language)
    stage = progress.stage if progress.stage in STAGES else "coverage"
    so_far = _.ngettext(
        "%(placed)s av %(classes)s klass har en tid i förslaget.",
        "%(placed)s av %(classes)s klasser har en tid i förslaget.",
        progress.classes,
    ) % {"placed": progress.placed, "classes": progress.classes}
    proved = [_placed(progress, language)] if _is_bounded(progress) else []
    proved += [_crew(progress, language)] if progress.crew_cost_at_least else []
    return " ".join([f"{_.gettext(STAGES[stage])}.", so_far, *proved])


def _is_bounded(progress: Progress) -> bool:
    """Tell whether it is proved that some class gets no time."""
    return progress.placed_at_most is not None and progress.placed_at_most < progress.classes


def proof_texts(progress: Progress, language: str) -> Iterator[str]:
    """Yield how good a plan is, in sentences. Nothing is called best unless it is proved."""
    _ = translations(language).gettext
    if progress.ending and progress.ending in ENDINGS:
        yield _(ENDINGS[progress.ending])
    if progress.classes:
        yield _placed(progress, language)
    crew = _crew(progress, language)
    if crew and progress.placed:
        yield crew
    if progress.wishes:
        yield _("Önskad tid: %(met)s av %(wishes)s klasser som har önskat.") % {
            "met": progress.wishes_met,
            "wishes": progress.wishes,
        }


def _placed(progress: Progress, language: str) -> str:
    _ = translations(language).gettext
    counts = {
        "placed": progress.placed,
        "classes": progress.classes,
        "most": progress.placed_at_most,
    }
    if progress.placed == progress.classes:
        return _("Alla klasser som saknade tid får en.")
    if progress.placed_at_most == progress.placed:
        text = _("%(placed)s av %(classes)s klasser är det mesta som går med tiderna som finns.")
        return text % counts
    if progress.placed_at_most is None or progress.placed_at_most >= progress.classes:
        return _("Kanske går det att ge fler klasser tid: det är inte bevisat.")
    return _("Högst %(most)s av %(classes)s klasser kan få tid; förslaget har %(placed)s.") % counts


def _crew(progress: Progress, language: str) -> str:
    _ = translations(language).gettext
    least = progress.crew_cost_at_least
    if not least:
        return _("Kanske räcker mindre av personalens tid: det är inte bevisat.")
    if progress.crew_cost <= least:
        return _("Inget förslag med lika många klasser tar mindre av personalens tid.")
    more = -(-(progress.crew_cost - least) * 100 // least)
    text = _(
        "Förslaget tar högst %(percent)s procent mer av personalens tid än det minsta möjliga."
    )
    return text % {"percent": more}


HALVES: Mapping[Half, str] = {Half.FM: msgid("förmiddag"), Half.EM: msgid("eftermiddag")}


def obstacle(change: WorldChange, names: Names, language: str) -> Obstacle:
    """Return what is in the way, with names: people by function."""
    at = []
    if change.day and change.half:
        half = translations(language).gettext(HALVES[Half(change.half)])
        at.append(f"{format_weekday(change.day, language)} {half}")
    if change.venue and change.venue in names.venues:
        at.append(names.venues[change.venue].name)
    return Obstacle(
        who=_who(change, names),
        when=", ".join(at),
        text=worded(RULES, change.code, language),
    )


def _who(change: WorldChange, names: Names) -> str:
    if change.school_class and change.school_class in names.classes:
        return names.classes[change.school_class].name
    if change.staff and change.staff in names.crews.staff:
        return names.crews.staff[change.staff].shown_as
    return ""
