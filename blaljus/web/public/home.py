"""The front page, the language switch, and answers for programs that watch over us."""

from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from blaljus.domain.words import Role
from blaljus.i18n import LANGUAGES
from blaljus.usecases.operation.health import problems
from blaljus.web.http.cookies import language_cookie
from blaljus.web.http.visitor import visitor_of
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, local_path, render_page

HOME = {
    Role.TEACHER: "/klass",
    Role.STAFF: "/personal/uppdrag",
    Role.COORDINATOR: "/samordnare",
}
"""Where each role begins; who has several begins with the last of them: it sees most."""


@get("/", name="home", policy=Policy.PUBLIC)
async def front_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """Send a signed-in person to the first page of the role; tell others what this is."""
    roles = page_of(request).roles
    if roles:
        return go(HOME[roles[-1]])
    visitor = visitor_of(request)
    signed_in = visitor is not None and visitor.signed_in is not None
    return render_page(request, "public/start.html", signed_in=signed_in)


@get("/sprak/{language:str}", name="language", policy=Policy.PUBLIC)
async def choose_language(
    language: FromPath[str], request: Request[Any, Any, Any], till: FromQuery[str | None] = None
) -> Redirect:
    """Remember the language and go back to where the visitor was."""
    if language not in LANGUAGES:
        raise NotFoundException
    response = go(local_path(till))
    response.set_cookie(language_cookie(language, request.app.state.settings))
    return response


@get("/healthz", name="healthz", policy=Policy.SYSTEM, media_type=MediaType.TEXT)
async def healthz() -> str:
    """Answer that the process lives."""
    return "ok\n"


@get("/readyz", name="readyz", policy=Policy.SYSTEM)
async def readyz() -> Response[str]:
    """Answer 200 when requests can be served, else 503 and the names of what is wrong."""
    wrong = await problems()
    return Response(
        "\n".join(wrong or ["ok"]) + "\n",
        status_code=503 if wrong else 200,
        media_type=MediaType.TEXT,
    )


@get(["/tillganglighet", "/personuppgifter", "/kakor"], name="about", policy=Policy.PUBLIC)
async def about(request: Request[Any, Any, Any]) -> Response[str]:
    """Show one of the pages that say how we treat people and their data."""
    return render_page(request, f"public{request.scope['path_template']}.html")


HANDLERS = [front_page, choose_language, about, healthz, readyz]
