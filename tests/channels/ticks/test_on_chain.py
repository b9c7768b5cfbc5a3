"""Ticks against the real contracts."""

from collections.abc import Iterator

import pytest

from chain import Chain, LocalChain, Signer
from chain.units import Seconds
from channels import Channel, Lanes
from channels.errors import AmountNotIncreasing
from channels.ticks import Meter, TickPayer
from tests.channels.ticks.conftest import EACH, Desk, chain_of, stretch_of

DAY = 86_400


@pytest.fixture
def chain(signers: dict[str, Signer]) -> Iterator[LocalChain]:
    with Chain.local() as chain:
        for signer in signers.values():
            chain.fund(signer.address)
        yield chain


def test_where_the_payer_vanishes_between_folds_the_payee_gets_every_tick_and_not_one_more(
    chain: LocalChain, signers: dict[str, Signer]
) -> None:
    usdc = chain.token("USDC")
    channel = Channel(
        payer=signers["payer"].address,
        payee=signers["payee"].address,
        token=usdc.address,
        signer=signers["signer"].address,
        window=Seconds(3_600),
        promise_window=Seconds(3_600),
    )
    desk = Desk(channel, chain.domain("VoucherChannels"), signers["signer"])
    wallet, till = Lanes(chain, signers["payer"]), Lanes(chain, signers["payee"])
    wallet.open(channel, usdc("10"))
    now, links = chain.now(), chain_of()
    first = desk.opening(stretch_of(links), 500, expiry=now + DAY)
    payer = TickPayer(links, first)
    meter = Meter.open(first, desk.checked(first), (), now, margin=Seconds(600))

    for _ in range(256):
        meter.tick(next(payer), now)
    fold = desk.fold(payer.fold(first.cumulative_amount, first.voucher.promises))
    meter.folded(meter.judge(fold, desk.checked(fold), first.cumulative_amount, now))
    payer.folded(fold)
    for _ in range(1_024):
        meter.tick(next(payer), now)
    wallet.request_close(channel)

    proof = meter.proof()
    assert proof is not None
    recorded = till.record(channel, 0, proof.promise, proof.data, proof.proof)
    assert recorded.released.units == proof.released == meter.unfolded
    assert till.claim(fold.voucher).paid == (usdc.units(500 + meter.accepted),)
    assert meter.accepted == 1_280 * EACH

    old = first.proven(1_024, payer.again(1_024))
    assert old is not None
    assert till.record(channel, 0, old.promise, old.data, old.proof).released.units == 1_024 * EACH
    with pytest.raises(AmountNotIncreasing):
        till.claim(first.voucher)
    chain.travel(to=till.show(channel, as_of="latest").closes_at)
    wallet.withdraw(channel)
    assert chain.balance(usdc, channel.payee).units == usdc("1000").units + 500 + 1_280 * EACH
