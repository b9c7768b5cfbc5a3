from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chain import EarnestError, LocalChain, Signer
from chain.errors import MalformedSignature
from chain.money import Token
from chain.refusals import ERC3009InvalidSignature
from chain.typed_data import Domain
from escrow import Agreement, Escrow, Holding, Method, SignedAuthorization, Terms
from escrow.agreement import Part
from escrow.errors import AlreadyUsed, NothingToPay, NotOperator, NotSignedBy, OtherEscrow, OtherTerms
from escrow.milestones import Step
from escrow.terms_errors import Unsound

Act = dict[str, Escrow]
Offer = Callable[..., Terms]


def _penniless(chain: LocalChain, token: Token) -> tuple[Signer, Escrow]:
    """A payer with tokens and no gas."""
    ann = Signer.generate()
    chain.fund(ann.address, native="0", usdc="500")
    return ann, Escrow(chain, ann)


def test_a_payer_without_gas_or_allowance_signs_and_the_shop_brings_it(
    chain: LocalChain, act: Act, offer: Offer, token: Token
) -> None:
    ann, escrow = _penniless(chain, token)
    signed = escrow.sign_authorization(offer(payer=ann.address))

    payment = act["payee"].authorize(signed)

    assert payment.holding == Holding(held=token("120").units, used=True)
    assert chain.balance(token, ann.address) == token("380")
    with pytest.raises(AlreadyUsed):
        act["stranger"].authorize(signed)


def test_an_allowance_needs_the_payers_signature_over_these_terms(
    chain: LocalChain, act: Act, offer: Offer, token: Token
) -> None:
    chain.approve(act["payer"].signer, token, chain.address_of("Escrow"))
    signed = act["payer"].sign_authorization(offer(), Method.ALLOWANCE)
    dearer = replace(signed, terms=replace(signed.terms, amount=token("121").units))

    with pytest.raises(NotSignedBy):
        act["payee"].authorize(dearer)
    assert act["payee"].authorize(signed).holding.held == token("120").units


def _flipped(terms: Terms) -> list[Terms]:
    """Each field of the terms, changed alone, in a way that could be funded by somebody else's signature."""
    return [
        replace(terms, **{member.snake: _other(member.kind, getattr(terms, member.snake))})
        for member in Terms.members
        if member.snake not in {"payer", "token"}  # they change whose money, or which, is taken
    ]


def _other(kind: str, value: Any) -> Any:
    if kind == "address":
        return "0x" + "11" * 20
    return bytes(31) + b"\1" if kind == "bytes32" else value + 1


def test_no_field_of_the_terms_can_be_changed_behind_a_signature(
    chain: LocalChain, act: Act, offer: Offer, token: Token
) -> None:
    chain.approve(act["payer"].signer, token, chain.address_of("Escrow"))
    fee = {"fee_bps": 100, "fee_recipient": act["collector"].signer.address}
    for method in (Method.ALLOWANCE, Method.ERC3009):
        signed = act["payer"].sign_authorization(offer(**fee), method)
        for terms in _flipped(signed.terms):
            with pytest.raises(EarnestError):
                act["stranger"].authorize(replace(signed, terms=terms))
            assert chain.balance(token, signed.terms.payer) == token("1000")


