from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidSignature
from channels.duplex.duplex import Duplex
from channels.duplex.errors import NotCovered, VersionNotNewer
from channels.duplex.session import (
    Drop,
    Fold,
    Keep,
    Limits,
    Offer,
    Pay,
    Send,
    Standing,
    propose,
    refuse,
    resume,
    settled,
)
from channels.duplex.session.errors import (
    CloseSigned,
    FightIsOn,
    NoSuchPromise,
    NotInStep,
    NotOwnPromise,
    NotReleased,
    OwesTooMuch,
    ProposalOutstanding,
    StillOwed,
    WrongBase,
)
from channels.duplex.session.proposal import Proposal
from channels.errors import NotOpen
from tests.channels.duplex.duplex_forms import form
from tests.channels.duplex.session.parties import EPOCH, NOW, known, leaf, memory, party, preimage, promise, said


def pay(amount: Any) -> tuple[Pay]:
    return (Pay(amount=amount),)


def test_a_proposal_is_kept_as_it_stands_then_sent() -> None:
    newer, effects = propose(party(True), pay(5), known())

    assert effects == [Keep(newer.memory), Send(newer.memory.outstanding)]  # type: ignore[arg-type]
    assert newer.memory.revision == 1
    assert isinstance(newer.memory.outstanding, Proposal)
    assert newer.memory.outstanding.message.net == 5
    assert newer.newest == party(True).newest, "the state is ours only once the other has signed it"


@pytest.mark.parametrize(
    ("by_a", "signed", "version"),
    [(True, 0, 1), (False, 0, 2), (True, 1, 3), (False, 1, 2), (True, 2, 3), (False, 2, 4)],
)
def test_a_proposes_odd_versions_and_b_even_ones_above_all_that_was_signed(
    by_a: bool, signed: int, version: int
) -> None:
    newer, _ = propose(party(by_a, memory(signed)), pay(5), known())
    assert newer.memory.signed == version


@pytest.mark.parametrize(("by_a", "net"), [(True, 5), (False, -5)])
def test_each_pays_the_other_only(by_a: bool, net: int) -> None:
    [proposal] = said(propose(party(by_a), pay(5), known()))
    assert proposal.message.net == net


def test_several_changes_go_in_one_proposal() -> None:
    session = party(True, memory(2, (promise(1),)))
    fold = settled(session, leaf(1), preimage(1), known())

    [proposal] = said(propose(session, (Pay(amount=7), fold, Offer(promise=promise(2))), known()))  # type: ignore[arg-type]
    assert proposal.message.net == 7 - 100


def test_one_proposal_at_a_time() -> None:
    session, _ = propose(party(True), pay(5), known())
    with pytest.raises(ProposalOutstanding) as caught:
        propose(session, pay(5), known())
    assert caught.value.version == 1


CLOSING = form("close", b=None, net=0, deadline=NOW + 100, epoch=EPOCH)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"in_step": False}, NotInStep),
        ({"duplex": Duplex(epoch=EPOCH)}, NotOpen),
        ({"fighting": True}, FightIsOn),
        ({"at": memory(2, closing=CLOSING)}, CloseSigned),
    ],
)
def test_nothing_is_signed_out_of_step_in_a_fight_after_the_end_or_beside_a_close(changes: Any, error: Any) -> None:
    session, other = party(True, **changes), party(False, memory(2) if "at" in changes else None)
    [proposal] = said(propose(other, pay(1), known()))
    with pytest.raises(error):
        propose(session, pay(1), known())
    with pytest.raises(error):
        refuse(session, proposal, known())


@pytest.mark.parametrize(("now", "free"), [(NOW + 399, False), (NOW + 400, True)])
def test_a_signed_close_holds_until_its_deadline_and_a_margin_have_passed(now: Any, free: bool) -> None:
    session = party(True, memory(2, closing=CLOSING))
    if free:
        propose(session, pay(1), known(now))
        return
    with pytest.raises(CloseSigned) as caught:
        propose(session, pay(1), known(now))
    assert caught.value.until == NOW + 400


@pytest.mark.parametrize(("amount", "covered"), [(1_000, True), (1_001, False)])
def test_nobody_proposes_more_than_its_deposit(amount: int, covered: bool) -> None:
    if covered:
        propose(party(True), pay(amount), known())
        return
    with pytest.raises(NotCovered):
        propose(party(True), pay(amount), known())


