"""Rows may refer to each other and to what is stored, and to nothing else."""

from blaljus.domain.imports import ImportProblem, KnownCodes, ProblemCode
from blaljus.intake.files import read_import
from blaljus.intake.references import check_references

HOOR = KnownCodes(municipality_codes=frozenset({"1267"}))


def only(files, *names):
    return read_import({name: files[name] for name in names})[0]


def rows_of(problems):
    return [(item.file, item.row, item.column, item.code.value, item.value) for item in problems]


def test_a_file_alone_needs_what_it_refers_to_stored(hoor):
    import_ = only(hoor, "klasser.csv", "lasar.csv")
    codes = frozenset(row.school_code for row in import_.classes) - {"56948895"}

    problems = check_references(import_, known=KnownCodes(school_codes=codes))

    assert rows_of(problems) == [
        ("klasser.csv", 11, "skolenhetskod", "unknown-school", "56948895"),
        ("lasar.csv", 15, "skolenhetskod", "unknown-school", "56948895"),
    ]


def test_staff_and_availability_may_refer_to_what_is_stored(hoor):
    import_ = only(hoor, "personal.csv", "tillganglighet.csv")
    names = frozenset(row.agency for row in import_.staff)

    assert check_references(import_, known=KnownCodes(agency_names=names)) == ()
    problems = check_references(import_, known=KnownCodes())
    assert len(problems) == len(import_.staff)
    assert {item.code for item in problems} == {ProblemCode.UNKNOWN_AGENCY}


def test_availability_alone_needs_its_staff_stored(hoor):
    import_ = only(hoor, "tillganglighet.csv")
    refs = frozenset(row.staff_ref for row in import_.availability)

    assert check_references(import_, known=KnownCodes(staff_refs=refs)) == ()
    problems = check_references(import_, known=KnownCodes(staff_refs=refs - {"polis-1"}))
    assert rows_of(problems)[0] == (
        "tillganglighet.csv", 2, "personalref", "unknown-staff", "polis-1",
    )  # fmt: skip


def test_references_to_a_file_that_could_not_be_read_are_not_judged(hoor):
    import_, problems = read_import({**hoor, "skolenheter.json": b"[", "enheter.csv": b"%PDF"})

    assert [item.code.value for item in problems] == ["looks-like-pdf", "not-json"]
    assert check_references(import_, known=KnownCodes()) == ()


def test_references_to_a_row_with_another_fault_are_sound(hoor):
    files = {
        **hoor,
        "skolenheter.json": hoor["skolenheter.json"].replace(b'"AKTIV"', b'"X"', 1),
    }

    import_, problems = read_import(files)

    assert [item.code.value for item in problems] == ["unknown-status"]
    assert check_references(import_, known=HOOR) == ()


def test_a_school_unit_of_another_municipality_is_foreign(hoor):
    files = {**hoor, "skolenheter.json": hoor["skolenheter.json"].replace(b'"1267"', b'"1285"', 1)}

    problems = check_references(read_import(files)[0], known=HOOR)

    assert problems == (
        ImportProblem(
            file="skolenheter.json",
            row=1,
            column="municipalityCode",
            code=ProblemCode.FOREIGN_MUNICIPALITY,
            value="1285",
        ),
    )


def test_an_agency_may_serve_others_too_but_not_only_others(hoor):
    files = {**hoor, "enheter.csv": hoor["enheter.csv"].replace(b"1267,1266;", b"1285,1266;")}

    problems = check_references(read_import(files)[0], known=HOOR)

    assert rows_of(problems) == [
        ("enheter.csv", 3, "kommunkoder", "foreign-municipality", "1266,1285")
    ]


def test_past_two_hundred_problems_the_rest_is_counted(hoor):
    problems = check_references(only(hoor, "tillganglighet.csv"), known=KnownCodes())

    assert len(problems) == 201
    assert (problems[-1].code, problems[-1].value) == (ProblemCode.MORE_PROBLEMS, "1260")
