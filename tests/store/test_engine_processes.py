import asyncio
import json
import signal
import subprocess
import sys

from piccolo.apps.migrations.tables import Migration

from blaljus.store.engine import opened_store
from blaljus.store.migrating import pending_migrations
from blaljus.store.tables import Agency

PREAMBLE = """
import asyncio, json, sys
from blaljus.store.engine import lock_row, open_store, opened_store, write_transaction
from blaljus.store.failpoints import enable_from, failpoint
from blaljus.store.migrating import migrate
from blaljus.store.tables import Agency
url = sys.argv[1]
def agency(name, version=1):
    return Agency(name=name, provides="police", address="p@example.se", version=version)
"""

WRITE_FOR_EVER = """
async def main():
    async with opened_store(url):
        number = 0
        while True:
            async with write_transaction():
                await Agency.insert(agency(f"{number} a"))
                await Agency.insert(agency(f"{number} b"))
            print(number, flush=True)
            number += 1
"""

MIGRATE = """
async def main():
    async with opened_store(url):
        print(json.dumps(await migrate()))
"""

COUNT_TO_200 = """
async def add():
    async with write_transaction():
        await lock_row(Agency, 1)
        (row,) = await Agency.select(Agency.version).where(Agency.id == 1)
        await Agency.update({Agency.version: row["version"] + 1}).where(Agency.id == 1)
async def main():
    async with opened_store(url):
        await asyncio.gather(*(add() for _ in range(200)))
"""

FORGET_TO_CLOSE = """
async def main():
    await open_store(url)
    await Agency.count()
"""

CRASH_IN_THE_MIDDLE = """
async def main():
    enable_from("in_the_middle=crash")
    async with opened_store(url), write_transaction():
        await Agency.insert(agency("half"))
        await failpoint("in_the_middle")
"""


def start(script, url):
    command = [sys.executable, "-c", f"{PREAMBLE}{script}\nasyncio.run(main())", url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(process):
    """Return what the process printed; fail if it did not end well and soon."""
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return output


async def names(url):
    async with opened_store(url):
        return {row["name"] for row in await Agency.select(Agency.name)}


async def every_migration(url):
    """Return what has been run; nothing may be left to run."""
    async with opened_store(url):
        assert await pending_migrations() == []
        rows = await Migration.select(Migration.name).order_by(Migration.name)
        return [row["name"] for row in rows]


def test_what_was_acknowledged_survives_kill_9(store_url):
    with start(WRITE_FOR_EVER, store_url) as writer:
        acknowledged = [int(writer.stdout.readline()) for _ in range(50)]
        writer.kill()
        acknowledged += [int(line) for line in writer.stdout.read().split()]

    found = asyncio.run(names(store_url))

    pairs = len(found) // 2
    assert found == {f"{number} {half}" for number in range(pairs) for half in "ab"}
    assert pairs - len(acknowledged) in (0, 1)


def test_a_crash_in_the_middle_leaves_nothing(store_url):
    crashed = start(CRASH_IN_THE_MIDDLE, store_url)
    crashed.communicate(timeout=60)

    assert crashed.returncode == -signal.SIGKILL
    assert asyncio.run(names(store_url)) == set()


def test_two_processes_write_without_losing_or_refusing_anything(store_url):
    asyncio.run(_store_one(store_url))

    for process in [start(COUNT_TO_200, store_url) for _ in range(2)]:
        finish(process)

    assert asyncio.run(_version(store_url)) == 401


def test_processes_that_start_together_migrate_once(empty_url):
    outputs = [finish(process) for process in [start(MIGRATE, empty_url) for _ in range(2)]]

    ran = [name for output in outputs for name in json.loads(output.splitlines()[-1])]
    assert sorted(ran) == asyncio.run(every_migration(empty_url))


def test_a_program_that_forgets_to_close_still_ends(sqlite_url):
    assert finish(start(FORGET_TO_CLOSE, sqlite_url)) == ""


async def _store_one(url):
    async with opened_store(url):
        agency = Agency(name="Polis", provides="police", address="p@example.se", version=1)
        await Agency.insert(agency)


async def _version(url):
    async with opened_store(url):
        return (await Agency.select(Agency.version).first())["version"]
