"""Every payment that names the account is found, with its terms, or said to be without."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chain import Chain
from chain.copies import Copy
from chain.units import Amount
from earnest.testing.world import World, endow
from escrow import Payment, Terms
from escrow.recovery import EscrowReport
from escrow.recovery.sync.payments import EscrowRecovery
from escrow.walk.moves import Party


class Office:
    """Payments begun in every way, of each of which only the chain knows the terms."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.payments = {
            "called": world.authorized("1", if_expired="payer"),
            "disputed": world.authorized(
                "2", if_expired="payer", arbiter=world.arbiter.address, if_arbiter_silent="payer"
            ),
            "signed": self._signed("4"),
            "charged": world.operator.escrow.charge(world.payer.escrow.sign_authorization(self._terms("8"))),
        }
        first, second = world.payer.escrow.authorize_many([self._terms("16"), self._terms("32")])
        self.payments |= {"first": first, "second": second}
        self.payments["disputed"] = world.payer.escrow.dispute(self.payments["disputed"])
        self.payments["amended"] = self._amended("64")
        ended = world.authorized("128", if_expired="payer")
        world.payee.escrow.void(ended)

    def report(self, who: str = "payer", **options: Any) -> EscrowReport:
        party = getattr(self.world, who)
        copies = options.pop("copies", ())
        ignored, only = options.pop("ignored", ()), options.pop("parties_only", False)
        recovery = EscrowRecovery(self.world.stranger.escrow, party.address, **options)
        return recovery.report(copies=copies, ignored=ignored, parties_only=only)

    def _terms(self, amount: str) -> Terms:
        return self.world.terms(amount, if_expired="payer")

    def _signed(self, amount: str) -> Payment:
        signed = self.world.payer.escrow.sign_authorization(self._terms(amount))
        return self.world.stranger.escrow.authorize(signed)

    def _amended(self, amount: str) -> Payment:
        payment = self.world.authorized(amount, if_expired="payer")
        terms = replace(payment.terms, salt=payment.terms.salt + 1)
        consent = self.world.payer.escrow.sign_amendment(payment, terms)
        return self.world.payee.escrow.submit(self.world.payee.escrow.cosign(consent))


@pytest.fixture(scope="module")
def first_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Chain.local() as chain:
        endow(chain)
        yield Office(World(chain, tmp_path_factory.mktemp("office")))


@pytest.fixture
def office(first_office: Office) -> Iterator[Office]:
    """What a test does to the chain is undone."""
    moment = first_office.world.chain.snapshot()
    yield first_office
    first_office.world.chain.restore(moment)


def found(report: EscrowReport) -> dict[bytes, Payment | None]:
    return {row.found.payment_id: row.payment for row in report.payments}


@pytest.mark.parametrize("who", ["payer", "payee", "operator"])
def test_terms_are_found_however_a_payment_began(office: Office, who: str) -> None:
    named = [one for one in office.payments.values() if getattr(one.terms, who) == getattr(office.world, who).address]
    report = office.report(who)
    assert found(report) == {one.payment_id: office.world.payer.escrow.show(one) for one in named}
    assert report.is_whole
    assert report.ended == 2, "what was voided, and what was amended"


def test_the_arbiter_is_told_what_waits_for_it(office: Office) -> None:
    (row,) = office.report("arbiter").payments
    assert (row.roles, row.found.payment_id) == ((Party.ARBITER,), office.payments["disputed"].payment_id)
    assert (row.on_chain, row.at_most_lost) == (0, 0), "what is held isn't the arbiter's"
    assert row.mine() == ("rule",)
    office.world.at(row.end)
    assert office.report("arbiter").payments[0].mine() == ("expire",)


def test_operators_and_arbiters_can_be_left_out(office: Office) -> None:
    assert office.report("operator", parties_only=True).payments == ()
    assert found(office.report(parties_only=True)) == found(office.report())


def test_what_is_legal_now_is_what_the_escrow_allows(office: Office) -> None:
    rights = {row.found.payment_id: row for row in office.report("payee").payments}
    called = rights[office.payments["called"].payment_id]
    assert set(called.mine()) == {"void"}
    office.world.at(called.end)
    (over,) = [row for row in office.report("payee").payments if row.found.payment_id == called.found.payment_id]
    assert "expire" in over.mine()
    assert over.phase is not None
    assert over.phase.value == "over"
    assert over.payment
    assert office.world.payee.escrow.expire(over.payment).holding.held == 0


def test_no_money_is_recovered_by_both_parties_and_what_is_comes(office: Office) -> None:
    world = office.world
    reports = {who: {row.found.payment_id: row for row in office.report(who).payments} for who in ("payer", "payee")}
    assert {row.recovered for rows in reports.values() for row in rows.values()} == {0}, "the operator may do anything"
    world.at(max(row.end for row in reports["payer"].values()))
    reports = {who: {row.found.payment_id: row for row in office.report(who).payments} for who in ("payer", "payee")}
    held = [row for row in reports["payer"].values() if row.on_chain]
    assert len(held) == len(office.payments) - 1
    for row in held:
        both = {who: reports[who][row.found.payment_id].recovered for who in reports}
        assert both == {"payer": row.on_chain, "payee": 0}
        assert row.payment
        amount = world.usdc.units(row.recovered).text
        with world.moves(payer=f"+{amount}", escrow=f"-{amount}"):
            world.stranger.escrow.expire(row.payment)


def test_a_copy_proves_a_payment_that_began_before_the_search(office: Office) -> None:
    after = max(event.block for event in office.world.chain.events("Escrow")) + 1
    assert office.report(from_block=after).payments == ()
    terms = office.payments["called"].terms
    other = replace(terms, amount=Amount(terms.amount + 1))
    copies = [Copy(what=other, source="file", line=1), Copy(what=office.payments["first"], source="file", line=2)]
    report = office.report(from_block=after, copies=copies)
    assert set(found(report)) == {office.payments["first"].payment_id}
    assert [(copy.line, copy.why) for copy in report.ignored] == [(1, "Malformed: terms: they were never funded")]


def test_the_report_says_all_of_it_as_json(office: Office) -> None:
    told = json.loads(json.dumps(office.report().to_json()))
    assert {Payment.from_json(row["payment"]).payment_id for row in told["payments"]} == set(found(office.report()))
    assert told["ended"] == 2
