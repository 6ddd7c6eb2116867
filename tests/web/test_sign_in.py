"""Signing in and out as a person does it, and what a broken program or a thief sends."""

import re
from email import message_from_string, policy

import pytest
from structlog.testing import capture_logs
from visiting import Visiting

from blaljus.settings import Mode, Settings
from blaljus.store import tables as t
from blaljus.usecases.access.demo_links import DemoLinks
from blaljus.usecases.access.sign_in import make_operator_link
from blaljus.web.app import create_app
from blaljus.web.http.cookies import session_cookie_name
from blaljus.web.render import local_path

TEACHER = "larare.ek@skola.example"


async def ask(browser, address=TEACHER, till="/"):
    page = await browser.get("/logga-in", params={"till": till})
    return await browser.send_form(page, "/logga-in", {"address": address})


async def letter():
    row = await t.OutboxMessage.select().order_by(t.OutboxMessage.id, ascending=False).first()
    body = message_from_string(row["mime"], policy=policy.default).get_body(("plain",))
    text = body.get_content()
    return re.search(r"/in/\S+", text)[0], re.search(r"\b\d{6}\b", text)[0]


async def press(browser, link):
    page = await browser.get(link)
    assert page.status_code == 200
    return await browser.send_form(page, link.partition("?")[0])


async def is_in(browser):
    return (await browser.get("/konto")).status_code == 200


async def test_a_page_asked_for_leads_over_the_mail_back_to_it(cast, client):
    asked = await client.get("/konto?a=1&b=2")
    assert asked.headers["location"] == "/logga-in?till=%2Fkonto%3Fa%3D1%26b%3D2"
    page = await client.follow(asked)
    sent = await client.follow(await client.send_form(page, "/logga-in", {"address": TEACHER}))
    link, _ = await letter()

    inside = await press(client, link)

    assert sent.status_code == 200
    assert inside.headers["location"] == "/konto?a=1&b=2"
    assert (await client.follow(inside)).status_code == 200


async def test_a_link_does_nothing_until_its_button_is_pressed(cast, client):
    await ask(client)
    link, _ = await letter()

    page = await client.get(link)

    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert not await is_in(client)


async def test_a_link_opened_elsewhere_sends_one_back_and_the_code_works(cast, visit):
    here, phone = visit(), visit()
    await ask(here)
    link, code = await letter()

    elsewhere = await phone.get(link)
    assert elsewhere.status_code == 403
    assert "annan webbläsare" in elsewhere.text
    page = await here.get("/logga-in/skickat")
    inside = await here.send_form(page, "/logga-in/kod", {"code": f"{code[:3]} {code[3:]}"})

    assert inside.status_code == 303
    assert await is_in(here)
    assert not await is_in(phone)


@pytest.mark.parametrize("code", ["000000x", "12345", "", "1234567", "ettvåt"])
async def test_what_is_no_code_is_said_so_and_kept(client, code):
    page = await client.get("/logga-in/skickat?till=/konto")

    answer = await client.send_form(page, "/logga-in/kod", {"code": code})

    assert answer.status_code == 422
    assert "sex siffror" in answer.text
    fields = client.fields(answer, "/logga-in/kod")
    assert (fields["code"], fields["till"]) == (code, "/konto")


async def test_a_wrong_code_is_an_error_not_a_way_in(cast, client):
    await ask(client)
    _, code = await letter()
    page = await client.get("/logga-in/skickat")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    answer = await client.send_form(page, "/logga-in/kod", {"code": wrong})

    assert answer.status_code == 422
    assert "stämmer inte" in answer.text
    assert not await is_in(client)


@pytest.mark.parametrize(
    "address",
    ["", "  ", "namn", "a@", "@b", "a@b@c", "a b@c", "a@b\nBcc: c@d", "a" * 300 + "@b.se"],
)
async def test_what_is_no_address_is_said_so_and_kept(client, address):
    answer = await ask(client, address)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert await t.OutboxMessage.count() == 0


async def test_the_answer_does_not_tell_who_has_an_account(cast, visit):
    answers = []
    for address in (TEACHER, "ingen@skola.example"):
        answer = await ask(visit(), address)
        varying = {"x-request-id", "set-cookie"}
        headers = {name: text for name, text in answer.headers.items() if name not in varying}
        answers.append((answer.status_code, headers, answer.text))

    assert answers[0] == answers[1]
    assert await t.OutboxMessage.count() == 1


async def test_asking_too_often_is_refused_in_words(cast, client):
    for _ in range(5):
        assert (await ask(client)).status_code == 303

    answer = await ask(client)

    assert answer.status_code == 429
    assert answer.headers["retry-after"]


