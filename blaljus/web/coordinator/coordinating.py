"""What the coordinator's pages share: which municipality and year they are about, and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from litestar import Response

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.domain.schools import Municipality
from blaljus.i18n import translations
from blaljus.usecases.followup.overview import Tenant, get_tenant
from blaljus.web.page import Flash, Tone

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where a page is, given to its template as `at`; call it to link within the municipality."""

    tenant: Tenant
    page: str
    """The page's own path: the switch between municipalities leads to it."""

    @property
    def municipality(self) -> Municipality:
        """Return the municipality the page is about."""
        return self.tenant.municipality

    @property
    def id(self) -> int:
        """Return the municipality's id."""
        return self.tenant.municipality.id

    def __call__(self, path: str, **query: object) -> str:
        """Return an address with its query; it names the municipality where there are several."""
        several = {"kommun": self.municipality.code} if len(self.tenant.every) > 1 else {}
        given = {name: value for name, value in query.items() if value not in (None, "")}
        text = urlencode({**several, **given}, safe="/")
        return f"{path}?{text}" if text else path


async def at_municipality(person: Person, kommun: str | None, page: str) -> At:
    """Return where a page is, or raise `NotFoundError` for a municipality of others."""
    return At(tenant=await get_tenant(person, kommun), page=page)


def done_flash(texts: Mapping[str, str], word: str | None, language: str) -> Flash | None:
    """Return what was just done: `texts` are msgids by the word that the address carries."""
    text = texts.get(word or "")
    return Flash(tone=Tone.OK, text=translations(language).gettext(text)) if text else None


def page_number(text: str | None) -> int:
    """Return the page an address asks for; 1 for what is no number."""
    digits = text or ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 1  # noqa: PLR2004 -- fits every column


def school_year_of(text: str | None) -> SchoolYear | None:
    """Return the school year an address names (`2026/27`), or raise `NotFoundError`."""
    if not text:
        return None
    try:
        return SchoolYear.parse(text)
    except ValueError:
        raise NotFoundError from None


def year_file(at: At, body: bytes, name: str, year: SchoolYear, ending: str) -> Response[bytes]:
    """Return a download, `<name>-<municipality>-<year>.<ending>`; endings are of `MEDIA_TYPES`."""
    file = f"{name}-{at.municipality.code}-{str(year).replace('/', '-')}.{ending}"
    return Response(
        body,
        media_type=MEDIA_TYPES[ending],
        headers={"content-disposition": f'attachment; filename="{file}"'},
    )