def test_the_operator_charges_at_once_and_the_fee_is_taken(
    chain: LocalChain, act: Act, offer: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    signed = act["payer"].sign_authorization(offer(fee_bps=100, fee_recipient=signers["collector"].address))
    with pytest.raises(NotOperator):
        act["payee"].charge(signed)

    payment = act["operator"].charge(signed)

    assert payment.holding == Holding(refundable=token("120").units, used=True)
    assert chain.balance(token, signers["payee"].address) == token("1118.8")
    assert chain.balance(token, signers["collector"].address) == token("1001.2")


def test_who_brings_the_authorization_before_the_charge_changes_nothing(
    chain: LocalChain, act: Act, offer: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    signed = act["payer"].sign_authorization(offer())
    act["stranger"].authorize(signed)

    assert act["operator"].charge(signed).holding == Holding(refundable=token("120").units, used=True)
    assert chain.balance(token, signers["payee"].address) == token("1120")


def test_a_signature_of_another_key_funds_nothing(chain: LocalChain, act: Act, offer: Offer, token: Token) -> None:
    theirs = act["stranger"].sign_authorization(offer(payer=act["stranger"].signer.address))
    forged = replace(theirs, terms=offer())

    with pytest.raises(ERC3009InvalidSignature):
        act["payee"].authorize(forged)
    assert chain.balance(token, forged.terms.payer) == token("1000")


@pytest.mark.parametrize("v", [0, 1, 26, 29])
def test_a_signature_of_another_form_is_refused_before_anything_is_sent(act: Act, offer: Offer, v: int) -> None:
    signed = act["payer"].sign_authorization(offer())

    with pytest.raises(MalformedSignature):
        act["payee"].authorize(replace(signed, authorization=signed.authorization[:64] + bytes([v])))


def test_an_authorization_for_another_escrow_is_not_brought(act: Act, offer: Offer) -> None:
    signed = act["payer"].sign_authorization(offer())

    with pytest.raises(OtherEscrow):
        act["payee"].authorize(replace(signed, domain=Domain(1, signed.domain.contract)))


@pytest.mark.parametrize("method", list(Method))
def test_an_authorization_travels_as_json(act: Act, offer: Offer, method: Method) -> None:
    signed = act["payer"].sign_authorization(offer(), method)

    assert SignedAuthorization.from_json(signed.to_json()) == signed


def test_all_of_an_agreement_is_funded_in_one_transaction(
    chain: LocalChain, act: Act, offer: Offer, token: Token
) -> None:
    payments = act["payer"].authorize_many([offer(token("10")), offer(token("20")), offer(token("30"))])

    assert [payment.holding.held for payment in payments] == [10_000_000, 20_000_000, 30_000_000]
    assert len({payment.receipt.transaction for payment in payments if payment.receipt}) == 1
    assert chain.balance(token, payments[0].terms.payer) == token("940")


def test_a_shop_brings_only_what_it_has_offered(act: Act, offer: Offer, token: Token) -> None:
    offered = offer()
    cheaper = act["payer"].sign_authorization(offer(token("1")))

    for brings in (act["payee"].authorize, act["operator"].charge):
        with pytest.raises(OtherTerms):
            brings(cheaper, offer=offered)
    signed = act["payer"].sign_authorization(offered)
    assert act["payee"].authorize(signed, offer=offered).holding.held == token("120").units


def test_the_same_terms_twice_are_refused_before_an_allowance(
    chain: LocalChain, act: Act, offer: Offer, token: Token
) -> None:
    terms = offer()

    with pytest.raises(AlreadyUsed):
        act["payer"].authorize_many([terms, terms])
    assert chain.allowance(token, terms.payer, chain.address_of("Escrow"), as_of="latest") == 0


def test_nothing_to_pay_is_refused(act: Act, offer: Offer) -> None:
    with pytest.raises(NothingToPay):
        act["payer"].authorize_many([])


def test_an_agreement_is_funded_by_name_and_checked_as_a_whole(chain: LocalChain, act: Act, token: Token) -> None:
    people: dict[str, Any] = {name: act[name].signer.address for name in ("payer", "payee", "arbiter")}
    judged: dict[str, Any] = {"ruling_period": timedelta(days=7), "if_arbiter_silent": "payer"}
    job = Agreement.milestones(
        **people,
        **judged,
        if_expired="payer",
        steps={
            "design": Step(amount=token("50"), expiry=chain.after(days=5)),
            "build": Step(amount=token("70"), expiry=chain.after(days=9)),
        },
    )
    bonded = Agreement.bonded(job, amount=token("10"))
    short = Agreement((*job.parts, Part(name="bond", terms=Terms.bond(job["design"], amount=token("10")))))

    with pytest.raises(Unsound, match="bond-does-not-cover"):
        act["payer"].authorize_all(short)
    deal = act["payer"].authorize_all(bonded)
    stake = act["payee"].authorize_all(bonded)

    assert {name: payment.holding.held for name, payment in (deal | stake).items()} == {
        "design": token("50").units,
        "build": token("70").units,
        "bond": token("10").units,
    }
    with pytest.raises(NothingToPay):
        act["stranger"].authorize_all(bonded)
