"""Reads school units in the shape of Skolenhetsregistret's API v2: a list of detail answers."""

import json
import math
from collections.abc import Mapping
from typing import Any

from blaljus.domain.imports import ProblemCode, SchoolUnitRow
from blaljus.intake.layouts import SCHOOL_UNITS
from blaljus.intake.problems import FileProblems
from blaljus.intake.rows import Cells, RowReader, within_limit

TAUGHT = ("GR", "GRAN")
"""School types with a year 4 we plan for: grundskola and anpassad grundskola."""


def read_school_units(text: str, problems: FileProblems) -> RowReader[SchoolUnitRow] | None:
    """Return the sound units of a list, or `None` if it is no JSON list. Rows count from 1."""
    try:
        answers = json.loads(text)
    except json.JSONDecodeError as error:
        problems.add(ProblemCode.NOT_JSON, row=error.lineno)
        return None
    except (ValueError, RecursionError):
        # Numbers of thousands of digits and thousands of nested lists are no register either.
        problems.add(ProblemCode.NOT_JSON)
        return None
    if not isinstance(answers, list):
        problems.add(ProblemCode.NOT_A_LIST)
        return None
    reader = RowReader(SCHOOL_UNITS, problems)
    for row, answer in within_limit(enumerate(answers, start=1), problems):
        if isinstance(answer, dict):
            reader.read(_cells(answer), row)
        else:
            problems.add(ProblemCode.WRONG_TYPE, row=row)
    return reader


def _cells(answer: Mapping[str, Any]) -> Cells:
    """Flatten a detail answer to the layout's columns."""
    data = _object(answer.get("data"))
    attributes = _object(data.get("attributes"))
    address = _address(attributes.get("addresses"))
    position = _object(address.get("geoCoordinates"))
    organiser = _object(_object(answer.get("included")).get("attributes"))
    values = {
        **attributes,
        "schoolUnitCode": data.get("schoolUnitCode"),
        "organizerType": organiser.get("organizerType"),
        "grades": _grades(attributes),
        "latitude": position.get("latitude"),
        "longitude": position.get("longitude"),
        "locality": address.get("locality"),
        "startdate": attributes.get("startdate", attributes.get("startDate")),
    }
    return {column.name: _text(values.get(column.name)) for column in SCHOOL_UNITS.columns}


def _object(value: object) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one: the register leaves out what it does not know."""
    return value if isinstance(value, dict) else {}


def _address(addresses: object) -> Mapping[str, Any]:
    """Return the visiting address, else the first, else an empty one."""
    every = [_object(item) for item in addresses] if isinstance(addresses, list) else []
    visiting = [item for item in every if item.get("type") == "BESOKSADRESS"]
    return next(iter([*visiting, *every]), {})


def _grades(attributes: Mapping[str, Any]) -> object:
    """Return the grades of all school types we plan for, comma separated.

    Anything but a list is handed on as it is, to be told as a fault.
    """
    types = attributes.get("schoolTypes")
    properties = _object(attributes.get("schoolTypeProperties"))
    found: list[str] = []
    for name in TAUGHT:
        grades = _object(properties.get(name.lower())).get("grades")
        if grades is None or (isinstance(types, list) and name not in types):
            continue
        if not isinstance(grades, list):
            return {}
        found += [_text(grade) or "?" for grade in grades]
    return ",".join(found)


def _text(value: object) -> str | None:
    """Return a JSON value as a cell: text, or a number's digits; `None` for anything else."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else None
