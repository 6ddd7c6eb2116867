"""What the demo leaves behind: coverage, plan, every feed, every sent message."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from blaljus.demo.loading import CODE, YEAR
from blaljus.domain.localtime import local
from blaljus.domain.outbox import OwedMessage
from blaljus.domain.people import OPERATOR
from blaljus.domain.schools import SchoolClass
from blaljus.domain.words import FeedKind
from blaljus.reports.coverage import coverage_json
from blaljus.store import agencies, plans, runs, schools
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.feeds import open_feed_for_operator
from blaljus.usecases.context import Context
from blaljus.usecases.followup.coverage import get_coverage
from blaljus.usecases.municipalities import find_municipality
from blaljus.usecases.runs.proposal import read_proposal

OURS = (
    "blaljus.sqlite*",
    "blaljus.demo-secret",
    "coverage.json",
    "plan.json",
    "feed-*.ics",
    "[0-9][0-9][0-9][0-9]-*.eml",
)
"""What an earlier demo may have left in the folder."""


def clear(folder: Path) -> list[Path]:
    """Make the folder, remove what an earlier demo left, and return what else lies there."""
    folder.mkdir(parents=True, exist_ok=True)
    for pattern in OURS:
        for path in folder.glob(pattern):
            path.unlink()
    return sorted(folder.iterdir())


@dataclass(slots=True)
class MailFolder:
    """A transport that files messages in order of sending: `0001-request.eml`."""

    folder: Path
    count: int = field(default=0)

    async def hand_over(self, message: OwedMessage) -> None:
        """Write one message as it would go to the mail server."""
        self.count += 1
        name = f"{self.count:04}-{message.method}.eml"
        (self.folder / name).write_bytes(message.mime.encode("ascii"))


async def write_coverage(context: Context, folder: Path) -> None:
    """Write `coverage.json` as of the story's now."""
    municipality = await find_municipality(CODE)
    assert municipality is not None, "the story imported it"  # noqa: S101 -- see STYLE
    matrix = await get_coverage(municipality.id, YEAR, clock=context.clock)
    body = coverage_json(matrix, municipality, YEAR, context.clock())
    (folder / "coverage.json").write_bytes(body)


async def write_plan(municipality: int, number: int, folder: Path) -> None:
    """Write the approved proposal as `plan.json`, with codes in place of row ids."""
    run = await runs.get_run(number, municipality)
    scope = (municipality,)
    plan = await plans.get_plan(run.plan, scope)
    venues = {venue.id: venue.name for venue in await schools.list_venues(scope)}
    classes = {c.id: c for c in await schools.list_classes(scope, YEAR)}
    proposal = read_proposal(run.proposal)
    people = [person for slot in proposal.slots for _, person in slot.crew]
    staff = await agencies.get_staff_members(people)
    slots = [
        {
            "venue": venues[slot.venue],
            "starts_at": local(span[0]).isoformat(),
            "ends_at": local(span[1]).isoformat(),
            "classes": [_named(classes[c]) for c in slot.classes],
            "staff": [
                {"reference": staff[p].reference, "service": staff[p].provides.value}
                for _, p in slot.crew
            ],
        }
        for slot in proposal.slots
        for span in [plan.span(slot.day, slot.half, len(slot.crew))]
    ]
    unplaced = [_named(classes[row.class_id]) | {"reason": row.reason} for row in proposal.unplaced]
    document = {
        "municipality": CODE,
        "school_year": str(YEAR),
        "crew_cost": proposal.crew_cost,
        "slots": slots,
        "unplaced": unplaced,
    }
    body = msgspec.json.format(msgspec.json.encode(document), indent=2)
    (folder / "plan.json").write_bytes(body + b"\n")


def _named(school_class: SchoolClass) -> dict[str, str]:
    return {"school_unit_code": school_class.school_code, "class": school_class.label}


async def write_feeds(context: Context, municipality: int, folder: Path) -> int:
    """Open and fetch a feed of everybody, write each, and return how many there are."""
    written = 0
    for kind, name, subject, owner in await _subjects(context, municipality):
        url = await open_feed_for_operator(
            context, kind, subject, municipality=owner, actor=OPERATOR
        )
        token = url.rpartition("/")[2].removesuffix(".ics")
        found = await read_feed(context, token)
        (folder / f"feed-{kind.value}-{_safe(name)}.ics").write_bytes(found.body)
        written += 1
    return written


async def _subjects(
    context: Context, municipality: int
) -> list[tuple[FeedKind, str, int, int | None]]:
    scope = (municipality,)
    day = local(context.clock()).date()
    found: list[tuple[FeedKind, str, int, int | None]] = [
        (FeedKind.MUNICIPALITY, CODE, municipality, municipality)
    ]
    found += [
        (FeedKind.STAFF, member.reference, member.id, None)
        for member in await agencies.list_staff(scope, day)
    ]
    found += [
        (FeedKind.AGENCY, agency.name, agency.id, None)
        for agency in await agencies.list_agencies(scope, day)
    ]
    classes = await schools.list_classes(scope, YEAR)
    found += [
        (FeedKind.SCHOOL_CLASS, f"{c.school_code}-{c.label}", c.id, municipality) for c in classes
    ]
    units = {c.school_unit: c.school_code for c in classes}
    found += [(FeedKind.SCHOOL, code, unit, municipality) for unit, code in sorted(units.items())]
    return found


def _safe(name: str) -> str:
    """Return a name that any file system takes."""
    plain = name.translate(str.maketrans("åäöÅÄÖ", "aaoAAO"))
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()
