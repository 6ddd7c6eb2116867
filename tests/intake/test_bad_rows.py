"""Every wrong row is told by file, row, column and reason, and nothing else is."""

import pytest

from blaljus.domain.imports import ImportProblem, KnownCodes, ProblemCode
from blaljus.intake.files import read_import
from blaljus.intake.references import check_references

CLASS = "90012671;4A;20;0;ordinarie;larare@skola.example"
BLOCK = "*;lov;Sportlov;2027-02-22;2027-02-26"
AGENCY = "Lokalpolisområde Eslöv;polis;1267,1266,1285;polis@lpo-eslov.example"
PERSON = "polis-1;Lokalpolisområde Eslöv;Polis 1;områdespolis;polis-1@blaljus.example;nej"
TIME = "polis-1;2027-01-13;fm;ledig"


def problems_of(files):
    import_, problems = read_import(files)
    return problems + check_references(import_, known=KnownCodes())


def problem(file, row, column, code, value=""):
    return ImportProblem(file=file, row=row, column=column, code=ProblemCode(code), value=value)


BAD_CLASSES = [
    ("9001267;4A;20;0;ordinarie;a@b.se", "skolenhetskod", "school-code-length", "9001267"),
    ("900126711;4A;20;0;ordinarie;a@b.se", "skolenhetskod", "school-code-length", "900126711"),
    ("9001267A;4A;20;0;ordinarie;a@b.se", "skolenhetskod", "not-a-school-code", "9001267A"),
    ("9,0012671E7;4A;20;0;ordinarie;a@b.se", "skolenhetskod", "not-a-school-code", "9,0012671E7"),
    ("٩٠٠١٢٦٧١;4A;20;0;ordinarie;a@b.se", "skolenhetskod", "not-a-school-code", "٩٠٠١٢٦٧١"),
    ("*;4A;20;0;ordinarie;a@b.se", "skolenhetskod", "not-a-school-code", "*"),
    (";4A;20;0;ordinarie;a@b.se", "skolenhetskod", "missing-value", ""),
    ("-9001267;4A;20;0;ordinarie;a@b.se", "skolenhetskod", "negative", "-9001267"),
    ("99999999;4A;20;0;ordinarie;a@b.se", "skolenhetskod", "unknown-school", "99999999"),
    ("90012671;;20;0;ordinarie;a@b.se", "klass", "missing-value", ""),
    ("90012671; \u00a0;20;0;ordinarie;a@b.se", "klass", "missing-value", ""),
    ("90012671;=1+1;20;0;ordinarie;a@b.se", "klass", "formula-like", "=1+1"),
    ("90012671; =1+1;20;0;ordinarie;a@b.se", "klass", "formula-like", "=1+1"),
    ('90012671;"\t4A";20;0;ordinarie;a@b.se', "klass", "formula-like", "4A"),
    ('90012671;"\r4A";20;0;ordinarie;a@b.se', "klass", "formula-like", "4A"),
    ("90012671;＝HYPERLINK();20;0;ordinarie;a@b.se", "klass", "formula-like", "＝HYPERLINK()"),
    ("90012671;\u00a0=1+1;20;0;ordinarie;a@b.se", "klass", "formula-like", "=1+1"),
    ("90012671;+4A;20;0;ordinarie;a@b.se", "klass", "formula-like", "+4A"),
    ("90012671;-4;20;0;ordinarie;a@b.se", "klass", "formula-like", "-4"),
    ("90012671;@4;20;0;ordinarie;a@b.se", "klass", "formula-like", "@4"),
    ("90012671;4\x00A;20;0;ordinarie;a@b.se", "klass", "control-character", "4A"),
    ('90012671;"4\nA";20;0;ordinarie;a@b.se', "klass", "control-character", "4 A"),
    ("90012671;4\u202eA;20;0;ordinarie;a@b.se", "klass", "control-character", "4A"),
    (f"90012671;{'x' * 61};20;0;ordinarie;a@b.se", "klass", "too-long", "x" * 59 + "…"),
    (f"90012671;{'x' * 1001};20;0;ordinarie;a@b.se", "klass", "too-long", "x" * 59 + "…"),
    (f"90012671;{'x' * 200_000};20;0;ordinarie;a@b.se", None, "too-long", ""),
    ("90012671;19811228-9874;20;0;ordinarie;a@b.se", "klass", "personal-number", ""),
    ("90012671;811228-9874;20;0;ordinarie;a@b.se", "klass", "personal-number", ""),
    ("90012671;4A;-3;0;ordinarie;a@b.se", "elever_ak4", "negative", "-3"),
    ("90012671;4A;−3;0;ordinarie;a@b.se", "elever_ak4", "negative", "−3"),
    ("90012671;4A;0;0;ordinarie;a@b.se", "elever_ak4", "no-year4-pupils", "0"),
    ("90012671;4A;61;0;ordinarie;a@b.se", "elever_ak4", "too-many-pupils", "61"),
    ("90012671;4A;2000;0;ordinarie;a@b.se", "elever_ak4", "too-many-pupils", "2000"),
    (
        f"90012671;4A;{'9' * 900};0;ordinarie;a@b.se",
        "elever_ak4",
        "too-many-pupils",
        "9" * 59 + "…",
    ),
    (f"90012671;4A;{'9' * 1001};0;ordinarie;a@b.se", "elever_ak4", "too-long", "9" * 59 + "…"),
    ("90012671;4A;tjugo;0;ordinarie;a@b.se", "elever_ak4", "not-a-number", "tjugo"),
    ("90012671;4A;20,5;0;ordinarie;a@b.se", "elever_ak4", "not-a-number", "20,5"),
    ("90012671;4A;2_0;0;ordinarie;a@b.se", "elever_ak4", "not-a-number", "2_0"),
    ("90012671;4A;²;0;ordinarie;a@b.se", "elever_ak4", "not-a-number", "²"),
    ("90012671;4A;;0;ordinarie;a@b.se", "elever_ak4", "missing-value", ""),
    ("90012671;4A;20;61;ordinarie;a@b.se", "ovriga_elever", "too-many-pupils", "61"),
    ("90012671;4A;20;-1;ordinarie;a@b.se", "ovriga_elever", "negative", "-1"),
    ("90012671;4A;20;0;stor;a@b.se", "klasstyp", "unknown-class-kind", "stor"),
    ("90012671;4A;20;0;ordinarie;skola.example", "epost_larare", "not-an-address", "skola.example"),
    ("90012671;4A;20;0;ordinarie;a@b@c.se", "epost_larare", "not-an-address", "a@b@c.se"),
    ("90012671;4A;20;0;ordinarie;a@b", "epost_larare", "not-an-address", "a@b"),
    ("90012671;4A;20;0;ordinarie;a b@c.se", "epost_larare", "not-an-address", "a b@c.se"),
    ("90012671;4A;20;0;ordinarie;a@-b.se", "epost_larare", "not-an-address", "a@-b.se"),
    ("90012671;4A;20;0;ordinarie;a..b@c.se", "epost_larare", "not-an-address", "a..b@c.se"),
    ("90012671;4A;20;0;ordinarie;åsa@c.se", "epost_larare", "not-an-address", "åsa@c.se"),
    ("90012671;4A;20;0;ordinarie;<a@b.se>", "epost_larare", "not-an-address", "<a@b.se>"),
    (
        '90012671;4A;20;0;ordinarie;"a@b.se\r\nBcc: x@y.se"',
        "epost_larare",
        "control-character",
        "a@b.se Bcc: x@y.se",
    ),
    ("90012671;4A;20;0;ordinarie", "epost_larare", "missing-value", ""),
    (f"{CLASS};extra", None, "too-many-cells", "extra"),
    ('90012671;"4A"B;20;0;ordinarie;a@b.se', None, "bad-quoting", ""),
]


