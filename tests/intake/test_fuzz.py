"""Whatever is sent, the answer is rows and problems, never an exception."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import blaljus.demo
from blaljus.domain.imports import Import, KnownCodes, ProblemCode
from blaljus.domain.personal_number import has_personal_number
from blaljus.i18n import translations
from blaljus.intake.files import read_import
from blaljus.intake.references import check_references
from blaljus.intake.texts import UNSAFE
from blaljus.intake.words import problem_text

HOOR = Path(blaljus.demo.__path__[0]) / "hoor"
NAMES = (
    "skolenheter.json",
    "klasser.csv",
    "lasar.csv",
    "enheter.csv",
    "personal.csv",
    "tillganglighet.csv",
    "okänd",
)
LONGEST = 60

cell = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        (
            *("", "*", "90012671", "9001267", "-1", "=1+1", "2027-02-30", "a@b@c", '"', ";"),
            *("\x00", "\r\n", "19811228-9874", "fm", "ledig", "ja", "１２", "0" * 1001, "\u202e"),
        )
    ),
)
json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


def assert_is_an_answer(files):
    """Read files, and check all that holds of any answer."""
    import_, problems = read_import(files)
    every = problems + check_references(import_, known=KnownCodes())
    assert isinstance(import_, Import)
    for problem in every:
        assert isinstance(problem.code, ProblemCode)
        assert not UNSAFE.search(problem.value + problem.file + (problem.column or ""))
        assert len(problem.value) <= LONGEST
        assert not has_personal_number(problem.value + " " + problem.file)
        problem_text(problem, translations("sv").gettext).encode()
    assert read_import(files) == (import_, problems)
    return import_, every


@given(name=st.sampled_from(NAMES), content=st.binary(max_size=2000))
def test_any_bytes_have_an_answer(name, content):
    assert_is_an_answer({name: content})


@given(name=st.text(max_size=30), content=st.text(max_size=200))
def test_any_name_has_an_answer(name, content):
    assert_is_an_answer({name: content.encode("utf-8", "replace")})


@given(value=json_value)
def test_any_json_has_an_answer(value):
    assert_is_an_answer({"skolenheter.json": json.dumps([value]).encode()})


def spread(answer, path=()):
    """Every path into a JSON value."""
    yield path
    children = answer.items() if isinstance(answer, dict) else ()
    children = enumerate(answer) if isinstance(answer, list) else children
    for key, value in children:
        yield from spread(value, (*path, key))


@given(data=st.data(), value=json_value | cell)
def test_a_register_answer_with_any_part_replaced_has_an_answer(data, value):
    answers = json.loads((HOOR / "skolenheter.json").read_bytes())[:2]
    paths = [path for path in spread(answers) if path]
    *outer, last = data.draw(st.sampled_from(paths))
    target = answers
    for key in outer:
        target = target[key]
    target[last] = value

    assert_is_an_answer({"skolenheter.json": json.dumps(answers).encode()})


@settings(max_examples=300)
@given(data=st.data(), name=st.sampled_from(NAMES[1:-1]), value=cell)
def test_a_table_with_any_cell_replaced_has_an_answer(data, name, value):
    rows = [line.split(";") for line in (HOOR / name).read_text("utf-8").splitlines()[:12]]
    row = data.draw(st.integers(0, len(rows) - 1))
    rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = value
    text = "\r\n".join(";".join(row) for row in rows)

    import_, problems = assert_is_an_answer({name: text.encode("utf-8", "replace")})

    # Nothing disappears in silence: a row that is not kept has a problem.
    kept = len(import_.classes + import_.blocks + import_.agencies + import_.staff)
    assert problems or kept + len(import_.availability) >= len(rows) - 2


@given(data=st.data(), name=st.sampled_from(NAMES[:-1]), byte=st.integers(0, 255))
def test_a_file_with_any_byte_replaced_has_an_answer(data, name, byte):
    content = bytearray((HOOR / name).read_bytes()[:2000])
    content[data.draw(st.integers(0, len(content) - 1))] = byte

    assert_is_an_answer({name: bytes(content)})
