from collections.abc import Callable
from typing import Any

import pytest

from chain import LocalChain, Signer
from chain.errors import OutOfRange, TokenMismatch
from chain.money import Token
from escrow import Escrow, Terms
from escrow.errors import (
    HeldChanged,
    NothingToMove,
    NothingToRefund,
)

Act = dict[str, Escrow]
Offer = Callable[..., Terms]


def _has(chain: LocalChain, token: Token, who: Signer) -> str:
    return chain.balance(token, who.address).text


@pytest.mark.parametrize("verb", ["capture", "release", "void", "refund"])
def test_a_total_that_is_said_again_raises_and_moves_nothing(
    chain: LocalChain, act: Act, offer: Offer, token: Token, signers: dict[str, Signer], verb: str
) -> None:
    role = {"capture": "operator", "release": "payer", "void": "payee", "refund": "payee"}[verb]
    first = act["payer"].release(act["payer"].authorize(offer()), up_to=token("60"))
    total = {"up_to": token("100") if verb in {"capture", "release"} else token("20")}
    done = getattr(act[role], verb)(first, **total)
    before = [_has(chain, token, signer) for signer in signers.values()]

    for known in (first, done):
        with pytest.raises(NothingToRefund if verb == "refund" else NothingToMove):
            getattr(act[role], verb)(known, **total)
    assert [_has(chain, token, signer) for signer in signers.values()] == before
    assert act[role].show(first).holding == done.holding
    assert chain.allowance(token, signers[role].address, done.domain.contract) == 0


def test_a_void_counts_from_what_is_back_with_the_payer_even_for_an_old_payment(
    act: Act, offer: Offer, token: Token
) -> None:
    old = act["payer"].authorize(offer())
    act["operator"].capture(old, up_to=token("40"))

    assert token.units(act["payee"].void(old, up_to=token("30")).returned) == token("30")


def test_a_refund_of_a_payment_that_has_moved_since_is_refused_and_leaves_no_allowance(
    chain: LocalChain, act: Act, offer: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    old = act["operator"].capture(act["payer"].authorize(offer()), up_to=token("40"))
    act["operator"].capture(old)

    with pytest.raises(HeldChanged) as raised:
        act["payee"].refund(old)
    assert (raised.value.held, raised.value.expected) == (0, token("80").units)
    assert chain.allowance(token, signers["payee"].address, old.domain.contract) == 0


@pytest.mark.parametrize("amount", [40, 40.0, "40"])
def test_totals_are_money(act: Act, offer: Offer, amount: Any) -> None:
    payment = act["payer"].authorize(offer())

    with pytest.raises(TypeError):
        act["payer"].release(payment, up_to=amount)


def test_totals_fit_the_payment(chain: LocalChain, act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].authorize(offer())

    with pytest.raises(OutOfRange):
        act["payer"].release(payment, up_to=token("120.000001"))
    with pytest.raises(TokenMismatch):
        act["payer"].release(payment, up_to=chain.native("1"))