@pytest.mark.parametrize(("row", "column", "code", "value"), BAD_CLASSES)
def test_a_bad_class_is_told_exactly(edited, row, column, code, value):
    found = problems_of(edited("klasser.csv", 2, row))

    assert found == (problem("klasser.csv", 2, column, code, value),)


OTHER_BAD_ROWS = [
    ("lasar.csv", "*;lov;Lov;12/1 2027;2027-02-26", "fran", "not-a-date", "12/1 2027"),
    ("lasar.csv", "*;lov;Lov;2027-02-30;2027-03-26", "fran", "not-a-date", "2027-02-30"),
    ("lasar.csv", "*;lov;Lov;20270226;2027-03-26", "fran", "not-a-date", "20270226"),
    ("lasar.csv", "*;lov;Lov;2027-W08-1;2027-03-26", "fran", "not-a-date", "2027-W08-1"),
    ("lasar.csv", "*;lov;Lov;2027-02-26;2027-02-22", "till", "from-after-to", "2027-02-22"),
    ("lasar.csv", "*;lov;Lov;2027-02-26;0001-01-01", "till", "date-out-of-range", "0001-01-01"),
    ("lasar.csv", "*;lov;Lov;2027-02-26;", "till", "missing-value", ""),
    ("lasar.csv", "*;semester;Lov;2027-02-22;2027-02-22", "typ", "unknown-block-kind", "semester"),
    (
        "lasar.csv",
        "90099999;lov;Lov;2027-02-22;2027-02-22",
        "skolenhetskod",
        "unknown-school",
        "90099999",
    ),
    (
        "lasar.csv",
        "9001267;lov;Lov;2027-02-22;2027-02-22",
        "skolenhetskod",
        "school-code-length",
        "9001267",
    ),
    ("tillganglighet.csv", "polis-1;2027-02-29;fm;ledig", "datum", "not-a-date", "2027-02-29"),
    ("tillganglighet.csv", "polis-1;2027-01-12;kväll;ledig", "halvdag", "unknown-half", "kväll"),
    ("tillganglighet.csv", "polis-1;2027-01-12;fm;kanske", "lage", "unknown-state", "kanske"),
    (
        "tillganglighet.csv",
        "polis-9;2027-01-12;fm;ledig",
        "personalref",
        "unknown-staff",
        "polis-9",
    ),
    (
        "tillganglighet.csv",
        "../polis;2027-01-12;fm;ledig",
        "personalref",
        "not-a-reference",
        "../polis",
    ),
]


