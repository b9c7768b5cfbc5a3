import asyncio
import json
import random
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from chain.typed_data import Domain
from chain.units import Amount, Seconds
from channels import Channel, PayeeSession
from channels.exposure import Limits, OverLimit
from channels.stores.aio.till import AsyncTill
from channels.stores.book import Order
from channels.stores.postgres import PostgresStore
from tests.channels.stores.postgres.making import (
    OpenTill,
    accept,
    at_risk,
    known,
    newer,
    recomputed,
    seen,
    somebody_waits,
)

PROCESSES, KEYS, PRICE = 8, 40, 7
ROOT = Path(__file__).parents[4]
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
_NEXT_EPOCH = """
    INSERT INTO epochs SELECT channel_id, 1, deposit, settled, closes_at, unconfirmed, pending, accepted, delivered,
        refunded, stopped, cumulative, signature, promises, proven, included, seen_at, unsettled_since, claimed,
        claimed_at
    FROM epochs WHERE channel_id = $1
"""


@pytest.fixture(params=[False, True], ids=["in sets", "by channel"])
def tills(request: pytest.FixtureRequest, dsn: str, opened: OpenTill) -> list[AsyncTill]:
    """Four, each with connections of its own, as processes have them."""
    return [opened(PostgresStore(dsn, connections=3, by_channel=request.param)) for _ in range(4)]


async def test_of_all_that_read_the_same_one_wins(tills: list[AsyncTill], channel: Channel) -> None:
    session = await known(tills[0], channel)
    for _ in range(10):
        batch = [newer(session, session.accepted + 1 + number) for number in range(12)]
        answers = await asyncio.gather(*(till.keep([one], {}) for till, one in zip(tills * 3, batch, strict=True)))
        ((winner,),) = [[one] for one, answer in zip(batch, answers, strict=True) if answer == [True]]
        session = (await tills[0].book(channel.id)).session
        assert session == winner.after
    assert await at_risk(tills[0]) == (session.accepted, 0)


async def test_what_was_waited_for_is_compared_as_it_is_then(
    tills: list[AsyncTill], channel: Channel, admin: asyncpg.Connection
) -> None:
    """Also where the statement has begun before the change, and a limit makes it two statements."""
    session = await known(tills[0], channel)
    for limits in ({}, {channel.token: Limits(at_risk=Amount(500))}):
        async with admin.transaction():
            await admin.execute("UPDATE epochs SET stopped = 1 WHERE channel_id = $1", channel.id)
            waiting = asyncio.create_task(tills[0].keep([newer(session, 10)], limits))
            await somebody_waits(admin)
        assert await waiting == [False]
        await admin.execute("UPDATE epochs SET stopped = 0 WHERE channel_id = $1", channel.id)
    assert await at_risk(tills[0]) == (0, 0)


async def test_batches_that_overlap_never_deadlock_and_lose_nothing(
    tills: list[AsyncTill], crowd: list[Channel], admin: asyncpg.Connection
) -> None:
    """Vouchers, claims, deliveries, looks and limits over the same channels, each batch in an order of its own."""
    for channel in crowd:
        await known(tills[0], channel, seen(deposit=10**9))
    kept, limits = dict[bytes, int](), {crowd[0].token: Limits(at_risk=Amount(10**12))}

    async def work(number: int, till: AsyncTill) -> None:
        chance = random.Random(number)
        for turn in range(5):
            picked = chance.sample(crowd, 25)
            sessions = {book.session.channel.id: book.session for book in await till.all_newest()}
            batch = [newer(sessions[one.id], sessions[one.id].accepted + chance.randint(1, 9)) for one in picked]
            answers = await till.keep(batch, limits if chance.random() < 0.3 else {})
            for one, answer in zip(batch, answers, strict=True):
                if answer is True:
                    kept[one.after.channel.id] = max(one.after.accepted, kept.get(one.after.channel.id, 0))
            await till.claiming(chance.sample(await till.all_newest(), 25), Seconds(turn))
            orders = [Order(one.id, {f"{number} {turn}": Amount(1)}, Seconds(0)) for one in chance.sample(crowd, 25)]
            await till.deliver(orders)
            look = seen(at=chance.randint(2_000, 10**9), deposit=10**9, settled=kept.get(picked[0].id, 0))
            await till.see(picked[0], look, await till.find(picked[0].id))

    await asyncio.gather(*(work(number, till) for number, till in enumerate(tills * 2)))
    books = await tills[0].all_newest()
    assert {book.session.channel.id: book.session.accepted for book in books if book.session.accepted} == kept
    assert await at_risk(tills[0]) == recomputed(books)
    made = await tills[0].deliveries()
    assert len(made) == sum(book.session.delivered for book in books) > 0
    assert await admin.fetchval(_DEADLOCKS) == 0


