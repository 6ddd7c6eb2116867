"""The coordinator's import page, as a browser without JavaScript sends it."""

from pathlib import Path

import pytest
from factories import (
    a_context,
    a_key,
    coordinator_of,
    person_of,
    shared_venue,
    some_details,
    stored_municipality,
    stored_plan,
    stored_school,
    stored_slot,
)

import blaljus.demo
from blaljus.domain.people import OPERATOR
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.imports.importing import apply_import, preview
from blaljus.web.coordinator.imports.files import pack_files, unpack_files

HOOR = Path(blaljus.demo.__path__[0]) / "hoor"
START, CHECK, DONE = "/samordnare/import", "/samordnare/import/granska", "/samordnare/import/klart"


@pytest.fixture(scope="session")
def hoor():
    return {path.name: path.read_bytes() for path in sorted(HOOR.iterdir())}


@pytest.fixture
async def imported(store, clock, hoor):
    """Höör as its files say."""
    context = a_context(clock)
    seen = await preview(context, hoor)
    await apply_import(context, OPERATOR, hoor, fingerprint=seen.fingerprint)
    return await stored_municipality()


@pytest.fixture
async def coordinator(imported, sign_in):
    return await sign_in(await coordinator_of(imported))


async def upload(browser, files, **changes):
    """Choose files on the page and send them."""
    fields = browser.fields(await browser.get(START), CHECK) | changes
    parts = [("files", (name, content)) for name, content in files.items()]
    return await browser.post(CHECK, data=fields, files=parts)


async def classes():
    c = t.SchoolClass
    rows = await c.select(c.label, c.year4_pupils, c.version, c.school_unit.code.as_alias("code"))
    return {(row["code"], row["label"]): (row["year4_pupils"], row["version"]) for row in rows}


async def test_the_page_says_what_can_be_sent_and_who_has_not_answered(coordinator):
    page = await coordinator.get(START)

    assert page.status_code == 200
    assert "skolenhetskod;klass;elever_ak4;ovriga_elever;klasstyp;epost_larare" in page.text
    assert "Fristående skola utan svar (demo) (90012692)" in page.text


@pytest.mark.parametrize("name", ["klasser.csv", "lasar.csv", "enheter.csv", "tillganglighet.csv"])
async def test_a_template_can_be_downloaded(coordinator, name):
    answer = await coordinator.get(f"{START}/mall/{name}")

    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert (await coordinator.get(f"{START}/mall/x.csv")).status_code == 404


async def test_a_changed_file_is_shown_and_then_taken_over(coordinator, hoor):
    before = await classes()
    content = hoor["klasser.csv"].replace(b"90012671;4A;20;", b"90012671;4A;22;")

    page = await upload(coordinator, {"klasser.csv": content})
    shown = await classes()
    answer = await coordinator.send_form(page, START)
    done = await coordinator.follow(answer)

    assert page.status_code == 200
    assert "elever_ak4: 20 → 22" in page.text
    assert "0 nya, 1 ändrade, 0 bort, 9 lika" in page.text
    assert shown == before
    assert await classes() == before | {("90012671", "4A"): (22, 2)}
    assert done.status_code == 200
    assert "Klasser: 0 nya, 1 ändrade, 0 bort" in done.text
    assert "90012692" in done.text


async def test_what_the_files_mean_for_a_time_to_come_is_told_with_a_way_there(
    coordinator, imported, clock, hoor
):
    slot = await stored_slot(await stored_plan(imported), await shared_venue(imported))
    c = t.SchoolClass
    rows = await c.select(c.id).where(c.label == "4B").where(c.school_unit.code == "90012671")
    await book_slot(
        a_context(clock),
        await person_of("samordnare.1267@blaljus.example"),
        a_key(),
        class_id=rows[0]["id"],
        slot_id=slot.id,
        details=some_details(),
    )
    row = b"90012671;studiedag;Kompetensdag;2027-03-16;2027-03-16\r\n"

    page = await upload(coordinator, {"lasar.csv": hoor["lasar.csv"] + row})

    assert "4B, Enebackeskolan har tid tis 16 mars förmiddag" in page.text
    assert f'<a href="/samordnare/pass/{slot.id}">Till passet' in page.text
    assert (await coordinator.send_form(page, START)).status_code == 303


