from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from chain import LocalChain
from chain.aio.chain import AsyncChain
from chain.units import Amount, Seconds
from channels import Payer
from channels.aio.payee import AsyncPayee
from channels.settlement import Policy
from earnest.worker.lease import Held
from earnest.worker.parts.sending import Sending
from earnest.worker.parts.settling import Settling
from earnest.worker.report import Report
from tests.earnest.worker.shop import PAYEE, PAYER

HELD = Held(holder="me", fence=1, until=10**12)


def gauges(report: Report) -> dict[str, float]:
    return {gauge.name: gauge.value for gauge in report.gauges}


@pytest.fixture
async def payee(url: str, tmp_path: Path) -> AsyncIterator[AsyncPayee]:
    outbox = tmp_path / "outbox.db"
    async with (
        await AsyncChain.connect("local", [url], outbox=outbox) as chain,
        AsyncPayee(chain, PAYEE, tmp_path / "till.db", refresh=timedelta(0)) as payee,
    ):
        yield payee


async def owed(chain: LocalChain, payee: AsyncPayee, folder: Path, amount: str) -> None:
    with Payer(chain, PAYER, folder / "wallet.db") as payer:
        usdc = chain.token("USDC")
        lane = payer.open(PAYEE.address, usdc("10"), closing_period=timedelta(days=1))
        await payee.accept(payer.pay(lane, usdc(amount)))


async def test_what_presses_is_claimed_and_what_is_at_risk_is_measured(
    chain: LocalChain, payee: AsyncPayee, tmp_path: Path
) -> None:
    usdc = chain.token("USDC")
    policy = Policy(margin=Seconds(60), at_risk={usdc.address: Amount(usdc("2").units)})
    part = Settling(payee, policy)
    before = chain.balance(usdc, PAYEE.address)
    await owed(chain, payee, tmp_path, "2")

    waiting = await part.round(HELD, 1000)
    assert gauges(waiting) == {"money_at_risk_units": 2_000_000, "money_unconfirmed_units": 0}
    assert not waiting.said
    await owed_more(chain, payee, tmp_path)
    report = await part.round(HELD, 1000)

    assert chain.balance(usdc, PAYEE.address) == before + usdc("5")
    assert gauges(report) == {
        "money_at_risk_units": 0,
        "money_unconfirmed_units": 0,
        "last_claim_timestamp_seconds": 1000,
    }
    assert [said.event for said in report.said] == ["claimed"]
    assert not (await part.round(HELD, 1001)).said


async def owed_more(chain: LocalChain, payee: AsyncPayee, folder: Path) -> None:
    with Payer(chain, PAYER, folder / "wallet.db") as payer:
        (lane,) = payer.lanes()
        await payee.accept(payer.pay(lane, chain.token("USDC")("3")))


async def test_the_outbox_is_stepped_until_nothing_is_open(
    chain: LocalChain, payee: AsyncPayee, tmp_path: Path
) -> None:
    outbox = payee.chain.outbox
    assert outbox
    await outbox.submit(PAYEE, "to the payer", PAYER.address, value=1)
    part, rounds = Sending(outbox), 0

    report = await part.round(HELD, 0)
    while gauges(report)["outbox_open_intents"]:
        rounds += 1
        assert rounds < 10
        report = await part.round(HELD, 0)

    (entry,) = await outbox.entries()
    assert entry.happened
    assert gauges(report)["outbox_findings"] == 0
