from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain import LocalChain, Signer
from chain.errors import InvalidSignature, Malformed, OutOfRange
from chain.keccak import keccak
from chain.money import Token
from chain.refusals import DeadlinePassed
from chain.units import Seconds
from escrow import Escrow, Holding, Method, SignedConsent, Terms, conditions
from escrow.errors import HeldChanged, NothingHeld, NothingToMove, NotSignedBy, WrongAmount
from escrow.evidence_errors import ConsentOutstanding
from escrow.terms_errors import Unsound

Act = dict[str, Escrow]
Offer = Callable[..., Terms]


def test_a_signed_release_pays_once(chain: LocalChain, act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].authorize(offer())
    consent = act["payer"].sign_release(payment, up_to=token("40"))

    assert act["stranger"].submit(consent).holding.refundable == token("40").units
    with pytest.raises(NothingToMove):
        act["stranger"].submit(consent)


def test_a_signed_void_gives_back_once(chain: LocalChain, act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].authorize(offer())
    consent = act["payee"].sign_void(payment)

    assert act["payer"].submit(consent).holding == Holding(used=True)
    assert chain.balance(token, payment.terms.payer) == token("1000")
    with pytest.raises(NothingToMove):
        act["payer"].submit(consent)


def test_a_consent_ends_at_its_deadline_itself(chain: LocalChain, act: Act, offer: Offer) -> None:
    consent = act["payer"].sign_release(act["payer"].authorize(offer()), deadline=chain.after(minutes=5))
    chain.travel(to=Seconds(consent.message.deadline))  # type: ignore[union-attr]  # a Release has one

    with pytest.raises(DeadlinePassed):
        act["payee"].submit(consent)


