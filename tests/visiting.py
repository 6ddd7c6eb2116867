"""A browser without a server: cookies, forms with their hidden fields, no JavaScript."""

from html.parser import HTMLParser
from urllib.parse import urlencode

import httpx
from litestar import Litestar

BASE = "http://blaljus.example"


class Forms(HTMLParser):
    """Collects `(action, method, [(name, value)])` of every form, as a browser would send it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[tuple[str, str]]]] = []
        self.select: str | None = None
        self.area: str | None = None
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = True
            self.found.append((given.get("action") or "", given.get("method") or "get", []))
        elif not self.inside or "disabled" in given:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self.select = given.get("name")
        elif tag == "option" and self.select and "selected" in given:
            self._add(self.select, given.get("value"))
        elif tag == "textarea":
            self.area = given.get("name")
            self._add(self.area, "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[-1][2][-1] = (self.area, data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def _input(self, given: dict[str, str | None]) -> None:
        kind = given.get("type")
        if kind in ("file", "submit", "button"):
            return
        if kind not in ("radio", "checkbox") or "checked" in given:
            self._add(given.get("name"), given.get("value") or "")

    def _add(self, name: str | None, value: str | None) -> None:
        if name:
            self.found[-1][2].append((name, value or ""))


class Visiting(httpx.AsyncClient):
    """Somebody's browser at our app; redirects are not followed by themselves."""

    def __init__(self, app: Litestar, cookies: dict[str, str] | None = None) -> None:
        super().__init__(
            transport=httpx.ASGITransport(app=app, client=("192.0.2.7", 50000)),
            base_url=BASE,
            cookies=cookies,
            headers={"accept-language": "sv"},
        )

    def fields(self, page: httpx.Response, action: str) -> dict[str, str | list[str]]:
        """Return what the page's form with this action would send, untouched; one that posts."""
        forms = [form for form in Forms(page.text).found if form[0].partition("?")[0] == action]
        forms.sort(key=lambda form: form[1] != "post")
        assert forms, f"no form {action} in {page.url}: {[f[0] for f in Forms(page.text).found]}"
        fields: dict[str, str | list[str]] = {}
        for name, value in forms[0][2]:
            before = fields.get(name)
            fields[name] = (
                value
                if before is None
                else [*([before] if isinstance(before, str) else before), value]
            )
        return fields

    async def send_form(
        self,
        page: httpx.Response,
        action: str,
        values: dict[str, str | list[str]] | None = None,
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> httpx.Response:
        """Fill in a form of the page and send it; `values` replace its fields, `files` go along."""
        fields = {**self.fields(page, action), **(values or {})}
        if files:
            return await self.post(action, data=fields, files=files)
        return await self.post_fields(action, fields)

    async def post_fields(self, path: str, fields: dict[str, str | list[str]]) -> httpx.Response:
        """Post names and values to a path."""
        return await self.post(
            path,
            content=urlencode(fields, doseq=True),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )

    async def follow(self, response: httpx.Response) -> httpx.Response:
        """Go where a redirect leads."""
        assert response.status_code == 303, (response.status_code, response.text[:3000])
        return await self.get(response.headers["location"])