@pytest.mark.parametrize(("owed", "allowed"), [(None, True), (147, False), (148, True)])
def test_what_is_owed_stays_within_the_limit_promises_included(owed: Any, allowed: bool) -> None:
    session = party(True, memory(2, (promise(2),), net=40), limits=Limits(owed=owed))
    if allowed:
        propose(session, pay(8), known())
        return
    with pytest.raises(OwesTooMuch) as caught:
        propose(session, pay(8), known())
    assert caught.value.facts == {"owed": 148, "most": owed}


def test_what_does_not_raise_the_debt_is_proposed_above_the_limit_too() -> None:
    session = party(True, memory(2, (promise(2),), net=40), limits=Limits(owed=10))  # type: ignore[arg-type]
    propose(session, (Fold(promise_hash=leaf(2), amount=promise(2).amount),), known())


def test_only_its_owner_offers_a_promise() -> None:
    with pytest.raises(NotOwnPromise):
        propose(party(True), (Offer(promise=promise(3)),), known())


def test_what_the_other_would_refuse_is_not_proposed() -> None:
    session = party(True, memory(2, (promise(1), promise(2))))
    for change, error in (
        (Fold(promise_hash=leaf(1), amount=promise(1).amount, shown=b"no preimage"), NotReleased),
        (Drop(promise_hash=leaf(2)), StillOwed),
        (Drop(promise_hash=leaf(3)), NoSuchPromise),
    ):
        with pytest.raises(error):
            propose(session, (change,), known())


@pytest.mark.parametrize(
    ("shown", "recorded", "change"),
    [
        (preimage(1), {}, Fold(promise_hash=leaf(1), amount=promise(1).amount, shown=preimage(1))),
        (b"", {leaf(1): 30}, Fold(promise_hash=leaf(1), amount=30)),  # type: ignore[arg-type]
        (b"", {}, Drop(promise_hash=leaf(1))),
    ],
)
def test_a_promise_is_settled_for_all_that_it_can_come_to(shown: bytes, recorded: Any, change: Any) -> None:
    session = party(True, memory(2, (promise(1),)))
    assert settled(session, leaf(1), shown, known(recorded=recorded)) == change
    with pytest.raises(NoSuchPromise):
        settled(session, leaf(3), shown, known())


def test_a_refusal_is_a_higher_version_that_changes_nothing() -> None:
    [offer] = said(propose(party(False, memory(2)), pay(9), known()))

    newer, effects = refuse(party(True, memory(2)), offer, known())
    assert effects == [Keep(newer.memory), Send(newer.memory.outstanding)]  # type: ignore[arg-type]
    assert newer.memory.outstanding is not None
    assert (newer.memory.outstanding.version, newer.memory.outstanding.changes) == (5, ())
    assert newer.memory.outstanding.message.net == newer.newest.message.net


def test_what_a_refusal_leaves_out_of_an_own_proposal_is_remembered() -> None:
    session, _ = propose(party(True), pay(5), known())
    [offer] = said(propose(party(False), pay(9), known()))
    session, _ = refuse(session, offer, known())
    assert session.memory.undone == pay(5)

    again, _ = refuse(session, said((party(False), [Send(_next(offer))]))[0], known())
    assert again.memory.undone == pay(5), "a second refusal forgets nothing"


def _next(offer: Proposal) -> Proposal:
    at = memory(0)
    newer, _ = propose(party(False, at.next(signed=4)), offer.changes, known())
    assert newer.memory.outstanding is not None
    return newer.memory.outstanding


def test_a_new_proposal_forgets_what_was_undone_before() -> None:
    session = party(True, memory(2, undone=pay(5)))
    newer, _ = propose(session, pay(6), known())
    assert newer.memory.undone == ()


def test_only_what_could_come_to_something_is_refused() -> None:
    [stale] = said(propose(party(False), pay(9), known()))
    with pytest.raises(VersionNotNewer):
        refuse(party(True, memory(2)), stale, known())
    with pytest.raises(WrongBase):
        refuse(party(True, memory(1)), stale, known())
    with pytest.raises(InvalidSignature):
        refuse(party(True), replace(stale, signature=None), known())


def test_a_start_asks_for_what_the_other_has() -> None:
    assert resume(party(True, memory(2), in_step=False)) == [Send(Standing(state=memory(2).newest, asks=True))]


def test_a_start_shows_the_proposal_that_the_other_may_have_missed() -> None:
    session, effects = propose(party(True), pay(5), known())
    assert resume(session)[1:] == effects[1:]
