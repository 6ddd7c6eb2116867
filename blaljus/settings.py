"""Every setting in one frozen dataclass, read once from `BLALJUS_…` variables."""

import ipaddress
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal
from urllib.parse import urlsplit

from blaljus.environment import PREFIX, Environment
from blaljus.randomness import is_random_enough

MAKE_ONE = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
DEFAULT_DATABASE = "sqlite:///data/blaljus.sqlite"
DEFAULT_ADDRESS = "http://127.0.0.1:8000"
_REPLY_ADDRESS = re.compile(r"(?=[^@]{1,38}@)[A-Za-z0-9._+=-]*\*[A-Za-z0-9._+=-]*@[A-Za-z0-9.-]+")
"""One `*`, which becomes up to 27 characters of the 64 that stand before an @."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Mode(StrEnum):
    """How strict the start is. A demo may make up its secret and switch on failpoints."""

    PRODUCTION = "production"
    DEMO = "demo"


class SettingsError(ValueError):
    """The settings cannot be used; `problems` says in words what is wrong, all at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator decides. Values that hold passwords are left out of the repr."""

    mode: Mode = Mode.PRODUCTION
    """`production`, or `demo` for a machine where nothing is real."""
    database_url: str = field(default=DEFAULT_DATABASE, repr=False)
    """`sqlite:///relative/path`, `sqlite:////absolute/path` or `postgresql://…`."""
    base_url: str = DEFAULT_ADDRESS
    """Where people reach us, without a final slash; https except on this machine."""
    secret: str = field(default="", repr=False)
    """Key that signs what we hand out: at least 32 random characters."""
    old_secrets: tuple[str, ...] = field(default=(), repr=False)
    """Former keys, newest first, still good for checking; comma separated."""
    smtp_url: str | None = field(default=None, repr=False)
    """`smtp://`, `smtps://` or `smtp+starttls://`, `user:password@host:port`; unset: mail waits."""
    mail_per_minute: int = 0
    """Letters sent in a minute at most, 1-10000; 0: as fast as the server takes them."""
    mail_from: str = "blaljus@localhost"
    """Sender and organizer of every invitation."""
    reply_address: str | None = None
    """Where replies come, `blaljus+*@kommunen.se`; `*`: each one's secret. Unset: none are read."""
    imap_url: str | None = field(default=None, repr=False)
    """`imaps://user:password@host/INBOX`: a mailbox of replies; `imap://` on this machine only."""
    mail_domain: str = "localhost"
    """Right side of UIDs and Message-IDs; that of `mail_from` when unset. Never change it."""
    host: str = "127.0.0.1"
    """Address the web server listens on."""
    port: int = 8000
    """Port the web server listens on, 0-65535; 0 takes a free one."""
    workers: int = 1
    """Web server processes, 1-64."""
    planning_seconds: int = 60
    """How long the planner searches for a better plan, 0-3600; 0: the quick plan alone."""
    log_format: Literal["json", "console"] = "json"
    """`json` for machines, `console` for people; unset: json in production."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks whose X-Forwarded headers are believed; comma separated, never everyone."""
    loopback_calendars: bool = False
    """`yes`: people's calendars may lie on this machine, without https; refused in production."""
    failpoints: str = ""
    """Faults switched on for tests, `name=sleep:0.05,other=crash`; refused in production."""

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are Secure, and so may be named `__Host-…`: on https only."""
        return self.base_url.startswith("https://")

    @property
    def secrets(self) -> tuple[str, ...]:
        """All keys that still check, the signing one first."""
        return (self.secret, *self.old_secrets)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`, or raise `SettingsError` with every problem.

    Unset and empty mean the default. In demo mode a missing secret is made up and kept beside
    the SQLite file, so that web, worker and the next start agree.
    """
    given = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX)}
    reader = Environment({name: value for name, value in given.items() if value})
    settings = _read(reader)
    problems = [*reader.unknown(), *reader.problems, *_contradictions(settings)]
    if problems:
        raise SettingsError(problems)
    return settings


