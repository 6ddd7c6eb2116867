"""Every macro on one page, to look at and to measure: `python tests/web/gallery.py FOLDER`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from blaljus import templating
from blaljus.domain.words import REQUIRED_SERVICES, CoverageState, Role
from blaljus.web.page import Flash, Page, Tone

START = datetime(2026, 10, 13, 7, tzinfo=UTC)
END = datetime(2026, 10, 13, 9, 30, tzinfo=UTC)

SOURCE = Path(__file__).with_name("gallery.html")


def a_page(language: str, *roles: Role, **changes: object) -> Page:
    """Return the page of somebody in Höör; `changes` replace single fields."""
    defaults: dict[str, object] = {
        "language": language,
        "path": "/samordnare",
        "municipality_name": "Höörs kommun",
        "user_label": "Samordnare, Höörs kommun" if roles else None,
        "roles": roles,
        "csrf": "csrf-token",
        "flash": Flash(tone=Tone.OK, text="Tiderna är sparade."),
    }
    return Page(**(defaults | changes))  # type: ignore[arg-type]  # the names are Page's own


def gallery(language: str = "sv", *, errors: dict[str, str] | None = None) -> str:
    """Return the gallery as HTML; its sheet and script lie under `/static/`."""
    states = list(CoverageState)
    return (
        templating.environment(language)
        .from_string(SOURCE.read_text(encoding="utf-8"))
        .render(
            page=a_page(language, Role.COORDINATOR),
            errors=errors or {},
            start=START,
            end=END,
            services=REQUIRED_SERVICES,
            states=states,
            rows=[
                tuple(zip(REQUIRED_SERVICES, states[i:] + states[:i], strict=False))
                for i in range(6)
            ],
        )
    )


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for chosen in ("sv", "en"):
        (out / f"gallery-{chosen}.html").write_text(
            gallery(
                chosen, errors={"slot": "Välj en tid", "pupils": "Skriv hur många elever ni är"}
            ),
            encoding="utf-8",
        )
