from collections.abc import Callable
from dataclasses import replace

import pytest

from chain import LocalChain, Signer
from chain.errors import InsufficientBalance, UnknownToken
from chain.money import Token
from chain.refusals import NotPayer
from chain.units import Address
from escrow import Escrow, Holding, Terms
from escrow.errors import (
    AlreadyUsed,
)

Act = dict[str, Escrow]
Offer = Callable[..., Terms]


def test_terms_are_authorized_once(chain: LocalChain, act: Act, offer: Offer, token: Token) -> None:
    terms = offer()
    payment = act["payer"].authorize(terms)

    with pytest.raises(AlreadyUsed) as raised:
        act["payer"].authorize(terms)
    assert raised.value.payment_id == payment.payment_id
    assert chain.allowance(token, terms.payer, payment.domain.contract) == 0


def test_only_the_payer_authorizes(act: Act, offer: Offer, signers: dict[str, Signer]) -> None:
    with pytest.raises(NotPayer) as raised:
        act["stranger"].authorize(offer())
    assert raised.value.caller == signers["stranger"].address


def test_a_balance_that_is_just_enough_is_enough(chain: LocalChain, act: Act, offer: Offer, token: Token) -> None:
    assert act["payer"].authorize(offer(token("1000"))).holding.held == token("1000").units


def test_a_balance_that_is_too_small_is_refused_before_anything_is_sent(
    chain: LocalChain, act: Act, offer: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    for money in (token("1000.000001"), chain.native("10.1")):
        terms = offer(money)
        with pytest.raises(InsufficientBalance) as raised:
            act["payer"].authorize(terms)
        owner = signers["payer"].address
        assert raised.value.facts == {
            "token": money.token.address,
            "owner": owner,
            "balance": chain.balance(money.token, owner).units,
            "needed": money.units,
        }
    assert chain.allowance(token, owner, chain.address_of("Escrow")) == 0


@pytest.mark.parametrize(("given", "approvals"), [("0", 1), ("119.999999", 2), ("120", 0), ("500", 0)])
def test_exactly_the_missing_allowance_is_approved(
    chain: LocalChain, act: Act, offer: Offer, token: Token, signers: dict[str, Signer], given: str, approvals: int
) -> None:
    escrow = chain.address_of("Escrow")
    chain.approve(signers["payer"], token(given), escrow)
    before = len(chain.events("ERC20", "Approval", at=token.address))

    act["payer"].authorize(offer())

    assert len(chain.events("ERC20", "Approval", at=token.address)) - before == approvals
    left = token("500") - token("120") if given == "500" else token("0")
    assert chain.allowance(token, signers["payer"].address, escrow) == left.units


def test_a_token_without_code_is_unknown(act: Act, offer: Offer, token: Token) -> None:
    nowhere = replace(token, address=Address("0x" + "12" * 20))

    with pytest.raises(UnknownToken):
        act["payer"].authorize(offer(nowhere("1")))


def test_cancelled_terms_are_never_authorized(act: Act, offer: Offer) -> None:
    terms = offer()

    assert act["payer"].cancel(terms).holding == Holding(used=True)
    with pytest.raises(AlreadyUsed):
        act["payer"].authorize(terms)
    with pytest.raises(AlreadyUsed):
        act["payer"].cancel(terms)