@pytest.mark.parametrize(("file", "row", "column", "code", "value"), OTHER_BAD_ROWS)
def test_a_bad_row_is_told_exactly(edited, file, row, column, code, value):
    found = problems_of(edited(file, 3, row))

    assert found == (problem(file, 3, column, code, value),)


BAD_AGENCIES = [
    ("Ny;tull;1267;a@b.se", "verksamhet", "unknown-service", "tull"),
    ("Ny;polis;126;a@b.se", "kommunkoder", "not-a-municipality-code", "126"),
    ("Ny;polis;1267,9999;a@b.se", "kommunkoder", "not-a-municipality-code", "1267,9999"),
    ("Ny;polis;,;a@b.se", "kommunkoder", "not-a-municipality-code", ","),
    ("Ny;polis;-1267;a@b.se", "kommunkoder", "negative", "-1267"),
    ("Ny;polis;1267;polis", "epost", "not-an-address", "polis"),
    (AGENCY, "enhet", "duplicate", "2"),
    (AGENCY.replace("Eslöv", "ESLÖV"), "enhet", "duplicate", "2"),
]


@pytest.mark.parametrize(("row", "column", "code", "value"), BAD_AGENCIES)
def test_a_bad_agency_is_told_exactly(edited, row, column, code, value):
    found = problems_of(edited("enheter.csv", 6, row))

    assert found == (problem("enheter.csv", 6, column, code, value),)


BAD_PEOPLE = [
    ("ny 1;Höörs kommun trafik;N;f;a@b.se;nej", "personalref", "not-a-reference", "ny 1"),
    ("ny-1;Tullen;N;f;a@b.se;nej", "enhet", "unknown-agency", "Tullen"),
    ("ny-1;Höörs kommun trafik;N;f;a@b.se;kanske", "skyddad", "not-yes-or-no", "kanske"),
    ("ny-1;Höörs kommun trafik;N;f;a@b.se;", "skyddad", "missing-value", ""),
    ("polis-1;Höörs kommun trafik;N;f;a@b.se;nej", "personalref", "duplicate", "2"),
    ("ny-1;Höörs kommun trafik;N;;a@b.se;nej", "funktion", "missing-value", ""),
]


