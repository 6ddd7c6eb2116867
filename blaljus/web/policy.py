"""Who may use a route. Every route names its policy; the app refuses to start where one does not.

    @get("/boka", name="choose-slot", policy=Policy.TEACHER)

A policy opens the door of a role; what lies behind it is decided by queries that carry the
person's classes, duties or municipalities. Both answer 404: foreign and unknown look the same.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from blaljus.domain.errors import BlaljusError, NotFoundError
from blaljus.domain.words import Role
from blaljus.web.http.body import read_pairs
from blaljus.web.http.csrf import csrf_matches
from blaljus.web.http.visitor import Visitor, look_up


class Policy(StrEnum):
    """Who may use a route."""

    PUBLIC = "public"
    """Anybody; knows a signed-in person too."""
    TOKEN = "token"  # noqa: S105 -- the policy's name
    """Whoever holds the secret in the address. No cookies are read or set."""
    SIGNED_IN = "signed-in"
    """Any role, or none yet."""
    TEACHER = "teacher"
    STAFF = "staff"
    COORDINATOR = "coordinator"
    SYSTEM = "system"
    """Programs that watch over us, and static files. No cookies are read or set."""


ANONYMOUS = frozenset({Policy.TOKEN, Policy.SYSTEM})
"""Policies under which nobody is looked up."""

_ROLE: Mapping[Policy, Role] = {
    Policy.TEACHER: Role.TEACHER,
    Policy.STAFF: Role.STAFF,
    Policy.COORDINATOR: Role.COORDINATOR,
}

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedInError(BlaljusError):
    """The page belongs to people who are signed in. A page asked for leads to sign-in instead."""

    code = "not-signed-in"


class CsrfError(BlaljusError):
    """The form was not made for this browser, or for who is signed in now."""

    code = "csrf"


class UnguardedRouteError(RuntimeError):
    """Routes without a policy: the app does not start."""


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let the request through, or raise what its policy says."""
    if _is_options(handler):
        return
    policy = Policy(handler.opt["policy"])
    if policy in ANONYMOUS:
        return
    visitor = await look_up(connection)
    _check_role(policy, visitor)
    if isinstance(connection, Request) and connection.method not in _SAFE:
        await _check_origin(connection, visitor)


def _check_role(policy: Policy, visitor: Visitor) -> None:
    if policy is Policy.PUBLIC:
        return
    if visitor.signed_in is None:
        raise NotSignedInError
    if policy in _ROLE and _ROLE[policy] not in visitor.signed_in.person.roles:
        raise NotFoundError


async def _check_origin(request: Request[Any, Any, Any], visitor: Visitor) -> None:
    tokens = [value for name, value in await read_pairs(request) if name == "csrf"]
    if len(tokens) != 1 or not csrf_matches(tokens[0], visitor.secret):
        raise CsrfError


def _is_options(handler: BaseRouteHandler) -> bool:
    # Litestar answers OPTIONS by itself, with the methods of the route and nothing else.
    return getattr(handler, "http_methods", None) == {"OPTIONS"}


def check_policies(app: Litestar) -> None:
    """Raise `UnguardedRouteError` naming every route without a policy."""
    unguarded = sorted(
        f"{route.path} ({handler})"
        for route in app.routes
        for handler in handlers_of(route)
        if not isinstance(handler.opt.get("policy"), Policy)
    )
    if unguarded:
        raise UnguardedRouteError("these routes name no policy: " + ", ".join(unguarded))


def handlers_of(route: Any) -> list[BaseRouteHandler]:  # noqa: ANN401 -- Litestar has three kinds
    """Return a route's handlers, without the OPTIONS ones that Litestar adds."""
    handlers = getattr(route, "route_handlers", None) or [route.route_handler]
    return [handler for handler in handlers if not _is_options(handler)]
