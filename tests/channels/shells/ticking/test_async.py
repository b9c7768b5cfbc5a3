"""Many meters at once, as a server has them."""

import asyncio
from pathlib import Path

from chain import AsyncChain, LocalChain, Signer
from channels import AsyncPayee, AsyncPayer, SqliteStore
from channels.aio.meter import AsyncTillMeter
from channels.ticks import TickPayer
from tests.channels.shells.conftest import HOUR

METERS, TICKS = 12, 20


async def test_meters_that_tick_at_once_share_their_writes(served: LocalChain, tmp_path: Path) -> None:
    ann, shop, usdc = Signer.generate(), Signer.generate(), served.token("USDC")
    served.fund(ann.address)
    served.fund(shop.address)
    async with (
        await AsyncChain.connect("local", [served.serve()]) as chain,
        AsyncPayer(chain, ann, ":memory:") as wallet,
        AsyncPayee(chain, shop, tmp_path / "till.db") as till,
    ):
        pairs = list[tuple[TickPayer, AsyncTillMeter]]()
        for salt in range(METERS):
            lane = await wallet.open(shop.address, usdc("1"), HOUR, salt=salt)
            ticks = await wallet.ticks(lane, each=usdc("0.001"), count=100)
            pairs.append((ticks, await till.meter(ticks.opening)))
        before = changes(served, tmp_path)
        added = await asyncio.gather(*[meter.tick(next(ticks)) for _ in range(TICKS) for ticks, meter in pairs])
        assert added == [1] * METERS * TICKS
        assert changes(served, tmp_path) - before <= 5, "one write for all that waited"
        ticks, meter = pairs[0]
        credit = await meter.fold(await wallet.fold_ticks(ticks))
        assert credit.accepted == usdc("0.02")
        lane_id = pairs[1][0].opening.voucher.channel.id
        await till.close(lane_id)
        assert (await till.books())[usdc].settled == usdc("0.02")


def changes(chain: LocalChain, folder: Path) -> int:
    """Transactions that the till's file has seen."""
    store = SqliteStore(folder / "till.db").till(chain.domain("VoucherChannels"))
    try:
        return int(store.database.rows("SELECT changes FROM marks")[0][0])
    finally:
        store.close()