def test_both_sign_a_settlement_and_the_payer_gets_exactly_its_sum(
    chain: LocalChain, act: Act, sale: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    payment = act["payee"].dispute(act["payer"].authorize(sale()))
    offered = act["payer"].sign_settlement(payment, to_payer=token("50"))

    with pytest.raises(NotSignedBy) as raised:
        act["stranger"].submit(offered)
    assert raised.value.party == signers["payee"].address
    agreed = act["payee"].cosign(offered)

    assert act["stranger"].submit(agreed).holding.refundable == token("70").units
    assert chain.balance(token, signers["payer"].address) == token("930")
    with pytest.raises(NothingHeld):
        act["stranger"].submit(agreed)


def test_a_party_that_brings_a_settlement_needs_no_signature(act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].authorize(offer())

    settled = act["payee"].submit(act["payer"].sign_settlement(payment, to_payer=token("120")))

    assert settled.holding == Holding(used=True)


def test_a_settlement_is_within_what_is_held(act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].authorize(offer())

    with pytest.raises(OutOfRange):
        act["payer"].sign_settlement(payment, to_payer=token("120.000001"))


def test_a_payee_that_signed_a_settlement_neither_voids_nor_refunds_until_it_has_ended(
    chain: LocalChain, act: Act, offer: Offer, token: Token
) -> None:
    payment = act["payer"].release(act["payer"].authorize(offer()), up_to=token("40"))
    act["payee"].sign_settlement(payment, to_payer=token("30"))

    with pytest.raises(ConsentOutstanding):
        act["payee"].void(payment)
    with pytest.raises(ConsentOutstanding):
        act["payee"].refund(payment, up_to=token("10"))
    with pytest.raises(ConsentOutstanding):
        act["payee"].sign_void(payment)
    chain.travel(to=chain.after(hours=1, minutes=1))
    chain.mine(1)
    assert act["payee"].refund(payment, up_to=token("10")).holding.refundable == token("30").units


def test_an_amendment_moves_the_hold_to_new_terms_with_more_money(
    chain: LocalChain, act: Act, sale: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    payment = act["payer"].dispute(act["payer"].authorize(sale()))
    to = sale(token("150"))

    offered = act["payer"].sign_amendment(payment, to, paid_in=token("30"))
    amended = act["payer"].submit(act["payee"].cosign(offered))

    assert (amended.terms, amended.holding) == (to, Holding(held=token("150").units, used=True))
    assert act["payer"].show(payment).holding == Holding(used=True)
    assert chain.balance(token, signers["payer"].address) == token("850")


def test_an_amendment_can_be_paid_in_by_signature(
    chain: LocalChain, act: Act, sale: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    payment = act["payer"].authorize(sale())
    offered = act["payer"].sign_amendment(payment, sale(token("150")), paid_in=token("30"))
    funded = act["payer"].sign_paid_in(offered, Method.ERC3009)

    amended = act["stranger"].submit(act["payee"].cosign(funded))

    assert amended.holding.held == token("150").units


def test_a_new_payer_takes_the_place_of_the_old_one(
    chain: LocalChain, act: Act, sale: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    payment = act["payer"].authorize(sale())
    to = sale(payer=signers["stranger"].address)
    offered = act["payer"].sign_amendment(payment, to, paid_in=token("120"), paid_out=token("120"))

    agreed = act["payee"].cosign(offered)
    with pytest.raises(NotSignedBy):
        act["payee"].submit(agreed)
    amended = act["stranger"].submit(agreed)

    assert amended.holding.held == token("120").units
    assert chain.balance(token, signers["payer"].address) == token("1000")
    assert chain.balance(token, signers["stranger"].address) == token("880")


def test_an_amendment_is_dead_once_the_hold_has_changed(act: Act, sale: Offer, token: Token) -> None:
    payment = act["payer"].authorize(sale())
    agreed = act["payee"].cosign(act["payer"].sign_amendment(payment, sale()))
    act["payer"].release(payment, up_to=token("1"))

    with pytest.raises(HeldChanged):
        act["payer"].submit(agreed)


def test_an_amendments_sums_must_agree(act: Act, sale: Offer, token: Token) -> None:
    payment = act["payer"].authorize(sale())
    agreed = act["payee"].cosign(act["payer"].sign_amendment(payment, sale(token("130"))))

    with pytest.raises(WrongAmount):
        act["payer"].submit(agreed)


def test_only_who_has_a_say_signs(act: Act, offer: Offer, signers: dict[str, Signer], token: Token) -> None:
    payment = act["payer"].authorize(offer())
    consent = act["payer"].sign_settlement(payment, to_payer=token("1"))

    with pytest.raises(InvalidSignature):
        replace(consent, signatures={}).signed(signers["payee"].address, consent.signatures[signers["payer"].address])
    with pytest.raises(Malformed):
        consent.vouched(signers["stranger"].address, b"")


def test_a_consent_travels_as_json(act: Act, sale: Offer, token: Token) -> None:
    payment = act["payer"].authorize(sale())
    for consent in (
        act["payer"].sign_release(payment),
        act["payee"].sign_void(payment),
        act["payer"].sign_dispute(payment),
        act["arbiter"].sign_ruling(act["payer"].dispute(payment), token("30")),
        act["payer"].sign_settlement(payment, to_payer=token("1")),
        act["payer"].sign_paid_in(act["payer"].sign_amendment(payment, sale()), Method.PERMIT2),
    ):
        assert SignedConsent.from_json(consent.to_json()) == consent


def test_a_payee_that_signed_a_void_does_not_bring_a_settlement_beside_it(act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].authorize(offer())
    act["payee"].sign_void(payment, up_to=token("30"))
    settlement = act["payer"].sign_settlement(payment, to_payer=token("50"))

    with pytest.raises(ConsentOutstanding):
        act["payee"].submit(settlement)


def test_a_settlement_is_for_the_hold_that_it_was_proposed_for(act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].authorize(offer())
    void = act["payee"].sign_void(payment, up_to=token("30"))
    settlement = act["payer"].sign_settlement(payment, to_payer=token("50"))
    act["payer"].submit(void)

    for consents in (act["payee"].submit, act["payee"].cosign):
        with pytest.raises(HeldChanged):
            consents(settlement)


def test_a_signed_void_and_a_refund_are_not_both_given(act: Act, offer: Offer, token: Token) -> None:
    payment = act["payer"].release(act["payer"].authorize(offer()), up_to=token("60"))
    void = act["payee"].sign_void(payment, up_to=token("40"))

    with pytest.raises(ConsentOutstanding):
        act["payee"].refund(payment, up_to=token("40"))
    payment = act["payer"].submit(void)
    assert act["payee"].refund(payment, up_to=token("50")).returned == token("50").units


def test_two_clients_of_one_key_know_of_each_others_consents(
    chain: LocalChain, act: Act, offer: Offer, token: Token
) -> None:
    payment = act["payer"].authorize(offer())
    act["payee"].cosign(act["payer"].sign_settlement(payment, to_payer=token("50")))

    with pytest.raises(ConsentOutstanding):
        Escrow(chain, act["payee"].signer).void(payment, up_to=token("30"))


def test_an_amendments_new_terms_are_checked_by_whoever_agrees(
    act: Act, sale: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    payment = act["payer"].authorize(sale())
    bad = sale(arbiter=signers["payee"].address)

    with pytest.raises(Unsound, match="arbiter-is-payee"):
        act["payer"].sign_amendment(payment, bad)
    offered = act["payee"].sign_amendment(payment, bad, accept=["arbiter-is-payee"])
    for consents in (act["payer"].cosign, act["payer"].submit):
        with pytest.raises(Unsound, match="arbiter-is-payee"):
            consents(offered)


def test_a_condition_that_has_paid_is_not_kept_unnoticed(act: Act, chain: LocalChain, token: Token) -> None:
    ticks = conditions.hash_chain(anchor=keccak(bytes(32)), each=token("40").units)
    common: dict[str, Any] = {
        "payer": act["payer"].signer.address,
        "payee": act["payee"].signer.address,
        "condition": ticks,
        "if_expired": "payer",
    }
    payment = act["payer"].authorize(Terms.conditional(**common, amount=token("120"), expiry=chain.after(days=2)))
    later = Terms.conditional(**common, amount=token("80"), expiry=chain.after(days=3))
    payment = act["stranger"].resolve(payment, ticks.proof(bytes(32), 1))

    with pytest.raises(Unsound, match="condition-kept"):
        act["payer"].sign_amendment(payment, later)
    with pytest.raises(Malformed):
        act["payer"].sign_amendment(payment, later, accept=["condition-lost"])
    kept = act["payer"].sign_amendment(payment, later, accept=["condition-kept"])
    assert kept.message.to == later  # type: ignore[union-attr]  # an Amend has one


def test_an_amendment_that_is_refused_leaves_no_allowance(
    chain: LocalChain, act: Act, sale: Offer, token: Token
) -> None:
    payment = act["payer"].authorize(sale())
    offered = act["payee"].sign_amendment(payment, sale(token("150")), paid_in=token("30"))
    forged = replace(offered, signatures={payment.terms.payee: b"\1" * 65})

    with pytest.raises(NotSignedBy):
        act["payer"].submit(forged)
    assert chain.allowance(token, payment.terms.payer, chain.address_of("Escrow"), as_of="latest") == 0


def test_a_refund_takes_what_the_chain_says_not_what_it_is_told(
    chain: LocalChain, act: Act, offer: Offer, token: Token
) -> None:
    payment = act["payer"].release(act["payer"].authorize(offer()))
    told = replace(payment, holding=replace(payment.holding, refundable=token("900").units))

    act["payee"].refund(told, up_to=token("10"))

    assert chain.allowance(token, payment.terms.payee, chain.address_of("Escrow"), as_of="latest") == 0
