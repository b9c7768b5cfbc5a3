"""Before a party agrees that others are paid: whoever is new in an amendment is looked at."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain import LocalChain, Signer
from chain.money import Token
from chain.sync.preflight import Preflight
from escrow import Escrow, Payment, Terms
from escrow.evidence.consent_book import ConsentBook
from escrow.evidence.journal_file import JournalFile
from escrow.journal.consent import Consent
from tests.chain.preflight.refusing import BURNT, Silent, refused, twin

Act = dict[str, Escrow]
Offer = Callable[..., Terms]
Change = Callable[[LocalChain, Terms], dict[str, Any]]
CASES: list[tuple[Change, str]] = [
    (lambda chain, old: {"payee": BURNT}, "BurnAddress"),
    (lambda chain, old: {"payee": chain.address_of("VoucherChannels")}, "OwnContractAsPayee"),
    (lambda chain, old: {"payee": twin(old.payee)}, "LookAlike"),
    (lambda chain, old: {"payee": twin(old.payer)}, "LookAlike"),
    (lambda chain, old: {"payer": twin(old.payer)}, "LookAlike"),
    (lambda chain, old: {"payer": BURNT}, "BurnAddress"),
    (lambda chain, old: {"arbiter": BURNT}, "BurnAddress"),
    (lambda chain, old: {"arbiter": twin(old.arbiter)}, "LookAlike"),
    (
        lambda chain, old: {"operator": BURNT, "fund_by": old.fund_by - 7_200, "capture_from": old.fund_by},
        "BurnAddress",
    ),
    (lambda chain, old: {"fee_recipient": BURNT, "fee_bps": 100}, "BurnAddress"),
]


@pytest.fixture
def payment(act: Act, sale: Offer) -> Payment:
    return act["payer"].authorize(sale())


@pytest.mark.parametrize(("change", "name"), CASES)
def test_who_can_only_be_a_mistake_is_not_agreed_to(
    chain: LocalChain, act: Act, payment: Payment, change: Change, name: str
) -> None:
    to, used = replace(payment.terms, salt=7, **change(chain, payment.terms)), chain._node.nonce(payment.terms.payer)
    journals = JournalFile(":memory:")
    payer = Escrow(chain, act["payer"].signer, ConsentBook(journals))

    assert refused(lambda: payer.sign_amendment(payment, to)) == [name]
    assert refused(lambda: payer.sign_amendment(payment, to, accept={"SelfPayment"})) == [name]
    offered = act["payee"].sign_amendment(payment, to, accept={name})
    assert refused(lambda: payer.cosign(offered)) == [name]
    if to.payer == payment.terms.payer and to.payee == payment.terms.payee:  # Who is new would have to sign before.
        assert refused(lambda: payer.submit(offered)) == [name]
    assert chain._node.nonce(payment.terms.payer) == used
    assert len(journals.open(payment).records(Consent)) == 0

    assert payer.cosign(offered, accept={name}).missing(payment.terms.payee) == offered.missing(payment.terms.payer)
    assert len(journals.open(payment).records(Consent)) == 1


def test_an_amendment_that_is_accepted_by_name_is_signed_and_brought(act: Act, payment: Payment) -> None:
    to = replace(payment.terms, salt=7, arbiter=BURNT)
    offered = act["payer"].sign_amendment(payment, to, accept="BurnAddress")

    assert act["payee"].submit(offered, accept="BurnAddress").terms == to


def test_a_new_party_like_no_other_is_agreed_to(act: Act, payment: Payment, signers: dict[str, Signer]) -> None:
    to = replace(payment.terms, salt=7, payee=signers["stranger"].address)

    assert act["payer"].sign_amendment(payment, to).signatures.keys() == {payment.terms.payer}


def test_who_only_brings_an_amendment_is_not_asked(act: Act, payment: Payment) -> None:
    to = replace(payment.terms, salt=7, arbiter=BURNT)
    agreed = act["payee"].cosign(act["payer"].sign_amendment(payment, to, accept="BurnAddress"), accept="BurnAddress")

    assert act["stranger"].submit(agreed).terms == to


def test_parties_that_stay_are_not_asked_about_again(chain: LocalChain, act: Act, sale: Offer, token: Token) -> None:
    source, terms = Silent(), sale(arbiter=BURNT)
    payment = act["payer"].authorize(terms, accept="BurnAddress")
    careful = Escrow(chain, act["payer"].signer, preflight=Preflight(chain, sources=[source]))

    careful.sign_amendment(payment, replace(terms, salt=7, amount=token("150").units), paid_in=token("30"))
    assert source.asked == []


def test_a_preflight_of_ones_own_is_asked_about_the_new_ones_and_about_no_payer(
    chain: LocalChain, act: Act, payment: Payment, signers: dict[str, Signer], token: Token
) -> None:
    source, arbiter = Silent(), Signer.generate().address
    careful = Escrow(chain, signers["payer"], preflight=Preflight(chain, sources=[source]))
    to = replace(payment.terms, salt=7, arbiter=arbiter)

    assert refused(lambda: careful.sign_amendment(payment, to)) == ["SourceSilent"]
    careful.sign_amendment(payment, to, accept="SourceSilent")
    planned = source.asked[0]
    assert (planned.payer, planned.payee, planned.parties) == (None, to.payee, (arbiter,))
    assert planned.money == token("120")
    assert planned.call is not None
    assert planned.call.to == chain.address_of("Escrow")
