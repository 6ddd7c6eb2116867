"""A plain letter that waits: its subject among the answers, all of it on a page and as a file."""

import pytest
from reply_letters import a_letter, lookup

from blaljus.domain.replies import ReplyState
from blaljus.store import replies
from blaljus.store import tables as t
from blaljus.store.transaction import observers
from blaljus.usecases.replies.judging import judge_new
from blaljus.usecases.replies.originals import SHOWN
from blaljus.usecases.replies.receiving import take_letter
from blaljus.usecases.replies.unowned import give_letter

HOME = "/samordnare/svar"
WRITER = "anna@okand.example"
TEXT = "Jag kan nog, men jag måste fråga chefen."
SUBJECT = "SV: Kan du? Polis"


@pytest.fixture
def written(cast, context, clock):
    """Let a letter wait in Höör and return (its page, what came)."""

    async def write(raw=None, *, sender=WRITER):
        raw = raw or a_letter("letter", to=context.replies.of(cast.officer.account), sender=sender)
        await take_letter(raw, clock=clock)
        await judge_new(context, lookup=lookup)
        number = await t.Reply.select(t.Reply.id).order_by(t.Reply.id, ascending=False).first()
        await give_letter(context, number["id"], cast.municipality.id)
        return f"{HOME}/{number['id']}", raw

    return write


@pytest.fixture
async def browser(sign_in, cast):
    """The coordinator's."""
    return await sign_in(cast.coordinator)


def a_long_one(text, kind="text/plain"):
    """A letter of a stranger with some text."""
    head = f"From: {WRITER}\r\nSubject: <b>Hej</b>\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n"
    return (head + text).encode()


async def test_a_letter_that_waits_shows_its_subject_and_leads_to_all_of_it(browser, written):
    path, raw = await written()

    listed = await browser.get(HOME)
    page = await browser.get(path)
    file = await browser.get(f"{path}/eml")

    assert SUBJECT in listed.text
    assert f'href="{path}"' in listed.text
    for text in (f"<h1>{SUBJECT}</h1>", TEXT, "Du är tillfrågad", WRITER, f'"{path}/eml"'):
        assert text in page.text
    assert file.content == raw
    assert file.headers["content-type"] == "message/rfc822"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["x-content-type-options"] == "nosniff"


async def test_what_a_letter_holds_is_shown_as_text_up_to_a_limit(browser, written):
    path, _ = await written(a_long_one("<script>alert(1)</script>" + "x" * SHOWN + "slutet"))

    listed, page = await browser.get(HOME), await browser.get(path)

    for shown in (listed.text, page.text):
        assert "&lt;b&gt;Hej&lt;/b&gt;" in shown
        assert "<b>Hej" not in shown
        assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in page.text
    assert "slutet" not in page.text
    assert "Här visas bara början." in page.text


async def test_a_letter_without_plain_text_is_a_file_alone(browser, written):
    path, raw = await written(a_long_one("<p>Hej</p>", kind="text/html"))

    page = await browser.get(path)

    assert "Brevet har ingen text som kan visas här." in page.text
    assert "<p>Hej</p>" not in page.text
    assert (await browser.get(f"{path}/eml")).content == raw


async def test_only_the_coordinators_of_the_municipality_find_a_letter(sign_in, cast, written):
    path, _ = await written()

    for person in (cast.foreign_coordinator, cast.teacher, cast.officer):
        stranger = await sign_in(person)
        for address in (path, f"{path}/eml"):
            answer = await stranger.get(address)
            assert answer.status_code == 404
            assert TEXT not in answer.text


@pytest.mark.parametrize("protected", ["the writer's account", "the address", "since it waits"])
async def test_a_protected_persons_letter_is_found_by_nobody(protected, browser, written):
    become = t.StaffMember.update({t.StaffMember.protected: True}, force=True)
    sender = WRITER if protected == "the writer's account" else "police-1@blaljus.example"
    if protected != "since it waits":
        await become
    raw = a_long_one(TEXT).replace(WRITER.encode(), sender.encode())
    path, _ = await (
        written(sender=sender) if protected == "the writer's account" else written(raw)
    )
    if protected == "since it waits":
        await become

    listed = await browser.get(HOME)

    assert "Skrev ett brev" in listed.text
    for private in (SUBJECT, "&lt;b&gt;Hej", "Läs hela brevet", path, sender):
        assert private not in listed.text
    for address in (path, f"{path}/eml"):
        assert (await browser.get(address)).status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"state": ReplyState.LEFT.value}, {"letter": "", "sender": ""}, {"answer": "no"}],
    ids=["decided", "emptied", "an answer"],
)
async def test_what_is_no_waiting_letter_is_not_read(change, browser, written):
    path, _ = await written()

    await replies.save_reply(int(path.rpartition("/")[2]), change)

    assert "Läs hela brevet" not in (await browser.get(HOME)).text
    for address in (path, f"{path}/eml"):
        assert (await browser.get(address)).status_code == 404


async def test_many_letters_cost_as_many_statements_as_one(browser, written):
    async def cost():
        said = []
        observers.append(said.append)
        page = await browser.get(HOME)
        observers.clear()
        return page.text.count("Läs hela brevet"), len(said)

    await written()
    await browser.get(HOME)  # the first look notes that the session is in use
    one, few = await cost()
    for _ in range(4):
        await written()

    five, many = await cost()

    assert (one, five) == (1, 5)
    assert many == few