@pytest.mark.parametrize(("row", "column", "code", "value"), BAD_PEOPLE)
def test_a_bad_staff_row_is_told_exactly(edited, row, column, code, value):
    found = problems_of(edited("personal.csv", 23, row))

    assert found == (problem("personal.csv", 23, column, code, value),)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("ny-1;Höörs kommun trafik;=Anna Hemlig;f;a@b.se;ja", "visningsnamn", "formula-like"),
        ("ny-1;Höörs kommun trafik;N;f;anna.hemlig.se;ja", "epost", "not-an-address"),
    ],
)
def test_who_may_be_protected_is_pointed_at_but_never_shown(edited, row, column, code):
    found = problems_of(edited("personal.csv", 23, row))

    assert found == (problem("personal.csv", 23, column, code, ""),)


@pytest.mark.parametrize(
    ("file", "line", "row", "column"),
    [
        ("klasser.csv", 12, "90012671;4a;9;0;ordinarie;annan@skola.example", "skolenhetskod"),
        ("lasar.csv", 18, "*;lov;Sportlov;2027-02-22;2027-02-26", "skolenhetskod"),
        ("tillganglighet.csv", 1462, "polis-1;2027-01-13;fm;beredskap", "personalref"),
    ],
)
def test_a_duplicate_names_the_row_where_it_stood_first(edited, file, line, row, column):
    first = "3" if file == "lasar.csv" else "2"

    found = problems_of(edited(file, line, row))

    assert found == (problem(file, line, column, "duplicate", first),)


def test_a_row_tells_all_its_faults(edited):
    found = problems_of(edited("klasser.csv", 2, "9001267;=A;-3;x;stor;nej"))

    assert [(item.row, item.column, item.code.value) for item in found] == [
        (2, "skolenhetskod", "school-code-length"),
        (2, "klass", "formula-like"),
        (2, "elever_ak4", "negative"),
        (2, "ovriga_elever", "not-a-number"),
        (2, "klasstyp", "unknown-class-kind"),
        (2, "epost_larare", "not-an-address"),
    ]


def test_all_files_tell_their_faults(edited):
    files = edited("klasser.csv", 2, CLASS.replace(";20;", ";-1;"))
    files["lasar.csv"] = edited("lasar.csv", 9, BLOCK.replace("2027-02-26", "snart"))["lasar.csv"]
    files["personal.csv"] = edited("personal.csv", 2, PERSON[:-3])["personal.csv"]

    found = problems_of(files)

    assert [(item.file, item.row, item.code.value) for item in found] == [
        ("klasser.csv", 2, "negative"),
        ("lasar.csv", 9, "not-a-date"),
        ("personal.csv", 2, "missing-value"),
    ]


def test_a_bad_row_is_left_out_and_the_others_are_kept(edited, hoor):
    import_, _ = read_import(edited("klasser.csv", 2, CLASS.replace(";20;", ";-1;")))

    expected, _ = read_import(hoor)
    assert import_.classes == expected.classes[1:]


def test_one_fault_is_told_once_not_again_where_it_is_referred_to(edited):
    found = problems_of(edited("personal.csv", 2, PERSON.replace(";nej", ";kanske")))

    assert found == (problem("personal.csv", 2, "skyddad", "not-yes-or-no", "kanske"),)


def test_no_takes_an_answer_back(edited):
    import_, problems = read_import(edited("tillganglighet.csv", 2, TIME.replace("ledig", "nej")))

    assert problems == ()
    assert import_.availability[0].state.value == "not_available"


def test_past_two_hundred_problems_of_a_file_the_rest_is_counted(hoor):
    rows = "\n".join(f"polis-1;2027-01-13;fm;fel{i}" for i in range(1000))
    files = {**hoor, "tillganglighet.csv": f"personalref;datum;halvdag;lage\n{rows}".encode()}

    _, found = read_import({**files, "klasser.csv": b"PK\x03\x04 xl/"})

    # Of every row: an unknown state, and from the second on a duplicate.
    assert len(found) == 202
    assert found[0] == problem("klasser.csv", None, None, "looks-like-excel")
    assert found[-1] == problem("tillganglighet.csv", None, None, "more-problems", "1799")