async def test_a_limit_is_one_limit_for_all_processes(tills: list[AsyncTill], crowd: list[Channel]) -> None:
    limits = {crowd[0].token: Limits(at_risk=Amount(100))}
    sessions = [await known(tills[0], channel) for channel in crowd]
    calls = [till.keep([newer(session, 10)], limits) for till, session in zip(tills * 10, sessions, strict=True)]
    answers = [answer for (answer,) in await asyncio.gather(*calls)]
    assert answers.count(True) == 10
    assert sum(isinstance(answer, OverLimit) for answer in answers) == 30
    assert await at_risk(tills[0]) == (100, 0)


def _alter(till: AsyncTill, channel: Channel, look: Callable[[], None]) -> Awaitable[Any]:
    def change(session: PayeeSession) -> PayeeSession:
        look()
        return session

    return till.alter(channel.id, change)


async def test_an_epoch_that_began_while_its_predecessor_was_waited_for_is_locked_too(
    tills: list[AsyncTill], channel: Channel, admin: asyncpg.Connection, dsn: str
) -> None:
    await known(tills[0], channel)
    refused = list[str]()

    async def try_it() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(
                "SELECT 1 FROM epochs WHERE channel_id = $1 AND epoch = 1 FOR UPDATE NOWAIT", channel.id
            )
        except asyncpg.LockNotAvailableError as error:
            refused.append(error.sqlstate)
        finally:
            await connection.close()

    def look() -> None:
        """From beside the event loop, which the caller is holding up."""
        thread = threading.Thread(target=lambda: asyncio.run(try_it()))
        thread.start()
        thread.join()

    other = await asyncpg.connect(dsn)
    async with other.transaction():
        await other.execute(_NEXT_EPOCH, channel.id)
        await other.execute("UPDATE epochs SET stopped = 1 WHERE channel_id = $1 AND epoch = 0", channel.id)
        waiting = asyncio.ensure_future(_alter(tills[0], channel, look))
        await somebody_waits(admin)
    await other.close()
    assert (await waiting).session.lane.epoch == 1
    assert refused == ["55P03"]


async def test_goods_are_delivered_against_the_epoch_that_is_the_newest_when_its_lock_is_had(
    tills: list[AsyncTill], channel: Channel, admin: asyncpg.Connection, dsn: str
) -> None:
    await known(tills[0], channel)
    await accept(tills[0], channel, 50)
    other = await asyncpg.connect(dsn)
    async with other.transaction():
        await other.execute(_NEXT_EPOCH, channel.id)
        await other.execute("UPDATE epochs SET stopped = 1 WHERE channel_id = $1 AND epoch = 0", channel.id)
        waiting = asyncio.create_task(tills[0].deliver([Order(channel.id, {"a": Amount(5)}, Seconds(0))]))
        await somebody_waits(admin)
    await other.close()
    await waiting
    assert [book.session.delivered for book in await tills[0].books()] == [0, 5]


def _at_work(place: list[str]) -> subprocess.CompletedProcess[str]:
    script = [sys.executable, "-m", "tests.channels.stores.postgres.delivering"]
    return subprocess.run([*script, *place], capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)


async def test_eight_processes_open_a_new_database_and_deliver_every_key_once(
    dsn: str, opened: OpenTill, domain: Domain, channel: Channel
) -> None:
    place = [dsn, str(domain.chain_id), domain.contract, json.dumps(channel.to_json())]
    done = await asyncio.to_thread(_at_work, [*place, str(PROCESSES), str(KEYS), str(PRICE)])
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert len(answers) == PROCESSES
    assert all(answer == answers[0] for answer in answers), "whoever asks for a key gets the same answer"
    assert sorted(delivered for delivered, _ in answers[0].values()) == [PRICE * n for n in range(1, KEYS + 1)]
    till = opened(PostgresStore(dsn))
    session = (await till.book(channel.id)).session
    assert session.delivered == session.accepted == KEYS * PRICE
    assert await at_risk(till) == (KEYS * PRICE, 0)
