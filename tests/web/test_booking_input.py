"""Whatever a browser may send: never a 500, never half a change, nothing typed is lost."""

from datetime import date, timedelta

import pytest
from booking_steps import all_bookings, booked_by, checked, choice
from factories import stored_class, stored_school, stored_slot

DAY = date(2027, 3, 16)


@pytest.fixture
def store(sqlite_store):
    """What is read from a form does not depend on the engine; what is stored is tested on both."""
    return sqlite_store


@pytest.fixture
async def slot(cast):
    return await stored_slot(cast.plan, cast.venue, day=DAY)


@pytest.fixture
async def teacher(cast, slot, sign_in):
    """The teacher's browser; there is one time to book."""
    return await sign_in(cast.teacher)


BAD = {
    "slot": ["", "x", "-1", "0", "99999999999999999999"],
    "pupils": ["", "0", "-3", "1000000000", "tjugo", "2.5", "١٢", "20\x00", "🚒"],
    "adults": ["", "-1", "41", "1e3"],
    "phone": ["hej", "0" * 60, "070\x07123456", "121212-1212", "🚒🚒🚒🚒🚒🚒"],
    "transport": ["rymdskepp", "\ud83d"],
    "need_sight": ["-1", "21", "121", "många"],
    "hittepa": ["1"],
    "version": ["-1", "x"],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in BAD.items() for value in values]
)
async def test_what_cannot_be_right_is_told_and_nothing_is_lost(teacher, cast, slot, field, value):
    typed = {"phone": "0413-280 00", field: value.encode("utf-8", "replace").decode()}
    page = await teacher.get("/boka")
    form = {**teacher.fields(page, "/boka/granska"), **choice(slot), **typed}
    review = teacher.fields(await checked(teacher, slot), "/boka")

    answers = [
        await teacher.post_fields("/boka/granska", form),
        await teacher.post_fields("/boka", {**review, **typed}),
    ]

    for answer in answers:
        assert answer.status_code == 422, answer.text
        assert "<title>Fel:" in answer.text
        kept = teacher.fields(answer, "/boka/granska")
        assert field == "phone" or kept["phone"] == "0413-280 00"
    assert await all_bookings(cast) == []


@pytest.mark.parametrize("klass", ["", "x", "0", "-1", "987654", "99999999999999999999"])
async def test_an_unknown_class_is_not_there(teacher, slot, klass):
    form = teacher.fields(await checked(teacher, slot), "/boka") | {"klass": klass}

    answers = [
        await teacher.get("/boka", params={"klass": klass}),
        *[
            await teacher.post_fields(path, form)
            for path in ("/boka", "/boka/granska", "/boka/andra")
        ],
    ]

    assert {answer.status_code for answer in answers} == {404}


async def test_classes_slots_and_bookings_of_others_are_not_there(
    teacher, cast, context, slot, sign_in
):
    number = await booked_by(context, cast.second_teacher, cast.second_class, slot)
    theirs = await all_bookings(cast)
    foreign = await sign_in(cast.foreign_coordinator)
    pages = [f"/boka/{number}{rest}" for rest in ("", ".ics", "/andra", "/avboka")]

    answers = [
        await teacher.get(f"/boka?klass={cast.second_class.id}"),
        *[
            await browser.get(f"/boka/{number}{page}")
            for browser in (teacher, foreign)
            for page in pages
        ],
        await teacher.get(f"/boka/klart/{number}"),
        await teacher.get(f"/narvaro/{number}"),
        *[
            await teacher.post_fields(
                "/boka", {**teacher.fields(await checked(teacher, slot), "/boka"), **wanted}
            )
            for wanted in ({"klass": str(cast.second_class.id)}, {"slot": "987654"})
        ],
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert await all_bookings(cast) == theirs


@pytest.mark.parametrize(
    "number",
    [
        "1",
        "000000",
        "99999999999999999999",
        "9" * 5000,
        "417302x",
        "x.ics",
        "-417302",
        "٤١٧٣٠٢",
        "%00",
    ],
)
async def test_a_number_nobody_has_is_not_there(teacher, number):
    for path in (f"/boka/{number}", f"/boka/{number}/andra", f"/boka/klart/{number}"):
        assert (await teacher.get(path)).status_code == 404


async def test_an_expired_session_leads_back_to_the_page(teacher, clock, slot):
    review = await checked(teacher, slot)
    clock.advance(timedelta(days=20))

    page, form = await teacher.get("/boka?klass=1"), await teacher.send_form(review, "/boka")

    assert page.headers["location"] == "/logga-in?till=%2Fboka%3Fklass%3D1"
    assert form.status_code == 401


async def test_a_form_carried_from_one_person_to_another_is_refused(teacher, cast, slot, sign_in):
    review = await checked(teacher, slot)
    other = await sign_in(cast.second_teacher)

    answer = await other.post_fields("/boka", teacher.fields(review, "/boka"))

    assert answer.status_code == 403
    assert await all_bookings(cast) == []


async def test_a_class_of_another_municipality_is_not_bookable(cast, slot, sign_in):
    school = await stored_school(cast.other, "Bokskolan")
    foreign = await stored_class(cast.other, school, "4", teacher="larare.ek@skola.example")
    coordinator = await sign_in(cast.coordinator)

    assert (await coordinator.get(f"/boka?klass={foreign.id}")).status_code == 404
