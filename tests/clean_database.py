"""One PostgreSQL database for test after test: emptied, and made anew where a test changed tables.

Copying the template takes a third of a second, deleting what a test wrote a hundredth.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import asyncpg

from tests.postgres import execute, named

NUMBERS = count(1)

SHAPE = """
    SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
        SELECT 'table ' || oid || ' ' || xmin FROM pg_class WHERE oid >= 16384
        UNION ALL SELECT 'column ' || attrelid || ' ' || attnum || ' ' || xmin
            FROM pg_attribute WHERE attrelid >= 16384
        UNION ALL SELECT 'rule ' || oid || ' ' || xmin FROM pg_constraint WHERE oid >= 16384
        UNION ALL SELECT 'trigger ' || oid || ' ' || xmin FROM pg_trigger WHERE oid >= 16384
        UNION ALL SELECT 'function ' || oid || ' ' || xmin FROM pg_proc WHERE oid >= 16384
        UNION ALL SELECT 'policy ' || oid || ' ' || xmin FROM pg_policy
        UNION ALL SELECT 'type ' || oid || ' ' || xmin FROM pg_type WHERE oid >= 16384
        UNION ALL SELECT 'schema ' || oid || ' ' || xmin FROM pg_namespace WHERE oid >= 16384
        UNION ALL SELECT 'setting ' || setconfig::text FROM pg_db_role_setting
            WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL SELECT 'migration ' || id || ' ' || xmin FROM migration
    ) AS parts (part)
"""
"""Differs from the template's after any change of tables: rows of a catalog keep the number of the
transaction that wrote them, in a copy too."""

OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""
DELETIONS = """
    SELECT format('DELETE FROM %I', tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename != 'migration'
"""
NUMBERS_ANEW = """
    SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
    WHERE seqrelid != pg_get_serial_sequence('migration', 'id')::regclass
"""


class CleanDatabase:
    """Gives a clean, migrated database to one test at a time."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._name: str | None = None
        self._shape: str | None = None

    async def url(self) -> str:
        """Return the URL of the database, with no rows in it and nobody else there."""
        if self._name is None or not await self._is_emptied(named(self._server, self._name)):
            await self.drop()
            self._name = f"blaljus_{os.getpid()}_{next(NUMBERS)}"
            await execute(self._server, f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
            async with connected(named(self._server, self._name)) as connection:
                self._shape = await connection.fetchval(SHAPE)
        return named(self._server, self._name)

    async def drop(self) -> None:
        """Remove the database."""
        if self._name is not None:
            await execute(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")
            self._name = None

    async def _is_emptied(self, url: str) -> bool:
        """Delete every row, unless a test changed more than rows or we may not."""
        async with connected(url) as connection:
            await connection.execute(OTHERS)
            if await connection.fetchval(SHAPE) != self._shape:
                return False
            deletions = [row[0] for row in await connection.fetch(DELETIONS)]
            try:  # no order of tables, and the log lets go of what it keeps
                await connection.execute("SET session_replication_role = replica")
            except asyncpg.InsufficientPrivilegeError:
                return False
            await connection.execute(";".join([*deletions, NUMBERS_ANEW]))
            return True


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