async def test_links_that_ended_and_links_nobody_made(cast, client):
    await ask(client)
    link, _ = await letter()
    page = await client.get(link)
    action = link.partition("?")[0]
    await client.send_form(page, action)

    assert (await client.get(link)).status_code == 410
    assert (await client.get("/in/" + "x" * 43)).status_code == 404
    assert (await client.get("/in/%00")).status_code == 404


async def test_the_session_id_is_new_at_each_sign_in_and_a_foreign_one_is_not_taken(
    cast, visit, settings
):
    name = session_cookie_name(settings)
    planted = visit({name: "jag-valde-den"})
    await ask(planted)
    inside = await press(planted, (await letter())[0])
    first = inside.cookies[name]

    assert first != "jag-valde-den"
    assert not await is_in(visit({name: "jag-valde-den"}))


async def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(
    sign_in, visit, cast, settings
):
    browser = await sign_in(cast.teacher)
    kept = dict(browser.cookies)
    page = await browser.get("/konto")

    out = await browser.send_form(page, "/ut")

    assert out.headers["location"] == "/"
    assert not await is_in(browser)
    assert not await is_in(visit(kept))


async def test_a_page_left_open_over_a_sign_out_is_refused_not_obeyed(sign_in, cast):
    browser = await sign_in(cast.teacher)
    page = await browser.get("/konto")
    fields = browser.fields(page, "/konto/sprak")
    await browser.send_form(page, "/ut")

    answer = await browser.post_fields("/konto/sprak", {**fields, "language": "en"})

    assert answer.status_code == 401


async def test_people_see_and_end_their_other_browsers(sign_in, cast):
    here, there = await sign_in(cast.teacher), await sign_in(cast.teacher)
    page = await here.get("/konto")
    action = re.search(r'action="(/konto/inloggning/\d+)"', page.text)[1]

    await here.send_form(page, action)

    assert await is_in(here)
    assert not await is_in(there)


async def test_the_language_of_pages_and_mail_is_ones_own_choice(sign_in, cast, client):
    browser = await sign_in(cast.teacher)
    page = await browser.get("/konto")

    answer = await browser.send_form(page, "/konto/sprak", {"language": "en"})

    assert '<html lang="en">' in (await browser.follow(answer)).text
    await ask(client)
    assert "Sign in" in (await t.OutboxMessage.select().first())["subject"]


@pytest.mark.parametrize("language", ["xx", "sv-SE", "%00"])
async def test_a_language_we_do_not_speak_is_not_found(client, language):
    assert (await client.get(f"/sprak/{language}")).status_code == 404


async def test_nothing_secret_is_logged(cast, client):
    with capture_logs() as logs:
        await ask(client, till="/konto?hemlig=1")
        link, code = await letter()
        await press(client, link)
        await client.get("/finns-inte/hemlig")

    written = repr(logs)
    token = link.removeprefix("/in/").partition("?")[0]
    for secret in (token, code, TEACHER, "hemlig", "skola.example", "192.0.2"):
        assert secret not in written
    assert {"/logga-in", "/in/{token}"} <= {line.get("route") for line in logs}


async def test_an_operators_link_signs_in_whoever_holds_it(cast, client, context):
    link = (await make_operator_link(TEACHER, context=context)).removeprefix(context.base_url)

    await press(client, link)

    assert await is_in(client)


async def test_demo_links_work_again_and_again_in_a_demo(cast, store, clock):
    links = DemoLinks()
    token = links.add(cast.teacher.account)
    settings = Settings(mode=Mode.DEMO, database_url=store.url, secret="s" * 40)
    app = create_app(settings, clock=clock, demo_links=links)
    for _ in range(2):
        async with Visiting(app) as browser:
            await press(browser, f"/in/{token}")
            assert await is_in(browser)


def test_demo_links_are_refused_in_production(settings):
    with pytest.raises(ValueError, match="demo"):
        create_app(settings, demo_links=DemoLinks())


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "https://ond.example/",
        "//ond.example",
        "///ond.example",
        "/\\ond.example",
        "\\\\ond.example",
        "javascript:alert(1)",
        "konto",
        "/\tkonto",
        "/ konto",
        "/\r\nSet-Cookie: a=b",
        "/" + "a" * 600,
    ],
)
def test_only_paths_of_ours_are_gone_back_to(text):
    assert local_path(text, "/hem") == "/hem"


@pytest.mark.parametrize("text", ["/", "/boka?vecka=42", "/personal/tider#v42", "/a//b", "/boka/å"])
def test_paths_of_ours_are_kept(text):
    assert local_path(text, "/hem") == text
