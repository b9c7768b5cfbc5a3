"""The tables where they differ from other stores', and where they are made and brought up to date."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from chain.typed_data import Domain
from channels.stores import schema
from channels.stores.errors import StoreBusy, StoreOfAnotherChain, StoreUnreadable, StoreVersion
from channels.stores.migrations import statements
from channels.stores.postgres.connections import Connections
from channels.stores.postgres.failures import may_be_tried_again
from channels.stores.schema import COMMON, VERSION, Kind

SLOTS = 16
"""A token's exposure is the sum of so many rows, from 1 on: processes that change it seldom wait for each other. Row 0
is nothing but the gate of those who must know the sum.
"""
_EXPOSURE = """
    CREATE TABLE exposure (
        token TEXT NOT NULL, slot BIGINT NOT NULL, at_risk NUMERIC NOT NULL, unconfirmed NUMERIC NOT NULL,
        PRIMARY KEY (token, slot)
    )
"""
_FIND = "SELECT domain, version FROM belongs_to WHERE kind = $1"
_OWN = "INSERT INTO belongs_to VALUES ($1, $2, $3)"
_RAISE = "UPDATE belongs_to SET version = $3 WHERE kind = $1 AND version = $2"
_FIRST = 2
"""The first version that PostgreSQL had."""
_TRIES, _PAUSE = 50, 0.1


async def claim(connections: Connections, kind: Kind, domain: Domain) -> None:
    """Sees that the tables are there, ours and of this version; who comes first makes them, or brings them up to date.

    Raises `StoreVersion`, `StoreOfAnotherChain`, `StoreUnreadable` where somebody else has a table of such a name, and
    `StoreBusy` where others are in the way again and again.
    """
    for attempt in range(_TRIES):
        async with connections.one() as connection:
            found = await _found(connection, kind)
            if found is None:
                found = await _made(connection, kind, domain)
            if found is not None:
                _require(connections.path, domain, *found)
                if await _up_to_date(connection, kind, found[1]):
                    return
        await asyncio.sleep(_PAUSE * (attempt > 0))
    if found is not None:
        raise StoreBusy(connections.path, _TRIES * _PAUSE)
    raise StoreUnreadable(connections.path, f"it has tables of another program, named as a {kind}'s")


def tables(kind: Kind) -> Sequence[str]:
    """Sums are added up in the database, so there they are numbers."""
    return [_EXPOSURE if "TABLE exposure" in text else text for text in schema.TABLES[kind]]


async def _found(connection: Any, kind: Kind) -> tuple[bytes, int] | None:
    try:
        row = await connection.fetchrow(_FIND, kind)
    except asyncpg.UndefinedTableError:
        return None
    return None if row is None else tuple(row)


async def _made(connection: Any, kind: Kind, domain: Domain) -> tuple[bytes, int] | None:
    """None where somebody else is making them, or has some of them; who makes them says last that they are made."""
    try:
        async with connection.transaction():
            for statement in (*COMMON, *tables(kind)):
                await connection.execute(statement)
            await connection.execute(_OWN, kind, domain.separator, VERSION)
    except (asyncpg.UniqueViolationError, asyncpg.DuplicateTableError, asyncpg.DuplicateObjectError):
        return None
    return domain.separator, VERSION


async def _up_to_date(connection: Any, kind: Kind, version: int) -> bool:
    """Whether it is; if not, it is brought a version further, by us or by whoever has its tables locked meanwhile.

    The version is raised last: where a table's change is no part of a transaction, and its process dies, it is made
    again, to no effect.
    """
    if version == VERSION:
        return True
    try:
        async with connection.transaction():
            for statement in statements(kind, version):
                await connection.execute(statement.replace("ADD COLUMN", "ADD COLUMN IF NOT EXISTS"))
            await connection.execute(_RAISE, kind, version, version + 1)
    except asyncpg.PostgresError as error:
        if not may_be_tried_again(error):
            raise
    return False


def _require(path: str, domain: Domain, separator: bytes, version: int) -> None:
    if not _FIRST <= version <= VERSION:
        raise StoreVersion(path, version, VERSION)
    if separator != domain.separator:
        raise StoreOfAnotherChain(path)
