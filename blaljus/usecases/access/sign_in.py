"""Signing in without passwords: a mailed link or its code, a link from an operator, the demo's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from secrets import randbelow, token_urlsafe
from urllib.parse import urlencode

from blaljus.clock import Clock
from blaljus.domain.errors import BlaljusError, NotFoundError
from blaljus.domain.localtime import local_day
from blaljus.mail.addresses import UnmailableError, ascii_address
from blaljus.store import sessions as session_store
from blaljus.store import sign_in as store
from blaljus.store.accounts import Address, address_key, find_account, get_person
from blaljus.store.engine import transactional
from blaljus.store.sign_in import Link
from blaljus.usecases.access.limits import Limit, network_of, site_of, take_one_of_each
from blaljus.usecases.access.sessions import ID_BYTES, NewSession, hashed, start_session
from blaljus.usecases.access.sign_in_letter import owe_letter
from blaljus.usecases.context import Context

LINK_LIFE = timedelta(minutes=10)
"""Long enough for slow mail, short enough for a mailbox left open."""

OPERATOR_LINK_LIFE = timedelta(hours=24)
"""An operator hands it over by other means, to somebody who may be away for the day."""

MAX_CODE_ATTEMPTS = 5
"""Of a million codes: one chance in 200,000 per mail."""

ASKED_FROM_SITE = Limit(size=5, every=timedelta(minutes=5))
"""For one address from one place: twelve letters an hour, whoever sits there."""

ASKED_PER_ADDRESS = Limit(size=20, every=timedelta(minutes=1))
"""From everywhere: nobody's mailbox is filled by others. It takes people at five places, all the
time, to keep this one empty for somebody else."""

ASKED_WHERE_KNOWN = Limit(size=5, every=timedelta(minutes=5))
"""In a browser where the very account was signed in: no stranger can empty that one."""

ASKED_PER_PEER = Limit(size=60, every=timedelta(seconds=10))
"""A municipality's schools may share one address of the network."""

CODES_PER_PEER = Limit(size=60, every=timedelta(seconds=10))

CODES_PER_ACCOUNT = Limit(size=20, every=timedelta(minutes=5))
"""Wrong codes, over all mails of an account."""


class LinkUsedError(BlaljusError):
    """The link was used, or is too old."""

    code = "link-used"


class LinkState(StrEnum):
    """What a link can do in this browser."""

    READY = "ready"
    OTHER_BROWSER = "other-browser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Who knocks: the browser's secret cookie, its kind, where it sits, its session until now."""

    secret: str
    user_agent: str = ""
    peer: str = ""
    session: tuple[int, int] | None = None
    """(account, session) when somebody is signed in already: that session ends."""
    cookie: str = ""
    """The session's id that it sends, though that may have ended by itself."""


@transactional
async def ask_for_link(address: str, browser: Browser, then: str, *, context: Context) -> None:
    """Owe a letter with a link and a code, or do as much work for an address nobody has.

    `then` is a path of ours to go to after sign-in. Raises `TooManyError`.
    """
    now = context.clock()
    account = await find_account(address)
    known = await session_store.find_account(hashed(browser.cookie))
    is_own = account is not None and account.id == known
    await take_one_of_each(_asking(address, browser, is_own=is_own), now)
    token, code = token_urlsafe(ID_BYTES), f"{randbelow(1_000_000):06}"
    stand_in = Address(id=0, address=address, language="sv")
    await owe_letter(account or stand_in, _link_url(context, token, then), code, context=context)
    await store.add_link(
        account.id if account else None,
        token_hash=hashed(token),
        browser_hash=hashed(browser.secret),
        code_hash=_code_hash(browser, code),
        expires_at=now + LINK_LIFE,
    )


def _asking(address: str, browser: Browser, *, is_own: bool) -> dict[str, Limit]:
    """Return what an ask for a letter is counted under.

    Where the account was signed in before, the browser alone counts: neither strangers elsewhere
    nor those beside one at school can keep a person out there.
    """
    key = address_key(address)
    if is_own:
        return {f"ask:{key} known:{hashed(browser.cookie)}": ASKED_WHERE_KNOWN}
    return {
        f"ask:{key}": ASKED_PER_ADDRESS,
        f"ask:{key} from:{site_of(browser.peer)}": ASKED_FROM_SITE,
        f"ask from:{network_of(browser.peer)}": ASKED_PER_PEER,
    }


