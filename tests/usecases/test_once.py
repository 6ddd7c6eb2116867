"""A form acts once, whatever is clicked, repeated or raced."""

import asyncio
from dataclasses import replace

import pytest
from factories import Cast, a_key

from blaljus.domain.booking import BookingRefusedError, Refusal
from blaljus.domain.errors import BlaljusError, BusyError
from blaljus.domain.staffing import StaffingRefusal, StaffingRefusedError
from blaljus.store import accounts
from blaljus.store import tables as t
from blaljus.usecases.once import FormKey, KeyReusedError, error_named, hash_of, once


@pytest.fixture
def change(cast: Cast):
    """A change that leaves a trace each time it is run, and counts itself."""

    async def changed():
        changed.runs += 1
        await accounts.add_account(f"spar.{changed.runs}@blaljus.example")
        return {"number": 417302, "run": changed.runs}

    changed.runs = 0
    return changed


async def traces() -> int:
    return await t.Account.count().where(t.Account.address.like("spar.%"))


async def test_a_repeat_gets_the_first_answer_and_changes_nothing(cast, change):
    key = a_key()

    first = await once(cast.teacher, key, change)
    again = await once(cast.teacher, key, change)

    assert first == again == {"number": 417302, "run": 1}
    assert await traces() == 1


async def test_the_same_key_for_another_content_is_refused(cast, change):
    key = a_key()
    await once(cast.teacher, key, change)

    with pytest.raises(KeyReusedError):
        await once(cast.teacher, replace(key, body_hash="annat"), change)
    assert await traces() == 1


async def test_people_do_not_share_keys(cast, change):
    key = a_key()

    answers = [await once(person, key, change) for person in (cast.teacher, cast.second_teacher)]

    assert [answer["run"] for answer in answers] == [1, 2]


@pytest.mark.parametrize(
    "refusal",
    [
        BookingRefusedError([Refusal.FULL, Refusal.TOO_LATE]),
        StaffingRefusedError([StaffingRefusal.ELSEWHERE]),
    ],
)
async def test_a_refusal_changes_nothing_and_is_the_same_when_repeated(cast, change, refusal):
    key, caught = a_key(), []

    async def refused():
        await change()
        raise refusal

    for attempt in (refused, change):
        with pytest.raises(type(refusal)) as error:
            await once(cast.teacher, key, attempt)
        caught.append(error.value)

    assert [error.refusals for error in caught] == [refusal.refusals] * 2
    assert await traces() == 0


async def test_a_refused_key_does_not_serve_another_content(cast, change):
    key = a_key()

    async def refused():
        raise BookingRefusedError([Refusal.FULL])

    with pytest.raises(BookingRefusedError):
        await once(cast.teacher, key, refused)
    with pytest.raises(KeyReusedError):
        await once(cast.teacher, replace(key, body_hash="annat"), change)


async def test_a_busy_database_is_no_answer_so_the_form_may_be_sent_again(cast, change):
    key = a_key()

    async def busy():
        raise BusyError(patience=0)

    with pytest.raises(BusyError):
        await once(cast.teacher, key, busy)

    assert (await once(cast.teacher, key, change))["run"] == 1


async def test_a_fault_leaves_nothing_behind(cast, change):
    key = a_key()

    async def faulty():
        await change()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await once(cast.teacher, key, faulty)

    assert await traces() == 0
    assert (await once(cast.teacher, key, change))["run"] == 2


async def test_of_many_simultaneous_clicks_one_acts_and_all_get_its_answer(cast, change):
    key = a_key()

    async def slow():
        answer = await change()
        await asyncio.sleep(0.02)
        return answer

    answers = await asyncio.gather(*(once(cast.teacher, key, slow) for _ in range(8)))

    assert await traces() == 1
    assert len({tuple(answer.items()) for answer in answers}) == 1


async def test_of_simultaneous_refusals_all_are_the_same(cast, change):
    key = a_key()

    async def slow():
        await asyncio.sleep(0.02)
        raise BookingRefusedError([Refusal.FULL])

    answers = await asyncio.gather(
        *(once(cast.teacher, key, slow) for _ in range(8)), return_exceptions=True
    )

    assert {type(answer) for answer in answers} == {BookingRefusedError}
    assert {answer.refusals for answer in answers} == {(Refusal.FULL,)}


def test_content_and_address_tell_forms_apart():
    plain = hash_of("/boka", [("slot", "1"), ("pupils", "20")])

    assert plain == hash_of("/boka", [("slot", "1"), ("pupils", "20")])
    assert plain != hash_of("/byt", [("slot", "1"), ("pupils", "20")])
    assert plain != hash_of("/boka", [("slot", "1"), ("pupils", "21")])
    assert hash_of("/", [("a", "b"), ("c", "")]) != hash_of("/", [("a", "b\x00c")])


@pytest.mark.parametrize(
    "text", ["", "kort", "x" * 65, "med mellanslag här", "å" * 20, "a" * 20 + "\n"]
)
def test_what_we_did_not_hand_out_is_no_key(text):
    assert not FormKey.is_key(text)


def test_every_error_is_found_by_its_code():
    for error in BlaljusError.__subclasses__():
        if error.__module__.startswith("blaljus"):
            assert error_named(error.code) is error
