from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.signer import Signer
from chain.signing import Signed
from chain.typed_data import Domain
from chain.units import Amount, Seconds
from channels import Channel, Claim, Lane, PayeeSession, PayerSession, Voucher, transition
from channels.effects import GiveCredit, Keep, Pay, Send
from channels.errors import AmountExceedsDeposit, AmountNotIncreasing, NotEnough

DEPOSIT = 1_000


def paid(payer: PayerSession, amounts: list[Any]) -> tuple[PayerSession, list[Voucher]]:
    """The session after all payments that the deposit covers, and what it sent."""
    sent: list[Voucher] = []
    for amount in amounts:
        try:
            payer, effects = payer.pay(amount)
        except AmountExceedsDeposit:
            assert payer.promised + amount > DEPOSIT
            continue
        sent += [effect.voucher for effect in effects if isinstance(effect, Send)]
    return payer, sent


def received(payee: PayeeSession, vouchers: list[Signed[Voucher]]) -> tuple[PayeeSession, list[Signed[Voucher]], int]:
    """The session after all of them, what it kept, and the sum of its credits."""
    kept: list[Signed[Voucher]] = []
    credited = 0
    for voucher in vouchers:
        payee, effects = payee.receive(voucher)
        kept += [effect.voucher for effect in effects if isinstance(effect, Keep)]
        credited += sum(effect.added for effect in effects if isinstance(effect, GiveCredit))
    return payee, kept, credited


@given(amounts=st.lists(st.integers(1, 300), min_size=1, max_size=20), order=st.randoms(use_true_random=False))
def test_whatever_arrives_in_whatever_order_both_ends_and_the_chain_agree(
    channel: Channel, domain: Domain, signers: dict[str, Signer], amounts: list[Any], order: Any
) -> None:
    lane = Lane(deposit=Amount(DEPOSIT))
    payer, sent = paid(PayerSession(channel=channel, lane=lane), amounts)
    arrived = [signers["signer"].sign(domain, voucher) for voucher in order.choices(sent, k=2 * len(sent))]
    payee, kept, credited = received(PayeeSession(channel=channel, lane=lane), arrived)

    newest = max(voucher.message.cumulative_amount for voucher in arrived)
    assert payee.accepted == credited == newest <= payer.promised <= DEPOSIT
    assert [voucher.message.cumulative_amount for voucher in kept] == sorted(
        {v.message.cumulative_amount for v in kept}
    )

    claim = Claim(
        channel=channel, epoch=0, cumulative_amount=kept[-1].message.cumulative_amount, signer=kept[-1].signer
    )
    settled, effects = transition(lane, claim, Seconds(0))
    assert effects == [Pay(channel.payee, payee.accepted)], "what was kept is what the chain pays"
    assert payee.see(settled).owed == 0
    with pytest.raises(AmountNotIncreasing):
        transition(settled, claim, Seconds(0))


@given(accepted=st.integers(0, 1_000), prices=st.lists(st.integers(1, 300), max_size=20))
def test_deliveries_never_exceed_what_is_accepted(channel: Channel, accepted: Any, prices: list[Any]) -> None:
    payee, served = PayeeSession(channel=channel, lane=Lane(), accepted=accepted), 0
    for price in prices:
        try:
            payee = payee.deliver(price)
        except NotEnough:
            assert served + price > accepted
            continue
        served += price
    assert payee.delivered == served <= accepted
    assert payee.left == accepted - served
