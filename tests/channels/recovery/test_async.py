"""What only asyncio has: several at once on one object, and one that is cancelled or cut off on its way."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chain import AsyncChain
from channels import AsyncLanes
from channels.recovery.aio.payee import AsyncPayeeRecovery
from channels.recovery.aio.payer import AsyncPayerRecovery
from channels.stores.aio.till import AsyncTill
from channels.stores.opening import SqliteStore
from tests.channels.recovery.shop import NAMES, Shop


@pytest.fixture
async def chain(shop: Shop) -> AsyncIterator[AsyncChain]:
    """The shop's, over HTTP."""
    async with await AsyncChain.connect("local", [shop.chain.serve()]) as chain:
        yield chain


@pytest.fixture
def recovery(shop: Shop, chain: AsyncChain) -> AsyncPayeeRecovery:
    return AsyncPayeeRecovery(AsyncLanes(chain, shop.signer), shop.signer.address)


@pytest.fixture
async def backup(shop: Shop, recovery: AsyncPayeeRecovery) -> AsyncIterator[AsyncTill]:
    till = SqliteStore(shop.folder / "backup.db", restored=True).async_till(recovery.lanes.domain)
    yield till
    await till.close()


async def test_reports_at_once_are_each_the_whole_truth(
    shop: Shop, recovery: AsyncPayeeRecovery, chain: AsyncChain, backup: AsyncTill
) -> None:
    payer = AsyncPayerRecovery(AsyncLanes(chain, shop.ann), shop.ann.address)
    copies = shop.copies(*NAMES)
    *payees, paid = await asyncio.gather(
        recovery.report(), recovery.report(backup=backup, copies=copies), recovery.report(), payer.report()
    )
    alone, known = shop.report(), shop.report(backup=shop.folder / "backup.db", copies=copies)
    assert payees == [alone, known, alone]
    assert {row.channel.payer for row in paid.rows} == {shop.ann.address}


async def test_claims_at_once_pay_together_what_one_would_have_paid(
    shop: Shop, recovery: AsyncPayeeRecovery, backup: AsyncTill
) -> None:
    report, before = await recovery.report(backup=backup, copies=shop.copies(*NAMES)), shop.has()
    done = await asyncio.gather(recovery.claim(report), recovery.claim(report))
    assert shop.has() - before == sum(shop.due.values())
    assert sum(money.units for claims in done for money in claims.paid) == sum(shop.due.values())


@pytest.mark.parametrize("has_arrived", [False, True])
@pytest.mark.parametrize("sent", [0, 3])
async def test_a_claim_that_was_cancelled_is_taken_up_by_the_next_one(
    shop: Shop,
    recovery: AsyncPayeeRecovery,
    backup: AsyncTill,
    monkeypatch: pytest.MonkeyPatch,
    sent: int,
    has_arrived: bool,
) -> None:
    """Nothing is paid twice, and no transaction waits for the number of one that was never sent."""
    report, before = await recovery.report(backup=backup, copies=shop.copies(*NAMES)), shop.has()
    node, tried = recovery.lanes.chain._node, list[bytes]()
    send = node.send

    async def cut_off(raw: bytes) -> None:
        tried.append(raw)
        if len(tried) <= sent or has_arrived:
            await send(raw)
        if len(tried) > sent:
            claiming.cancel()
            await asyncio.sleep(0)

    with monkeypatch.context() as cutting:
        cutting.setattr(node, "send", cut_off)
        claiming = asyncio.create_task(recovery.claim(report))
        with pytest.raises(asyncio.CancelledError):
            await claiming
    assert len(tried) == sent + 1
    await recovery.claim(report)
    assert shop.has() - before == sum(shop.due.values())


async def test_a_rebuilding_that_was_cancelled_has_written_all_or_nothing(
    shop: Shop, recovery: AsyncPayeeRecovery, tmp_path: Path
) -> None:
    report = await recovery.report(copies=shop.copies(*NAMES))
    till = SqliteStore(tmp_path / "new.db", restored=True).async_till(recovery.lanes.domain)
    for waits in range(4):
        rebuilding = asyncio.create_task(recovery.rebuild(report, till))
        for _ in range(waits):
            await asyncio.sleep(0)
        rebuilding.cancel()
        await asyncio.gather(rebuilding, return_exceptions=True)
        assert len(await till.books()) in {0, len(NAMES) - 1}, "of the reserved one nothing is open"
    await asyncio.gather(recovery.rebuild(report, till), recovery.rebuild(report, till))
    assert len(await till.books()) == len(NAMES) - 1
    await till.close()
