from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain import Signer
from chain.errors import InvalidValue, Malformed
from chain.units import Amount, Seconds
from escrow import Method, Payment, SignedAuthorization, SignedConsent, messages
from escrow.errors import NotSignedBy
from escrow.flags import PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.signed_consent import Message
from escrow.submission import submission


@pytest.fixture
def payment(pay: Callable[..., Payment]) -> Payment:
    return pay()


@pytest.fixture
def authorization(payment: Payment) -> SignedAuthorization:
    return SignedAuthorization(
        terms=payment.terms, domain=payment.domain, method=Method.ERC3009, authorization=b"\1" * 65
    )


@pytest.fixture
def release(payment: Payment) -> Message:
    return messages.Release(payment_id=payment.payment_id, held_after=Amount(0), deadline=Seconds(9))


@pytest.fixture
def consent(payment: Payment, release: Message, signers: dict[str, Signer]) -> SignedConsent:
    signature = signers["payer"].sign(payment.domain, release).signature
    return SignedConsent(payment=payment, message=release).signed(payment.terms.payer, signature)


@pytest.mark.parametrize(
    "change",
    [
        {"chainId": 1},
        {"chainId": "-1"},
        {"contract": "0x12"},
        {"terms": {}},
        {"method": "permit"},
        {"authorization": "01"},
        {"authorization": "0x" + "00" * 8_193},
        {"more": 1},
    ],
)
def test_a_malformed_authorization_is_refused(authorization: SignedAuthorization, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        SignedAuthorization.from_json(authorization.to_json() | change)


@pytest.mark.parametrize("data", [None, [], "x", {}])
def test_what_is_no_document_is_refused(data: object) -> None:
    for kind in (SignedAuthorization, SignedConsent):
        with pytest.raises(Malformed):
            kind.from_json(data)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Terms"},
        {"type": "Authorize"},
        {"type": ["Release"]},
        {"message": {}},
        {"payment": None},
        {"signatures": []},
        {"signatures": {"0x" + "11" * 20: "0x"}},
        {"signatures": {f"0x{number:040x}": "0x" for number in range(5)}},
        {"method": "cash"},
        {"authorization": 1},
        {"more": 1},
    ],
)
def test_a_malformed_consent_is_refused(consent: SignedConsent, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        SignedConsent.from_json(consent.to_json() | change)


def test_both_come_back_from_json(authorization: SignedAuthorization, consent: SignedConsent) -> None:
    assert SignedAuthorization.from_json(authorization.to_json()) == authorization
    assert SignedConsent.from_json(consent.to_json()) == consent
    assert authorization.payment_id == consent.about


def test_a_consent_speaks_of_its_payment(pay: Callable[..., Payment], release: Message) -> None:
    with pytest.raises(Malformed):
        SignedConsent(payment=pay(salt=99), message=release)


def test_who_calls_needs_no_signature(payment: Payment, release: Message, consent: SignedConsent) -> None:
    unsigned = SignedConsent(payment=payment, message=release)

    assert unsigned.missing(payment.terms.payer) == ()
    assert unsigned.missing(payment.terms.payee) == (payment.terms.payer,)
    assert consent.missing(payment.terms.payee) == ()


def test_either_partys_word_is_enough_for_a_dispute(payment: Payment, signers: dict[str, Signer]) -> None:
    dispute = messages.Dispute(payment_id=payment.payment_id, evidence=payment.payment_id, deadline=Seconds(9))
    unsigned = SignedConsent(payment=payment, message=dispute)
    stranger = signers["stranger"].address

    assert unsigned.missing(stranger) == (payment.terms.payer, payment.terms.payee)
    for party in ("payer", "payee"):
        signed = unsigned.signed(signers[party].address, signers[party].sign(payment.domain, dispute).signature)
        assert signed.missing(stranger) == ()
        assert submission(signed, stranger).arguments[1] == signers[party].address


@pytest.mark.parametrize(
    ("flags", "expected"), [(PAYER_MAY_DISPUTE, "payer"), (PAYEE_MAY_DISPUTE, "payee"), (3, "payer")]
)
def test_of_two_words_for_a_dispute_the_one_that_counts_is_brought(
    pay: Callable[..., Payment], signers: dict[str, Signer], flags: int, expected: str
) -> None:
    payment = pay(flags=flags, arbiter=signers["arbiter"].address, ruling_period=7_200)
    dispute = messages.Dispute(payment_id=payment.payment_id, evidence=payment.payment_id, deadline=Seconds(9))
    both = SignedConsent(payment=payment, message=dispute, signatures={})
    for party in ("payee", "payer"):
        both = both.signed(signers[party].address, signers[party].sign(payment.domain, dispute).signature)

    assert submission(both, signers["stranger"].address).arguments[1] == signers[expected].address


def test_a_party_that_calls_disputes_without_a_signature(payment: Payment, signers: dict[str, Signer]) -> None:
    dispute = messages.Dispute(payment_id=payment.payment_id, evidence=payment.payment_id, deadline=Seconds(9))
    unsigned = SignedConsent(payment=payment, message=dispute)

    assert submission(unsigned, payment.terms.payee).arguments[1:3] == (payment.terms.payee, payment.payment_id)
    with pytest.raises(NotSignedBy):
        submission(unsigned, signers["stranger"].address)


def test_everybody_whom_an_amendment_touches_signs_once(
    payment: Payment, pay: Callable[..., Payment], signers: dict[str, Signer]
) -> None:
    to = pay(payer=payment.terms.payee, payee=signers["stranger"].address).terms
    amend = messages.Amend(
        from_id=payment.payment_id,
        held=Amount(1),
        paid_in=Amount(2),
        paid_out=Amount(3),
        to=to,
        deadline=Seconds(9),
    )
    consent = SignedConsent(payment=payment, message=amend)

    assert consent.parties == (payment.terms.payer, payment.terms.payee, signers["stranger"].address)
    with pytest.raises(NotSignedBy):
        submission(consent, signers["stranger"].address)
    signed = replace(consent, signatures=dict.fromkeys(consent.parties, b""))
    call = submission(signed, signers["stranger"].address)
    assert (call.function, call.paid_in, call.result.terms) == ("amend", 2, to)
