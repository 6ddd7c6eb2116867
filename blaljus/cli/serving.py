"""`blaljus serve`, `worker` and `migrate`: the processes of a running product."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
import uvicorn

from blaljus.cli.running import run, settings_or_exit
from blaljus.cli.stopping import stop_asked, stopped
from blaljus.demo.loading import demo_accounts, load_demo
from blaljus.logs import configure_logs
from blaljus.mail.imap import ImapAddress
from blaljus.mail.smtp import SmtpAddress
from blaljus.settings import Mode, Settings
from blaljus.usecases.access.demo_links import HANDED_ON, DemoLinks
from blaljus.usecases.context import Context
from blaljus.usecases.letters.delivering import by_smtp
from blaljus.usecases.operation.lifetime import migrate_store
from blaljus.web.app import create_app
from blaljus.worker import collect, read_calendars
from blaljus.worker import work as keep_working

WITHOUT_MAIL = (
    "BLALJUS_SMTP_URL is not set: messages wait in the outbox, readable at /samordnare/utskick"
)

GRACE_SECONDS = 10
"""How long requests in hand may take after a stop was asked for."""

KEEP_ALIVE_SECONDS = 75
"""How long an idle connection stays open: longer than proxies keep theirs (60 seconds).

The other way round, a proxy sends a form just as we hang up, and the visitor gets a 502.
"""


@click.command()
@click.option("--with-worker", is_flag=True, help="Start a worker beside the web server.")
@click.option("--demo", is_flag=True, help="Load the Höör demo when the database is empty.")
def serve(*, with_worker: bool, demo: bool) -> None:
    """Serve the web pages; the database is migrated first."""
    settings = settings_or_exit()
    configure_logs(settings.log_format)
    if demo and settings.mode is not Mode.DEMO:
        raise stopped("--demo needs BLALJUS_MODE=demo: it prints ways in that always work.")
    run(lambda context: _prepare(context, demo=demo), migrated=False)
    links = DemoLinks() if settings.mode is Mode.DEMO else None
    if links is not None and demo:
        _print_ways_in(settings, links)
    if settings.smtp_url is None and not with_worker:
        click.echo(WITHOUT_MAIL, err=True)
    with _worker_beside(wanted=with_worker):
        _serve(settings, links)


async def _prepare(context: Context, *, demo: bool) -> None:
    await migrate_store()
    if demo:
        await load_demo(context, say=lambda text: click.echo(text, err=True))


def _print_ways_in(settings: Settings, links: DemoLinks) -> None:
    for role, account in run(demo_accounts):
        click.echo(f"{role}\t{settings.base_url}/in/{links.add(account)}")


def _serve(settings: Settings, links: DemoLinks | None) -> None:
    click.echo(f"Blåljus answers on {settings.base_url}", err=True)
    several = settings.workers > 1
    if several and links is not None:
        # Each process makes its own app; what they cannot know is handed on.
        os.environ[HANDED_ON] = links.packed()
    uvicorn.run(
        "blaljus.web.asgi:make_app" if several else create_app(settings, demo_links=links),
        factory=several,
        workers=settings.workers,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=",".join(settings.trusted_proxies) or None,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


@contextmanager
def _worker_beside(*, wanted: bool) -> Iterator[None]:
    """Run a worker process during the block; it stops when its standard input closes.

    So it ends with us however we end, and finishes the message it has in hand.
    """
    if not wanted:
        yield
        return
    # uvicorn raises the signal anew when it has stopped: it should end this block, not the process.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    command = [sys.executable, "-m", "blaljus", "worker", "--beside"]
    with subprocess.Popen(command, stdin=subprocess.PIPE):  # noqa: S603 -- our own program
        yield


@click.command(name="worker")
@click.option("--beside", is_flag=True, hidden=True, help="Stop when standard input closes.")
def work(*, beside: bool) -> None:
    """Send owed mail until stopped (SIGTERM or Ctrl-C); the message in hand is finished."""
    settings = settings_or_exit()
    configure_logs(settings.log_format)
    if settings.smtp_url is None:
        click.echo(WITHOUT_MAIL, err=True)
    transport = by_smtp(SmtpAddress.parse(settings.smtp_url)) if settings.smtp_url else None
    mailbox = ImapAddress.parse(settings.imap_url) if settings.imap_url else None

    async def until_told(context: Context) -> None:
        stop = stop_asked()
        if beside:
            asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)
        most = settings.mail_per_minute or None
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep_working(transport, stop, context=context, per_minute=most))
            tasks.create_task(read_calendars(stop, context))
            if mailbox is not None:
                tasks.create_task(collect(mailbox, stop, clock=context.clock))

    run(until_told)


@click.command()
def migrate() -> None:
    """Bring the database to the newest form; does nothing when it is."""

    async def forwards(_: Context) -> list[str]:
        return await migrate_store()

    done = run(forwards, migrated=False)
    click.echo("\n".join(done) or "Nothing to do.")
