"""What the coordinator's pages share: which municipality they are about, and what was just done."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from blaljus.domain.people import Person
from blaljus.domain.schools import Municipality
from blaljus.i18n import translations
from blaljus.usecases.overview import Tenant, get_tenant
from blaljus.web.page import Flash, Tone


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
