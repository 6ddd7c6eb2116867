"""Which of a page's calendars somebody means, in forms and in addresses."""

from collections.abc import Iterable, Mapping
from typing import Annotated

import msgspec

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import FeedKind
from blaljus.usecases.calendars.subscriptions import Subscription
from blaljus.web.forms.reading import LARGEST, Form

COORDINATED = "/samordnare/kalender"
WATCHED = "/samordnare/kalender/prenumerationer"

RowId = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class SubjectForm(Form):
    """Fields of `templates/calendars/_subject.html`: which calendar a button is about."""

    kind: FeedKind
    subject: RowId
    municipality: RowId | None = None


class _Asked(msgspec.Struct):
    kind: FeedKind
    subject: RowId
    municipality: RowId | None = None


def asked_for(query: Mapping[str, str]) -> tuple[FeedKind, int, int | None]:
    """Return kind, subject and municipality that an address names, or raise `NotFoundError`."""
    given = {name: query[name] for name in _Asked.__struct_fields__ if query.get(name)}
    try:
        asked = msgspec.convert(given, _Asked, strict=False)
    except msgspec.ValidationError:
        raise NotFoundError from None
    return asked.kind, asked.subject, asked.municipality


def find_shown(
    calendars: Iterable[Subscription], kind: FeedKind, subject: int, municipality: int | None
) -> Subscription:
    """Return the calendar of a page that is meant, or raise `NotFoundError`."""
    for calendar in calendars:
        if (calendar.kind, calendar.subject, calendar.municipality) == (
            kind,
            subject,
            municipality,
        ):
            return calendar
    raise NotFoundError
