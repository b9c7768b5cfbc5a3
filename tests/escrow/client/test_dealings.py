"""What the chain remembers of a payer and a payee."""

from collections.abc import Callable

import pytest

from chain import LocalChain, Signer
from chain.money import Token
from chain.preflight import Past
from chain.sync.preflight import Preflight
from escrow import Escrow, Terms
from escrow.sync.dealings import Dealings

Act = dict[str, Escrow]
Offer = Callable[..., Terms]


def past(chain: LocalChain, terms: Terms, *, since: int = 0, at_most: int = 20) -> Past:
    return Dealings(chain, since=since, at_most=at_most).past(terms.payer, terms.payee)


def test_who_was_never_paid_has_no_past(chain: LocalChain, offer: Offer) -> None:
    terms = offer()

    assert past(chain, terms) == Past(payee=terms.payee)


def test_payments_are_counted_by_payer_and_payee(
    chain: LocalChain, act: Act, offer: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    first = act["payer"].authorize(offer(token("1")))
    act["payer"].authorize(offer(token("2")))
    other = signers["stranger"].address
    act["payer"].authorize(offer(token("3"), payee=other))
    charged = act["payer"].sign_authorization(offer(token("4"), payee=other))
    act["operator"].charge(charged)
    terms = first.terms

    found = past(chain, terms)
    assert (found.paid, found.disputed, found.lost) == (2, 0, 0)
    assert found.since == (first.receipt.block_number if first.receipt else None)
    assert found.counterparties == {terms.payee, other}
    assert Dealings(chain, since=0).past(terms.payer, other).paid == 2
    assert Dealings(chain, since=0).past(other, terms.payee).paid == 0
    assert past(chain, terms, since=(found.since or 0) + 1).paid == 1


@pytest.mark.parametrize(("to_payee", "lost"), [("0", 0), ("60", 0), ("60.012", 1), ("120", 1)])
def test_a_dispute_is_lost_where_more_than_half_went_to_the_payee(
    chain: LocalChain, act: Act, sale: Offer, token: Token, to_payee: str, lost: int
) -> None:
    payment = act["payer"].dispute(act["payer"].authorize(sale()))
    assert (past(chain, payment.terms).disputed, past(chain, payment.terms).lost) == (1, 0)

    act["arbiter"].rule(payment, to_payee=token(to_payee))

    found = past(chain, payment.terms)
    assert (found.paid, found.disputed, found.lost) == (1, 1, lost)


@pytest.mark.parametrize(("silent", "lost"), [("payer", 0), ("payee", 1)])
def test_an_arbiters_silence_may_lose_a_dispute(
    chain: LocalChain, act: Act, sale: Offer, silent: str, lost: int
) -> None:
    payment = act["payer"].dispute(act["payer"].authorize(sale(if_arbiter_silent=silent)))
    chain.travel(to=payment.end)
    act["stranger"].expire(payment)

    assert past(chain, payment.terms).lost == lost


def test_what_expires_without_a_dispute_is_not_lost(chain: LocalChain, act: Act, offer: Offer) -> None:
    payment = act["payer"].authorize(offer(if_expired="payee"))
    chain.travel(to=payment.end)
    act["stranger"].expire(payment)

    assert (past(chain, payment.terms).paid, past(chain, payment.terms).lost) == (1, 0)


def test_disputes_are_looked_for_among_the_newest(chain: LocalChain, act: Act, sale: Offer, token: Token) -> None:
    act["payer"].dispute(act["payer"].authorize(sale(token("1"))))
    terms = act["payer"].authorize(sale(token("2"))).terms

    assert past(chain, terms, at_most=1).disputed == 0
    assert past(chain, terms, at_most=2).disputed == 1


def test_a_preflight_asks_it(chain: LocalChain, act: Act, sale: Offer, token: Token) -> None:
    preflight = Preflight(chain, history=Dealings(chain, since=0))
    terms = act["payer"].dispute(act["payer"].authorize(sale())).terms

    report = preflight.check(terms.payer, terms.payee, token("5"))

    assert {"PaidBefore", "DisputedBefore"} <= {found.name for found in report.findings}
