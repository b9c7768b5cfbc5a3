"""What is held under terms that nobody has is named as lost."""

from collections.abc import Callable

import pytest

from chain.typed_data import Domain
from chain.units import Address, Amount, Hash32, Seconds
from escrow import Holding, Terms
from escrow.recovery import FoundPayment, summarise, terms_in

Agree = Callable[..., Terms]


def encoded(terms: Terms) -> bytes:
    """As the ABI does it."""
    words = [getattr(terms, member.snake) for member in terms.members]
    return b"".join(
        word
        if isinstance(word, bytes)
        else bytes.fromhex(word[2:]).rjust(32, b"\0")
        if isinstance(word, str)
        else word.to_bytes(32, "big")
        for word in words
    )


def parties(terms: Terms) -> tuple[Address, Address, Address]:
    return terms.payer, terms.payee, terms.token


@pytest.mark.parametrize("before", [b"", b"\1" * 4, b"\2" * 37, b"\0" * 68])
@pytest.mark.parametrize("after", [b"", b"\3" * 5])
def test_terms_are_found_at_any_place(agree: Agree, domain: Domain, before: bytes, after: bytes) -> None:
    terms = agree(condition_hash=Hash32(b"\7" * 32))
    data = before + encoded(terms) + after
    assert terms_in(data, terms.payment_id(domain), parties(terms), domain) == terms


def test_only_terms_of_the_very_payment_count(agree: Agree, domain: Domain) -> None:
    terms, other = agree(), agree(amount=1_001)
    data = encoded(other) + encoded(terms)
    assert terms_in(data, terms.payment_id(domain), parties(terms), domain) == terms
    assert terms_in(encoded(other), terms.payment_id(domain), parties(terms), domain) is None
    elsewhere = Domain(1, domain.contract)
    assert terms_in(data, terms.payment_id(domain), parties(terms), elsewhere) is None


def test_words_that_no_terms_can_have_are_passed_over(agree: Agree, domain: Domain) -> None:
    terms = agree()
    broken = bytearray(encoded(terms))
    broken[3 * 32] = 1
    data = bytes(broken) + encoded(terms)[:100] + encoded(terms)
    assert terms_in(data, terms.payment_id(domain), parties(terms), domain) == terms
    assert terms_in(encoded(terms)[:-1], terms.payment_id(domain), parties(terms), domain) is None


def holding(terms: Terms, domain: Domain, *, known: bool) -> FoundPayment:
    return FoundPayment(
        payment_id=terms.payment_id(domain),
        payer=terms.payer,
        payee=terms.payee,
        token=terms.token,
        holding=Holding(held=Amount(700), refundable=Amount(300), used=True),
        is_final=True,
        terms=terms if known else None,
    )


@pytest.mark.parametrize(("known", "recovered", "lost"), [(True, 700, 0), (False, 0, 700)])
def test_without_its_terms_what_is_held_is_lost_to_both(
    agree: Agree, domain: Domain, start: int, known: bool, recovered: int, lost: int
) -> None:
    """The payer, as its own operator, may void all of it."""
    terms = agree(operator=agree().payer)
    found = holding(terms, domain, known=known)
    report = summarise([found], terms.payer, domain, Seconds(start))
    (row,) = report.payments
    assert (row.on_chain, row.recovered, row.at_most_lost) == (700, recovered, lost)
    (payees,) = summarise([found], terms.payee, domain, Seconds(start)).payments
    assert (payees.on_chain, payees.recovered, payees.at_most_lost) == (700, 0, lost)
    assert report.is_whole is known
    assert row.end == (terms.authorization_expiry if known else 0)


def test_unread_payments_of_others_may_name_an_operator(agree: Agree, domain: Domain, start: int) -> None:
    terms = agree()
    report = summarise([holding(terms, domain, known=False)], terms.operator, domain, Seconds(start))
    assert (report.payments, report.unread, report.is_whole) == ((), 1, False)


@pytest.mark.parametrize(("now", "ended"), [(10_799, 0), (10_800, 1)])
def test_what_can_still_be_refunded_is_not_over(agree: Agree, domain: Domain, start: int, now: int, ended: int) -> None:
    terms = agree()
    paid = FoundPayment(
        payment_id=terms.payment_id(domain),
        payer=terms.payer,
        payee=terms.payee,
        token=terms.token,
        holding=Holding(refundable=Amount(300), used=True),
        is_final=True,
        terms=terms,
    )
    assert summarise([paid], terms.payee, domain, Seconds(start + now)).ended == ended
