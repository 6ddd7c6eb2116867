"""Every pair of colours that meet on a page can be told apart, in light and in dark."""

import re

import pytest

from blaljus.templating import STATIC

TEXT, EDGE = 4.5, 3.0
"""WCAG 2.2: 1.4.3 for text, 1.4.11 for edges of controls and the focus ring."""

SURFACES = ("bg", "soft", "accent-soft", "ok-soft", "warn-soft", "err-soft")

TEXT_PAIRS = [
    *[("text", surface) for surface in SURFACES],
    *[("accent", surface) for surface in ("bg", "soft", "accent-soft", "ok-soft")],
    *[(tone, surface) for tone in ("ok", "warn", "err") for surface in ("bg", "soft")],
    *[(tone, f"{tone}-soft") for tone in ("ok", "warn", "err")],
    *[("muted", surface) for surface in ("bg", "soft", "accent-soft", "ok-soft")],
    ("on-accent", "accent"),
]
EDGE_PAIRS = [
    ("edge", "bg"),
    ("edge", "soft"),
    ("accent", "bg"),
    *[("focus", surface) for surface in SURFACES],
]
DECORATION = {"hair", "halo"}
"""A hairline parts what space parts already; the halo only surrounds the focus ring."""

THEMES = {"light": 0, "dark": 1}


def colours():
    css = (STATIC / "blaljus.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    return {name: themes for name, *themes in pairs}


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_wcags():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [(*pair, TEXT) for pair in TEXT_PAIRS] + [(*pair, EDGE) for pair in EDGE_PAIRS],
)
def test_a_pair_of_tokens_has_enough_contrast(front, back, least, theme):
    tokens = colours()

    assert contrast(tokens[front][THEMES[theme]], tokens[back][THEMES[theme]]) >= least


def test_every_colour_is_measured_or_named_as_decoration():
    measured = {name for pair in TEXT_PAIRS + EDGE_PAIRS for name in pair}

    assert set(colours()) == measured | DECORATION


def test_colours_are_tokens_everywhere():
    css = (STATIC / "blaljus.css").read_text(encoding="utf-8")
    rules = css.partition("@layer base")[2].partition("@layer base {")[2]

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", rules) == []
