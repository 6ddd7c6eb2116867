"""Every link and form in the templates leads to a route of ours that takes it."""

import re
from pathlib import Path

import pytest

from blaljus.settings import Mode, Settings
from blaljus.web.app import create_app

TEMPLATES = Path(__file__).parents[2] / "templates"
LINK = re.compile(r'href="(/[^"]*)"|<form[^>]*?action="(/[^"]*)"', re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def _routes():
    app = create_app(Settings(mode=Mode.DEMO, secret="x" * 40))
    return [(re.sub(r"\{[^}]+\}", "{}", route.path), set(route.methods)) for route in app.routes]


ROUTES = _routes()


def _pattern(path):
    """A route's path as a pattern: a parameter takes one part, whatever the link writes there."""
    parts = [r"[^/]+" if "{}" in part else re.escape(part) for part in path.split("/")]
    return "/".join(parts)


def _links():
    for path in sorted(TEMPLATES.rglob("*.html")):
        for href, action in LINK.findall(path.read_text(encoding="utf-8")):
            address = EXPRESSION.sub("0", href or action).partition("?")[0].partition("#")[0]
            name = str(path.relative_to(TEMPLATES))
            yield pytest.param(address, bool(action), id=f"{name} {address}")


@pytest.mark.parametrize(("address", "is_form"), list(_links()))
def test_a_link_leads_to_a_route(address, is_form):
    methods = {
        method
        for path, known in ROUTES
        if re.fullmatch(_pattern(path), address)
        for method in known
    }

    assert methods & ({"GET", "POST"} if is_form else {"GET"}), f"{address} is no address of ours"
