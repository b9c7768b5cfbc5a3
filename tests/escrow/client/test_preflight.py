"""Before a payer funds a payment: who is named in it is looked at, and what is found must be accepted by name."""

from collections.abc import Callable
from typing import Any

import pytest

from chain import Address, LocalChain, Signer
from chain.errors import Malformed
from chain.money import Token
from chain.sync.preflight import Preflight
from escrow import Agreement, Escrow, Terms
from escrow.agreement import Part
from escrow.terms_errors import Unsound
from tests.chain.preflight.refusing import BURNT, refused, twin

Act = dict[str, Escrow]
Offer = Callable[..., Terms]


@pytest.mark.parametrize(
    ("part", "of", "name"),
    [
        ("payee", lambda chain, terms: BURNT, "BurnAddress"),
        ("payee", lambda chain, terms: chain.address_of("VoucherChannels"), "OwnContractAsPayee"),
        ("payee", lambda chain, terms: twin(terms.payer), "LookAlike"),
        ("payee", lambda chain, terms: twin(terms.operator), "LookAlike"),
        ("operator", lambda chain, terms: twin(terms.payee), "LookAlike"),
        ("operator", lambda chain, terms: BURNT, "BurnAddress"),
    ],
)
def test_a_party_that_can_only_be_a_mistake_is_refused_before_anything_is_sent(
    chain: LocalChain, act: Act, offer: Offer, token: Token, part: str, of: Callable[..., Address], name: str
) -> None:
    terms = offer(**{part: of(chain, offer())})

    assert refused(lambda: act["payer"].authorize(terms)) == [name]
    assert refused(lambda: act["payer"].authorize_many([terms, offer(salt=1)])) == [name]
    assert refused(lambda: act["payer"].sign_authorization(terms)) == [name]
    assert chain._node.nonce(terms.payer) == 0
    assert chain.allowance(token, terms.payer, chain.address_of("Escrow")) == 0


def test_what_is_found_is_accepted_by_its_name(chain: LocalChain, act: Act, offer: Offer) -> None:
    terms = offer(payee=BURNT)

    assert refused(lambda: act["payer"].authorize(terms, accept=["LookAlike"])) == ["BurnAddress"]
    assert act["payer"].authorize(terms, accept="BurnAddress").holding.held == terms.amount


def test_one_list_accepts_risks_of_terms_and_findings(
    chain: LocalChain, act: Act, offer: Offer, signers: dict[str, Signer]
) -> None:
    terms = offer(payee=BURNT, operator=BURNT)
    agreement = Agreement((Part(name="sale", terms=terms),))

    with pytest.raises(Unsound):
        act["payer"].authorize(terms, accept={"BurnAddress"})
    assert refused(lambda: act["payer"].authorize(terms, accept={"operator-is-payee"})) == ["BurnAddress"]
    with pytest.raises(Malformed):
        act["payer"].authorize(terms, accept={"operator-is-payee", "BurntAddress"})
    assert act["payer"].authorize_all(agreement, accept={"operator-is-payee", "BurnAddress"})


def test_who_only_brings_what_the_payer_signed_is_not_asked(act: Act, offer: Offer) -> None:
    terms = offer(payee=BURNT)
    signed = act["payer"].sign_authorization(terms, accept={"BurnAddress"})

    assert act["operator"].authorize(signed, offer=terms).holding.held == terms.amount


@pytest.fixture
def careful(chain: LocalChain, signers: dict[str, Signer]) -> Callable[..., Escrow]:
    def client(**given: Any) -> Escrow:
        return Escrow(chain, signers["payer"], preflight=Preflight(chain, **given))

    return client


def test_a_preflight_of_ones_own_is_asked_in_full(
    chain: LocalChain, careful: Callable[..., Escrow], offer: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    stranger = Signer.generate().address
    blocking = {"weights": {"FreshPayee": "block", "AllowanceMissing": "block"}}

    assert refused(lambda: careful(**blocking).authorize(offer(payee=stranger))) == ["FreshPayee", "AllowanceMissing"]

    chain.approve(signers["payer"], token("120"), chain.address_of("Escrow"))
    assert refused(lambda: careful(**blocking).authorize(offer(payee=stranger))) == ["FreshPayee"]
    assert careful(**blocking).authorize(offer()).holding.held == token("120").units
    assert careful().authorize(offer(payee=stranger, amount=chain.native("1"))).holding.held == 10**18


def test_a_preflight_of_ones_own_knows_whom_the_payer_trusts(
    chain: LocalChain, careful: Callable[..., Escrow], offer: Offer
) -> None:
    shop = twin(offer().payer)

    assert refused(lambda: careful().authorize(offer(payee=shop))) == ["LookAlike"]
    assert careful(known=[shop]).authorize(offer(payee=shop)).holding.used