async def test_a_second_click_changes_nothing_more(coordinator, hoor):
    content = hoor["klasser.csv"].replace(b"90012671;4A;20;", b"90012671;4A;22;")
    page = await upload(coordinator, {"klasser.csv": content})

    answers = [await coordinator.send_form(page, START) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (await classes())["90012671", "4A"] == (22, 2)


async def test_the_same_files_again_have_nothing_to_take_over(coordinator, hoor):
    page = await upload(coordinator, {n: c for n, c in hoor.items() if n != "README.md"})

    assert page.status_code == 200
    assert "Det finns inget att läsa in." in page.text
    assert 'name="fingerprint"' not in page.text
    assert "Lästes inte: tjanstgoring-ambulans-2.ics, tjanstgoring-polis-1.ics" in page.text


async def test_problems_are_listed_by_file_row_column_and_reason(coordinator, hoor):
    before = await classes()
    content = hoor["klasser.csv"].replace(b"90012671;4B;19;", b"9001267;4B;-1;")

    page = await upload(coordinator, {"klasser.csv": content})

    assert page.status_code == 422
    assert "<title>Fel: Granska importen" in page.text
    assert "<h3>klasser.csv</h3>" in page.text
    assert "<b>Rad 3, skolenhetskod:</b> Skolenhetskoden ska ha 8 siffror, inte 7." in page.text
    assert "<b>Rad 3, elever_ak4:</b> Talet kan inte vara mindre än 0." in page.text
    assert 'name="fingerprint"' not in page.text
    assert await classes() == before


async def test_what_changed_meanwhile_is_shown_anew(coordinator, hoor):
    content = hoor["klasser.csv"].replace(b"90012671;4A;20;", b"90012671;4A;22;")
    page = await upload(coordinator, {"klasser.csv": content})
    await t.SchoolClass.update({t.SchoolClass.year4_pupils: 21}, force=True)

    answer = await coordinator.send_form(page, START)

    assert answer.status_code == 409
    assert "Något har ändrats sedan du granskade." in answer.text
    assert "elever_ak4: 21 → 22" in answer.text
    assert {pupils for pupils, _ in (await classes()).values()} == {21}
    assert (await coordinator.send_form(answer, START)).status_code == 303


async def test_without_a_file_the_page_asks_for_one(coordinator):
    fields = coordinator.fields(await coordinator.get(START), CHECK)
    parts = [f'name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    # What a browser sends for a file field that was left alone.
    parts.append('name="files"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n')
    body = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)

    page = await coordinator.post(
        CHECK,
        content=f"{body}--x--\r\n",
        headers={"content-type": "multipart/form-data; boundary=x"},
    )

    assert page.status_code == 422
    assert "Välj minst en fil." in page.text


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 1000, b"\xff" * 2_000_000, b"<html>", b"PK\x03\x04xl/", b"a,b\n1,2\n"],
)
async def test_no_upload_is_answered_with_an_error_of_ours(coordinator, content):
    before = await classes()

    page = await upload(coordinator, {"klasser.csv": content})

    assert page.status_code == 422
    assert await classes() == before


async def test_an_upload_over_the_cap_is_too_large(coordinator):
    files = {f"{name}.csv": b"x" * 1_000_000 for name in ("klasser", "lasar", "personal")}

    assert (await upload(coordinator, files)).status_code == 413


@pytest.mark.parametrize("field", ["municipality", "school_year", "files", "fingerprint", "key"])
async def test_a_form_that_was_tampered_with_changes_nothing(coordinator, hoor, field):
    content = hoor["klasser.csv"].replace(b"90012671;4A;20;", b"90012671;4A;22;")
    page = await upload(coordinator, {"klasser.csv": content})
    before = await classes()

    answer = await coordinator.send_form(page, START, {field: "99999"})

    assert answer.status_code in (404, 409, 422)
    assert await classes() == before


async def test_a_coordinator_of_another_municipality_cannot_import_here(imported, sign_in, hoor):
    other = await stored_municipality("1285", "Eslöv")
    foreign = await sign_in(await coordinator_of(other))
    before = await classes()

    own = await upload(foreign, {"skolenheter.json": hoor["skolenheter.json"]})
    theirs = await upload(
        foreign, {"klasser.csv": hoor["klasser.csv"]}, municipality=str(imported.id)
    )
    staff = await upload(foreign, {"personal.csv": hoor["personal.csv"]})

    assert own.status_code == 422
    assert "Kommunkoden 1267 hör till en annan kommun." in own.text
    assert theirs.status_code == 404
    assert await classes() == before
    # Eslöv is served by two of the agencies; the others' people are not its to change.
    assert staff.status_code == 422
    assert "används redan utanför er kommun" in staff.text


async def test_the_page_costs_the_same_for_one_school_and_for_three(coordinator, imported):
    with count_statements() as first:
        await coordinator.get(START)
    for name in ("A", "B"):
        await stored_school(imported, name)
    with count_statements() as second:
        await coordinator.get(START)

    assert len(first) == len(second)


def test_packed_files_come_back_whole_and_nothing_else_does():
    files = {"klasser.csv": "å;ä\r\n".encode(), "x.json": bytes(range(256))}
    bomb = pack_files({"x": b"0" * 50_000_000})

    assert unpack_files(pack_files(files)) == files
    assert [unpack_files(text) for text in ("", "å", "AAAA", pack_files(files)[:-8], bomb)] == [
        None
    ] * 5
