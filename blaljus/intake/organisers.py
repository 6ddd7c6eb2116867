"""Finds what a municipality is called in a list of school units."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from blaljus.domain.words import Organiser
from blaljus.intake.decoding import DecodingError, decode
from blaljus.intake.texts import cell_fault, tidy

MAX_NAME = 100
"""Characters that we keep of a name."""


_OFFICIAL = re.compile(r"(?P<place>.+) (?:kommun|stad)", re.IGNORECASE)
_OWN_S = ("fors", "ås", "näs", "grums")
"""Endings of municipalities whose name ends in s by itself: Hofors, Borås, Strängnäs, Grums."""


def municipality_name(content: bytes) -> str | None:
    """Return the place that the municipal organiser of most units names: `Höörs kommun` is Höör.

    The genitive s goes, by the endings that keep theirs; whoever knows better gives a name.
    """
    with suppress(DecodingError, ValueError, RecursionError):
        answers = json.loads(decode(content))
        found = Counter(_names(answers if isinstance(answers, list) else []))
        name = max(sorted(found), key=lambda name: found[name], default=None)
        return _place(name) if name else None
    return None


def _place(name: str) -> str:
    official = _OFFICIAL.fullmatch(name)
    place = official["place"] if official else name
    genitive = official and place.endswith("s") and not place.casefold().endswith(_OWN_S)
    return place[:-1] if genitive else place


def _names(answers: list[Any]) -> list[str]:
    """Return the fit names of municipal organisers, one per unit."""
    every = [_attributes(answer) for answer in answers]
    names = [
        item.get("displayName")
        for item in every
        if item.get("organizerType") == Organiser.MUNICIPAL.value
    ]
    return [name for raw in names if isinstance(raw, str) and (name := _fit(raw))]


def _attributes(answer: object) -> Mapping[str, Any]:
    """Return the organiser's attributes of a unit, or none."""
    found: object = answer
    for step in ("included", "attributes"):
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _fit(raw: str) -> str | None:
    name = tidy(raw)
    return name if name and len(name) <= MAX_NAME and not cell_fault(raw, number=False) else None
