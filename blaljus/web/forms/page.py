"""A form's page shown again, with everything that was typed."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from litestar import Request, Response

from blaljus.domain.errors import BlaljusError
from blaljus.web.http.errors import STATUS, error_headers
from blaljus.web.page import Flash
from blaljus.web.render import render_page


def form_page(
    request: Request[Any, Any, Any],
    template: str,
    errors: Mapping[str, str] = MappingProxyType({}),
    trouble: BlaljusError | None = None,
    *,
    flash: Flash | None = None,
    **context: object,
) -> Response[str]:
    """Return the page with its status: that of the trouble, else 422 with errors, else 200.

    The template gets `errors`, and `trouble`: the code of what stood in the way, or None.
    """
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return render_page(
        request,
        template,
        STATUS[trouble.code] if trouble else status,
        flash=flash,
        headers=error_headers(trouble.code, trouble) if trouble else {},
        **{**context, "errors": errors, "trouble": trouble.code if trouble else None},
    )
