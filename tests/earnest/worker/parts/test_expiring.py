from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chain import LocalChain, Signer
from chain.aio.chain import AsyncChain
from chain.errors import InvalidValue
from chain.outbox.errors import IntentOpen
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from chain.testing.trouble import LIMITED, Trouble
from chain.units import Seconds
from earnest.worker.agreements import terms_in
from earnest.worker.lease import Held
from earnest.worker.parts.expiring import Expiring
from earnest.worker.report import Report
from escrow import Agreement, Payment
from escrow.agreement import Part
from escrow.aio.client import AsyncEscrow
from tests.earnest.worker.shop import OPERATOR, PAYEE, PAYER, captured, paid

HELD = Held(holder="me", fence=1, until=10**12)


@pytest.fixture
async def own(url: str, chain: LocalChain) -> AsyncIterator[AsyncChain]:
    async with await AsyncChain.connect("local", [url]) as own:
        yield own


def written(folder: Path, *payments: Payment) -> None:
    """As `earnest escrow` keeps them."""
    import json

    for place, payment in enumerate(payments):
        agreement = Agreement((Part(name="sale", terms=payment.terms),)).to_json()
        data = {"agreement": agreement, "payments": {}} if place % 2 else agreement
        (folder / f"{place}.json").write_text(json.dumps(data))


def expiring(own: AsyncChain, who: Signer, folder: Path) -> Expiring:
    return Expiring(AsyncEscrow(own, who), who.address, lambda: terms_in(folder))


def expired(report: Report) -> list[str]:
    return [said.facts["payment"] for said in report.said]


async def test_a_hold_that_is_over_is_ended_at_its_second_and_not_before(
    chain: LocalChain, own: AsyncChain, tmp_path: Path
) -> None:
    payment = paid(chain)
    written(tmp_path, payment)
    part = expiring(own, PAYER, tmp_path)
    before = chain.balance(chain.token("USDC"), PAYER.address)

    chain.travel(to=Seconds(payment.terms.authorization_expiry - 1))
    assert not expired(await part.round(HELD, 0))
    chain.travel(to=payment.terms.authorization_expiry)
    report = await part.round(HELD, 0)

    assert expired(report) == ["0x" + payment.payment_id.hex()]
    assert chain.balance(chain.token("USDC"), PAYER.address) == before + chain.token("USDC")("10")
    assert not expired(await part.round(HELD, 0))


async def test_every_agreement_is_looked_at_and_what_was_captured_is_left_alone(
    chain: LocalChain, own: AsyncChain, tmp_path: Path
) -> None:
    gone, one, two = captured(chain, paid(chain, salt=1)), paid(chain, salt=2), paid(chain, salt=3)
    written(tmp_path, gone, one, two)
    part = expiring(own, PAYER, tmp_path)

    chain.travel(to=two.terms.authorization_expiry)

    assert sorted(expired(await part.round(HELD, 0))) == sorted("0x" + p.payment_id.hex() for p in (one, two))
    await part.round(HELD, 0)
    assert part._ended == {gone.payment_id, one.payment_id, two.payment_id}


@pytest.mark.parametrize(
    ("who", "if_expired", "ends"),
    [(PAYER, "payer", True), (PAYER, "payee", False), (PAYEE, "payee", True), (PAYEE, "payer", False)],
)
async def test_gas_is_spent_only_for_money_that_comes_to_oneself(
    chain: LocalChain, own: AsyncChain, tmp_path: Path, who: Signer, if_expired: str, ends: bool
) -> None:
    payment = paid(chain, if_expired=if_expired)
    written(tmp_path, payment)
    chain.travel(to=payment.terms.authorization_expiry)

    assert bool(expired(await expiring(own, who, tmp_path).round(HELD, 0))) == ends
    assert not expired(await expiring(own, OPERATOR, tmp_path).round(HELD, 0))


async def test_a_file_that_can_not_be_read_stops_no_other(chain: LocalChain, own: AsyncChain, tmp_path: Path) -> None:
    payment = paid(chain)
    written(tmp_path, payment)
    (tmp_path / "!.json").write_text('{"agreement": ')
    chain.travel(to=payment.terms.authorization_expiry)

    report = await expiring(own, PAYER, tmp_path).round(HELD, 0)
    assert expired(report) == ["0x" + payment.payment_id.hex()]
    assert isinstance(report.failure, InvalidValue)


async def test_a_hold_that_waits_for_its_block_stops_no_other_and_is_sent_once(
    chain: LocalChain, tmp_path: Path
) -> None:
    payments = [paid(chain, salt=salt) for salt in range(2)]
    written(tmp_path, *payments)
    before = chain.balance(chain.token("USDC"), PAYER.address)
    chain.travel(to=payments[-1].terms.authorization_expiry)
    assert isinstance(chain._host, EmbeddedNode)
    trouble = Trouble(chain._host)
    trouble.before = lambda method, params: LIMITED if method == "eth_sendRawTransaction" else None
    server = Server(trouble.handle)

    async with await AsyncChain.connect("local", [server.url], outbox=tmp_path / "outbox.db", patience=0.2) as own:
        part = expiring(own, PAYER, tmp_path)
        assert own.outbox
        for _ in range(3):
            report = await part.round(HELD, 0)
            assert isinstance(report.failure, IntentOpen)
            assert not expired(report)
        assert len(await own.outbox.entries()) == 2

        trouble.before = lambda method, params: None
        for _ in range(100):
            report = await part.round(HELD, 0)
            if report.failure is None:
                break
        assert report.failure is None
        assert len(await own.outbox.entries()) == 2
    server.close()
    assert chain.balance(chain.token("USDC"), PAYER.address) == before + chain.token("USDC")("20")


@pytest.mark.parametrize("text", ["[]", "{}", "no json", '{"agreement": 1}'])
def test_a_file_that_is_no_agreement_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text)

    with pytest.raises(InvalidValue):
        list(terms_in(tmp_path))
