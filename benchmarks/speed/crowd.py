"""A payee's store with any number of open channels, filled in bulk by copies of one that came in by the front door."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import asyncpg

from benchmarks.speed.market import Client, Market
from chain.keccak import keccak
from channels.stores.columns import descriptor
from channels.stores.opening import Store

_CROWD = "CREATE TEMPORARY TABLE crowd (channel_id {blob}, descriptor TEXT)"
_CHANNELS = "INSERT INTO channels SELECT channel_id, descriptor FROM crowd"
_EPOCHS = (
    "INSERT INTO epochs SELECT crowd.channel_id, {others} FROM crowd CROSS JOIN (SELECT * FROM epochs LIMIT 1) AS one"
)
_ANY = "SELECT * FROM epochs LIMIT 0"
Row = tuple[bytes, str]
Fill = Callable[[Sequence[Row]], None]


def crowd(market: Market, store: Store, fill: Fill, payers: Sequence[Client], count: int) -> None:
    """A store of `count` channels, the payers' spread over all of them.

    The first payer's channel is on chain; it pays once, and is copied.
    """
    first, *others = payers
    with closing(market.till(store)) as till:
        till.run(till.queues([first], 1))
    fill([*_real(others), *_nobodies(first, count - len(payers))])


def fill_sqlite(path: Path, rows: Sequence[Row]) -> None:
    """The store must be closed."""
    with closing(sqlite3.connect(path)) as database, database:
        columns = [name for name, *_ in database.execute(_ANY).description]
        database.execute(_CROWD.format(blob="BLOB"))
        database.executemany("INSERT INTO crowd VALUES (?, ?)", rows)
        for statement in _statements(columns):
            database.execute(statement)


def fill_postgres(loop: asyncio.Runner, dsn: str, rows: Sequence[Row]) -> None:
    """Likewise; the planner's statistics are brought up to date, as autovacuum would soon do."""
    loop.run(_fill(dsn, rows))


async def _fill(dsn: str, rows: Sequence[Row]) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        columns = [attribute.name for attribute in (await connection.prepare(_ANY)).get_attributes()]
        await connection.execute(_CROWD.format(blob="BYTEA"))
        await connection.copy_records_to_table("crowd", records=rows)
        for statement in (*_statements(columns), "ANALYZE"):
            await connection.execute(statement)
    finally:
        await connection.close()


def _statements(columns: Sequence[str]) -> tuple[str, str]:
    others = ", ".join(f"one.{name}" for name in columns if name != "channel_id")
    return _CHANNELS, _EPOCHS.format(others=others)


def _real(clients: Sequence[Client]) -> Iterator[Row]:
    return ((client.channel.id, descriptor(client.channel)) for client in clients)


def _nobodies(anybody: Client, count: int) -> Iterator[Row]:
    """Ids that nobody pays through, among the others as hashes are."""
    text = descriptor(anybody.channel)
    return ((keccak(b"earnest speed crowd" + number.to_bytes(8, "big")), text) for number in range(count))
