"""With the real Permit2: its own creation code through the usual proxy gives its own address."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chain import EarnestError, LocalChain
from chain.create2 import PROXY, address_of, call_data
from chain.errors import Reverted
from chain.money import Token
from chain.permit2 import PERMIT2
from chain.units import Hash32
from escrow import Escrow, Holding, Method, Terms

Act = dict[str, Escrow]
Offer = Callable[..., Terms]
CODE = Path(__file__).parents[3] / "node_modules/hardhat-predeploy/bin" / f"{PERMIT2}.bytecode"
SALT = Hash32(bytes.fromhex("d3af2663da51c10215000000".rjust(64, "0")))


@pytest.fixture
def permit2(chain: LocalChain, act: Act, token: Token) -> None:
    creation = CODE.read_bytes()
    assert address_of(creation, SALT) == PERMIT2
    chain.execute(act["stranger"].signer, PROXY, call_data(creation, SALT))
    chain.approve(act["payer"].signer, token, PERMIT2)


@pytest.mark.usefixtures("permit2")
def test_an_allowance_for_permit2_funds_by_signature(chain: LocalChain, act: Act, offer: Offer, token: Token) -> None:
    signed = act["payer"].sign_authorization(offer(), Method.PERMIT2)

    payment = act["payee"].authorize(signed)

    assert payment.holding == Holding(held=token("120").units, used=True)
    assert chain.balance(token, payment.terms.payer) == token("880")


@pytest.mark.usefixtures("permit2")
def test_nonces_of_ones_own_share_a_word(act: Act, offer: Offer) -> None:
    first, second = (act["payer"].sign_authorization(offer(), Method.PERMIT2, nonce=nonce) for nonce in (0, 1))

    one, two = act["payee"].authorize(first), act["payee"].authorize(second)

    assert one.receipt is not None
    assert two.receipt is not None
    assert two.receipt.gas_used < one.receipt.gas_used - 10_000


@pytest.mark.usefixtures("permit2")
def test_a_permit_for_one_payment_funds_no_other(chain: LocalChain, act: Act, offer: Offer, token: Token) -> None:
    signed = act["payer"].sign_authorization(offer(), Method.PERMIT2)
    other = act["payer"].sign_authorization(offer(), Method.PERMIT2)
    swapped = type(signed)(
        terms=other.terms, domain=signed.domain, method=signed.method, authorization=signed.authorization
    )

    with pytest.raises(EarnestError):
        act["stranger"].authorize(swapped)
    assert chain.balance(token, signed.terms.payer) == token("1000")


@pytest.mark.usefixtures("permit2")
def test_an_amendment_can_be_paid_in_through_permit2(act: Act, sale: Offer, token: Token) -> None:
    payment = act["payer"].authorize(sale())
    offered = act["payer"].sign_amendment(payment, sale(token("150")), paid_in=token("30"))
    agreed = act["payee"].cosign(act["payer"].sign_paid_in(offered, Method.PERMIT2))

    assert act["stranger"].submit(agreed).holding.held == token("150").units


def test_a_chain_without_permit2_refuses(act: Act, offer: Offer) -> None:
    signed = act["payer"].sign_authorization(offer(), Method.PERMIT2)

    with pytest.raises(Reverted):
        act["payee"].authorize(signed)
