"""What a payee and a payer are willing to lose."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import Malformed, TokenMismatch
from channels import Limits, MemoryStore, Payee, Payer, WalletLane
from channels.exposure import OverLimit

HOUR = timedelta(hours=1)


@pytest.fixture
def other_lane(wallet: Payer, shop: Signer, usdc: Token) -> WalletLane:
    return wallet.open(shop.address, usdc("10"), HOUR, salt=1)


def test_no_more_is_at_risk_than_the_payee_said_and_a_claim_makes_room(
    wallet: Payer, new_till: Callable[..., Payee], lane: WalletLane, other_lane: WalletLane, usdc: Token
) -> None:
    till = new_till(limits=Limits(at_risk=usdc("5"), at_risk_per_channel=usdc("4")))
    till.accept(wallet.pay(lane, usdc("4")))
    too_much = wallet.pay(lane, usdc("0.000001"))
    with pytest.raises(OverLimit) as per_channel:
        till.accept(too_much)
    assert per_channel.value.facts == {"limit_name": "at_risk_per_channel", "would_be": 4_000_001, "limit": 4_000_000}
    till.accept(wallet.pay(other_lane, usdc("1")))
    with pytest.raises(OverLimit) as in_all:
        till.accept(wallet.pay(other_lane, usdc("0.000001")))
    assert in_all.value.facts == {"limit_name": "at_risk", "would_be": 5_000_001, "limit": 5_000_000}
    assert till.exposure()[usdc].at_risk == 5_000_000

    till.claim()
    assert till.exposure()[usdc].at_risk == 0
    assert till.accept(too_much).accepted == usdc("4.000001")


def test_of_a_burst_what_fits_is_kept(
    wallet: Payer, new_till: Callable[..., Payee], lane: WalletLane, usdc: Token
) -> None:
    till = new_till(limits=Limits(at_risk=usdc("2")))
    vouchers = wallet.pay_many(lane, [usdc("1")] * 3)
    answers = till.accept_many(vouchers)
    assert isinstance(answers[2], OverLimit)
    assert till.show(lane).accepted == usdc("2")


@pytest.mark.parametrize(
    ("limits", "error"),
    [({"per_day": "1"}, Malformed), ({}, Malformed), ({"at_risk": "1", "unconfirmed": "eth"}, TokenMismatch)],
)
def test_limits_of_the_wrong_side_or_of_two_tokens_are_refused(
    chain: LocalChain, new_till: Callable[..., Payee], usdc: Token, limits: dict[str, str], error: type[Exception]
) -> None:
    moneys: dict[str, Any] = {name: chain.native("1") if text == "eth" else usdc(text) for name, text in limits.items()}
    with pytest.raises(error):
        new_till(limits=Limits(**moneys))


def test_a_payer_spends_no_more_than_it_said(
    chain: LocalChain, ann: Signer, shop: Signer, usdc: Token, clock: Any
) -> None:
    spend = Limits(per_call=usdc("2"), per_payee=usdc("6"), per_day=usdc("3"))
    with Payer(chain, ann, MemoryStore(), spend=spend, clock=clock) as wallet:
        lane, other = (wallet.open(shop.address, usdc("10"), HOUR, salt=salt) for salt in (0, 1))
        with pytest.raises(OverLimit) as per_call:
            wallet.pay(lane, usdc("2.000001"))
        assert per_call.value.limit_name == "per_call"
        wallet.pay_many(lane, [usdc("2"), usdc("1")])
        with pytest.raises(OverLimit) as per_day:
            wallet.pay(other, usdc("0.000001"))
        assert per_day.value.limit_name == "per_day"
        clock.now += 2 * 86_400
        wallet.pay_many(other, [usdc("1")] * 3)
        clock.now += 2 * 86_400
        with pytest.raises(OverLimit) as per_payee:
            wallet.pay(other, usdc("0.000001"))
        assert per_payee.value.facts == {"limit_name": "per_payee", "would_be": 6_000_001, "limit": 6_000_000}
        assert wallet.show(other).promised == usdc("3"), "what is refused was not promised"
