import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain import LocalChain, Signer
from chain.money import Token
from chain.refusals import NotPayer
from chain.typed_data import Domain
from chain.units import NO_HASH, Seconds
from escrow import Escrow, Holding, PayeeShare, Payment, Terms, conditions
from escrow.errors import (
    NotExpired,
    NothingHeld,
    NothingReleased,
    NotOperator,
    NotPayeeOrOperator,
    OtherEscrow,
)

Act = dict[str, Escrow]
Offer = Callable[..., Terms]


def _has(chain: LocalChain, token: Token, who: Signer) -> str:
    return chain.balance(token, who.address).text


def test_a_payment_is_captured_in_parts_and_partly_refunded(
    chain: LocalChain, act: Act, offer: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    fee: dict[str, Any] = {"fee_bps": 100, "fee_recipient": signers["collector"].address}
    payment = act["payer"].authorize(offer(**fee))
    assert payment.holding == Holding(held=token("120").units, used=True)

    payment = act["operator"].capture(payment, up_to=token("50"))
    payment = act["operator"].capture(payment, up_to=token("100"))
    payment = act["payee"].refund(payment, up_to=token("10"))
    payment = act["payee"].void(payment)

    assert payment.holding == Holding(refundable=token("90").units, used=True)
    assert token.units(payment.returned) == token("30")
    assert _has(chain, token, signers["payer"]) == "910"
    assert _has(chain, token, signers["payee"]) == "1089"
    assert _has(chain, token, signers["collector"]) == "1001"


def test_the_native_currency_needs_no_approval(
    chain: LocalChain, act: Act, offer: Offer, signers: dict[str, Signer]
) -> None:
    payment = act["payer"].authorize(offer(chain.native("1.5")))
    payment = act["payer"].release(payment)
    refunded = act["payee"].refund(payment, up_to=chain.native("0.5"))

    assert refunded.holding == Holding(refundable=chain.native("1").units, used=True)
    assert chain.call("Escrow", "holdingOf", payment.payment_id)[0] == 0


def test_a_condition_releases_to_the_payee_whoever_shows_the_preimage(
    chain: LocalChain, act: Act, token: Token, signers: dict[str, Signer]
) -> None:
    preimage = bytes(range(32))
    lock = conditions.hash_lock(sha256=hashlib.sha256(preimage).digest())
    terms = Terms.conditional(
        payer=signers["payer"].address,
        payee=signers["payee"].address,
        amount=token("120"),
        condition=lock,
        expiry=chain.after(hours=2),
        if_expired="payer",
    )
    payment = act["payer"].authorize(terms)

    with pytest.raises(NothingReleased):
        act["stranger"].resolve(payment, lock.proof(bytes(32)))
    payment = act["stranger"].resolve(payment, lock.proof(preimage))
    assert payment.receipt is not None
    assert payment.receipt.event("Resolved").args["proof"] == preimage
    assert _has(chain, token, signers["payee"]) == "1120"
    with pytest.raises(NothingHeld):
        act["stranger"].resolve(payment, lock.proof(preimage))


def test_the_clock_pays_as_agreed_at_the_expiry_itself(
    chain: LocalChain, act: Act, offer: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    payment = act["payer"].authorize(offer(if_expired=PayeeShare(bps=2_500)))
    expiry = payment.terms.authorization_expiry

    chain.travel(to=Seconds(expiry - 1))
    with pytest.raises(NotExpired) as raised:
        act["stranger"].expire(payment)
    assert raised.value.facts == {"now": expiry - 1, "expiry": expiry}

    chain.travel(to=expiry)
    payment = act["stranger"].expire(payment)
    assert payment.holding == Holding(refundable=token("30").units, used=True)
    assert (_has(chain, token, signers["payer"]), _has(chain, token, signers["payee"])) == ("970", "1030")
    with pytest.raises(NothingHeld):
        act["stranger"].expire(payment)


@pytest.mark.parametrize(
    ("verb", "role", "error"),
    [
        ("capture", "payee", NotOperator),
        ("release", "operator", NotPayer),
        ("void", "payer", NotPayeeOrOperator),
        ("refund", "payer", NotPayeeOrOperator),
    ],
)
def test_who_is_not_entitled_is_refused_by_name(
    act: Act, offer: Offer, verb: str, role: str, error: type[Exception]
) -> None:
    payment = act["payer"].authorize(offer())

    with pytest.raises(error):
        getattr(act[role], verb)(payment)


def test_a_payment_of_another_chain_or_contract_is_refused(act: Act, offer: Offer) -> None:
    payment = act["payer"].authorize(offer())
    elsewhere = replace(payment, domain=Domain(1, payment.domain.contract))

    with pytest.raises(OtherEscrow) as raised:
        act["payer"].release(elsewhere)
    assert (raised.value.expected_chain, raised.value.found_chain) == (payment.chain_id, 1)


def test_show_reads_the_chain_and_a_kept_payment_goes_on(act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].authorize(offer())
    kept = Payment.from_json(payment.to_json())
    released = act["payer"].release(kept, up_to=token("20"))

    for shown in (act["stranger"].show(payment), act["stranger"].show(payment.terms, as_of="latest")):
        assert shown == released
        assert shown.receipt is None
    assert act["stranger"].holding(payment.payment_id) == released.holding
    assert act["stranger"].holding(NO_HASH) == Holding()


def test_every_step_has_its_receipt_with_gas_and_event(act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].authorize(offer())
    released = act["payer"].release(payment, up_to=token("20"))

    for step, event in ((payment, "Authorized"), (released, "Released")):
        assert step.receipt is not None
        assert step.receipt.gas_used > 21_000
        assert step.receipt.event(event).args["paymentId"] == payment.payment_id