def _read(reader: Environment) -> Settings:
    mode = Mode(reader.choice("MODE", "production", "demo"))
    database_url, mail_from = _database_url(reader), _mail_from(reader)
    formats = ("json", "console") if mode is Mode.PRODUCTION else ("console", "json")
    return Settings(
        mode=mode,
        database_url=database_url,
        base_url=reader.url("BASE_URL", DEFAULT_ADDRESS, "http", "https").rstrip("/"),
        secret=_secret(reader, mode, database_url),
        old_secrets=reader.parts("OLD_SECRETS"),
        smtp_url=reader.url("SMTP_URL", "", "smtp", "smtps", "smtp+starttls") or None,
        mail_per_minute=reader.number("MAIL_PER_MINUTE", 0, 0, 10_000),
        mail_from=mail_from,
        reply_address=_reply_address(reader),
        imap_url=reader.url("IMAP_URL", "", "imaps", "imap") or None,
        mail_domain=reader.text("MAIL_DOMAIN", mail_from.rpartition("@")[2]),
        host=reader.text("HOST", "127.0.0.1"),
        port=reader.number("PORT", 8000, 0, 65535),
        workers=reader.number("WORKERS", 1, 1, 64),
        planning_seconds=reader.number("PLANNING_SECONDS", 60, 0, 3600),
        log_format="json" if reader.choice("LOG_FORMAT", *formats) == "json" else "console",
        trusted_proxies=_networks(reader),
        loopback_calendars=reader.choice("LOOPBACK_CALENDARS", "no", "yes") == "yes",
        failpoints=reader.text("FAILPOINTS", ""),
    )


def _database_url(reader: Environment) -> str:
    value = reader.url("DATABASE_URL", DEFAULT_DATABASE, "sqlite", "postgresql")
    if value.startswith("sqlite:") and not Path(value.removeprefix("sqlite:///")).name:
        reader.refuse("DATABASE_URL", "names no file: sqlite:///relative or sqlite:////absolute")
    return value


def _mail_from(reader: Environment) -> str:
    value = reader.text("MAIL_FROM", "blaljus@localhost")
    name, at, domain = value.partition("@")
    if not (name and at and domain and value.isprintable()) or {*" <>,@"} & {*name, *domain}:
        reader.refuse("MAIL_FROM", f"is {value!r}; it must be a bare address, name@domain")
    return value


def _reply_address(reader: Environment) -> str | None:
    value = reader.text("REPLY_ADDRESS", "")
    if value and not _REPLY_ADDRESS.fullmatch(value):
        example = "blaljus+*@kommunen.se"
        reader.refuse("REPLY_ADDRESS", f"is {value!r}; it must be an address such as {example}")
    return value or None


def _networks(reader: Environment) -> tuple[str, ...]:
    networks = reader.parts("TRUSTED_PROXIES")
    for network in networks:
        with suppress(ValueError):
            if ipaddress.ip_network(network).prefixlen:
                continue
        reader.refuse("TRUSTED_PROXIES", f"holds {network!r}; name addresses or networks")
    return networks


def _secret(reader: Environment, mode: Mode, database_url: str) -> str:
    value = reader.text("SECRET", "")
    if not value and mode is Mode.DEMO:
        return _demo_secret(database_url)
    if not is_random_enough(value):
        what = "is short, an example or a pattern" if value else "is not set"
        reader.refuse("SECRET", f"{what}; {MAKE_ONE}")
    return value


def _demo_secret(database_url: str) -> str:
    """Return the secret kept beside the SQLite file, made the first time; else a passing one."""
    made = secrets.token_urlsafe(48)
    if not database_url.startswith("sqlite:///"):
        return made
    kept = Path(database_url.removeprefix("sqlite:///")).with_suffix(".demo-secret")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=kept.parent) as draft:
        draft.write(made)
        draft.flush()
        with suppress(FileExistsError):
            kept.hardlink_to(draft.name)
    return kept.read_text()


def _contradictions(settings: Settings) -> list[str]:
    """Return what is wrong with values that are right one by one."""
    found = []
    if not all(map(is_random_enough, settings.old_secrets)):
        found.append("BLALJUS_OLD_SECRETS holds one that is short, an example or a pattern.")
    if settings.mode is Mode.DEMO:
        return found
    if settings.loopback_calendars:
        found.append("BLALJUS_LOOPBACK_CALENDARS is for demos; unset it, or set BLALJUS_MODE=demo.")
    if settings.failpoints:
        found.append("BLALJUS_FAILPOINTS is for tests; unset it, or set BLALJUS_MODE=demo.")
    if not (settings.secure_cookies or urlsplit(settings.base_url).hostname in LOOPBACK):
        found.append("BLALJUS_BASE_URL must be https: cookies would travel in the clear.")
    return found
