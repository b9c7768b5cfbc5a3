"""Vouchers for a store, which doesn't look at signatures; and looks at a chain."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from chain.signing import Signed
from chain.units import Amount, Seconds
from channels import Channel, Lane, PayeeSession, Promise, Voucher
from channels.promise import promises_hash
from channels.stores.aio.till import AsyncTill
from channels.stores.book import Book, Newer, Seen
from channels.stores.opening import Store

OpenTill = Callable[[Store], AsyncTill]
_SIGNATURES = count()
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def newer(before: PayeeSession, amount: int, promises: tuple[Promise, ...] = (), at: int = 0, **changes: Any) -> Newer:
    """The session's next voucher, with a signature of its own."""
    voucher = Voucher(
        channel_id=before.channel.id,
        epoch=before.lane.epoch,
        cumulative_amount=Amount(amount),
        promises=promises_hash(promises),
    )
    signed = Signed(voucher, before.channel.signer, next(_SIGNATURES).to_bytes(65, "big"))
    after = replace(before, accepted=Amount(amount), newest=signed, promises=promises, **changes)
    return Newer(before, after, signed, Seconds(at))


def seen(unconfirmed: int = 0, at: int = 1_000, **lane: Any) -> Seen:
    """The chain shows this lane, with a deposit of 1,000 if nothing else is said."""
    shown = Lane(**{"deposit": 1_000} | lane)
    return Seen(lane=shown, unconfirmed=Amount(unconfirmed), pending=Amount(0), latest=shown, at=at)


async def known(till: AsyncTill, channel: Channel, look: Seen | None = None) -> PayeeSession:
    """The channel as the till has it after this look."""
    before = await till.find(channel.id)
    return (await till.see(channel, look or seen(), before)).session


async def accept(till: AsyncTill, channel: Channel, amount: int, at: int = 0) -> PayeeSession:
    """The newest voucher is for so much now."""
    before = (await till.book(channel.id)).session
    assert await till.keep([newer(before, amount, at=at)], {}) == [True]
    return (await till.book(channel.id)).session


async def at_risk(till: AsyncTill) -> tuple[int, int]:
    """What the store says of the one token that there is."""
    sums = await till.exposure()
    return next(((each.at_risk, each.unconfirmed) for each in sums.values()), (0, 0))


def recomputed(books: list[Book]) -> tuple[int, int]:
    """The same from all that can still be claimed."""
    sums = [book.session.exposure for book in books]
    return sum(risk for risk, _ in sums), sum(part for _, part in sums)


async def somebody_waits(admin: asyncpg.Connection) -> None:
    """Until a statement in this database waits for another one's lock."""
    for _ in range(1_000):
        await admin.execute("SELECT pg_stat_clear_snapshot()")  # In a transaction it would stay as it is.
        if await admin.fetchval(_WAITING):
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody waits")
