"""The pages that ask why, and say what happens, before a booking or a slot is cancelled."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from litestar import Request, Response

from blaljus.domain.errors import BlaljusError
from blaljus.domain.words import CancelCause
from blaljus.i18n import msgid
from blaljus.i18n.words import word
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import FormError
from blaljus.web.page import page_of


def cause_page(
    request: Request[Any, Any, Any],
    template: str,
    shown: object,
    *,
    cause: str = "",
    errors: Mapping[str, str] = MappingProxyType({}),
    trouble: BlaljusError | None = None,
) -> Response[str]:
    """Return the page with every cause to choose from, and the one that was chosen."""
    language = page_of(request).language
    causes = [(one.value, word(one, language)) for one in CancelCause]
    return form_page(request, template, errors, trouble, shown=shown, cause=cause, causes=causes)


def cause_texts(request: Request[Any, Any, Any], error: FormError) -> dict[str, str]:
    """Return what to say of a form that a coordinator sent without a cause."""
    return error.texts(page_of(request).language, wording=_WORDING)


_CHOOSE = msgid("Välj en orsak.")
_WORDING = {("cause", Problem.REQUIRED): _CHOOSE, ("cause", Problem.NOT_A_CHOICE): _CHOOSE}