@transactional
async def make_operator_link(address: str, *, context: Context) -> str:
    """Return a full address that signs the person in: once, for 24 hours, in any browser.

    Raises `NotFoundError` when no active account has the address.
    """
    account = await find_account(address)
    if account is None:
        raise NotFoundError
    token = token_urlsafe(ID_BYTES)
    await store.add_link(
        account.id,
        token_hash=hashed(token),
        browser_hash=None,
        code_hash=None,
        expires_at=context.clock() + OPERATOR_LINK_LIFE,
    )
    return _link_url(context, token, "/")


async def look_at_link(token: str, browser: Browser, *, clock: Clock) -> LinkState:
    """Return what a link can do here and change nothing: mail programs open links too.

    Raises `NotFoundError` for an unknown one, `LinkUsedError` for one that has ended.
    """
    return _state(await store.peek_link(hashed(token)), browser, clock())


@transactional
async def open_link(token: str, browser: Browser, *, clock: Clock) -> NewSession | None:
    """Use up a link and start a session; `None` when it belongs to another browser.

    Raises `NotFoundError` for an unknown one, `LinkUsedError` for one that has ended.
    """
    now = clock()
    link = await store.find_link(hashed(token))
    if _state(link, browser, now) is LinkState.OTHER_BROWSER:
        return None
    assert link is not None  # noqa: S101 -- `_state` has refused it
    return await _enter(link, browser, now)


async def sign_in_with_code(code: str, browser: Browser, *, clock: Clock) -> NewSession | None:
    """Use the code of a letter that this browser asked for; `None` when it is wrong or too old.

    Raises `TooManyError`.
    """
    return await _try_code(code, browser, clock())


@transactional
async def _try_code(code: str, browser: Browser, now: datetime) -> NewSession | None:
    await take_one_of_each({f"code from:{network_of(browser.peer)}": CODES_PER_PEER}, now)
    links = await store.list_links_of_browser(hashed(browser.secret), now=now)
    live = [link for link in links if link.code_attempts < MAX_CODE_ATTEMPTS]
    expected = _code_hash(browser, code)
    hit = next((link for link in live if compare_digest(link.code_hash or "", expected)), None)
    if hit is not None:
        return await _enter(hit, browser, now)
    tries = {f"code:{link.account}": CODES_PER_ACCOUNT for link in live}
    await take_one_of_each(tries, now)
    # Not raised: the count of wrong codes must be kept.
    await store.count_attempts([link.id for link in live])
    return None


@transactional
async def enter_demo(account: int, browser: Browser, *, clock: Clock) -> NewSession:
    """Start a session by a link of the demo, which is not used up."""
    return await _start(account, browser, clock())


def is_mailable(address: str) -> bool:
    """Return whether a letter can go to an address, whoever has it."""
    try:
        ascii_address("to", address)
    except UnmailableError:
        return False
    return True


def _state(link: Link | None, browser: Browser, now: datetime) -> LinkState:
    if link is None:
        raise NotFoundError
    if link.used_at is not None or link.expires_at <= now:
        raise LinkUsedError
    ours = link.browser_hash in (None, hashed(browser.secret))
    return LinkState.READY if ours else LinkState.OTHER_BROWSER


async def _enter(link: Link, browser: Browser, now: datetime) -> NewSession:
    if not await store.use_link(link.id, now=now):
        raise LinkUsedError
    return await _start(link.account, browser, now)


async def _start(account: int, browser: Browser, now: datetime) -> NewSession:
    person = await get_person(account, local_day(now))
    if browser.session is not None:
        before, session = browser.session
        await session_store.revoke_session(session, before, now=now)
    return await start_session(account, person.roles, browser.user_agent, now=now)


def _code_hash(browser: Browser, code: str) -> str:
    # With the browser's secret, which is stored nowhere: six digits alone could be tried out.
    return hashed(f"{browser.secret}:{code}")


def _link_url(context: Context, token: str, then: str) -> str:
    query = "" if then == "/" else "?" + urlencode({"till": then})
    return context.url(f"/in/{token}{query}")
