"""A worker's watchtower: jobs come in over HTTP, and the lease's holder answers for them."""

import asyncio
from pathlib import Path

import aiohttp
import structlog

from chain import LocalChain, Signer, Token, network
from chain.units import Seconds
from channels import Payee, Payer, WalletLane
from channels.watchtower import Job, write_job
from earnest.worker.config import Config, Keys, Outbox
from earnest.worker.config import Guarding as Section
from earnest.worker.health import Health
from earnest.worker.lease import Held
from earnest.worker.metrics import Metrics
from earnest.worker.opening import opened
from earnest.worker.parts.guarding import Guarding
from earnest.worker.report import Report
from earnest.worker.web import app_of, served
from tests.channels.watchtower.conftest import (
    ann,
    chain,
    clock,
    ends,
    funded,
    host,
    lane,
    new_host,
    new_till,
    shop,
    till,
    usdc,
    wallet,
)
from tests.channels.watchtower.conftest import served as served_chain
from tests.channels.watchtower.towers import Host

__all__ = [
    "ann",
    "chain",
    "clock",
    "ends",
    "funded",
    "host",
    "lane",
    "new_host",
    "new_till",
    "served_chain",
    "shop",
    "till",
    "usdc",
    "wallet",
]
HELD = Held(holder="me", fence=1, until=10**12)
WELL = Health(lease="held", reasons=())


async def _posted(host: Host, job: Job) -> int:
    app = app_of(lambda: WELL, Metrics(), host.tower)
    async with (
        served(app, "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as client,
        client.post(f"http://127.0.0.1:{port}/tower/jobs", data=write_job(job)) as answer,
    ):
        return answer.status


async def _round(host: Host) -> Report:
    found = await Guarding(host.tower).round(HELD, 0.0)
    await asyncio.gather(*host.tower.under_way._tasks)
    return found


def gauges(report: Report) -> dict[str, float]:
    return {gauge.name: gauge.value for gauge in report.gauges}


def test_what_a_worker_has_taken_is_answered_in_its_rounds(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, host: Host
) -> None:
    till.accept(wallet.pay(lane, usdc("6")))
    job = till.job(lane, 1)
    assert job is not None
    assert host.wait(_posted(host, job)) == 201
    assert gauges(host.wait(_round(host)))["tower_jobs"] == 1

    closing = wallet.request_close(lane)
    host.tower.touch([lane.id])
    chain.travel(to=Seconds(closing.closes_at - 1_000))
    report = host.wait(_round(host))
    assert [(count.name, count.more) for count in report.counts] == [("tower_acts", 1)]
    assert chain.balance(usdc, shop.address) == usdc("1006")


def test_it_guards_so_many_rows_as_its_file_says(served: tuple[LocalChain, str], tmp_path: Path) -> None:
    config = Config(
        network="local",
        rpc=(served[1],),
        store=tmp_path / "worker.db",
        keys=Keys(env="KEY"),
        outbox=Outbox(store=tmp_path / "outbox.db", fees=network.load("local").fees),
        tower=Section(store=tmp_path / "tower.db", rows=7),
    )

    async def rows() -> int:
        async with opened(config, {"KEY": "0x" + "07" * 32}, structlog.get_logger()) as (_, tower):
            assert tower
            return tower.quota.rows

    assert asyncio.run(rows()) == 7
