from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidSignature, MalformedSignature
from chain.units import NO_HASH
from channels.duplex.errors import NotCovered, VersionNotNewer
from channels.duplex.session import (
    Drop,
    Fold,
    GiveCredit,
    Keep,
    Limits,
    Offer,
    Pay,
    Proposal,
    Send,
    Standing,
    Undone,
    propose,
    receive,
    settled,
)
from channels.duplex.session.errors import (
    AlreadyPromised,
    ExpiryOutOfBounds,
    NoPlaceLeft,
    NoSuchPromise,
    NotInStep,
    NotOwnPromise,
    NotOwnVersion,
    NotReleased,
    OtherState,
    StillOwed,
    VersionTooFar,
    WrongBase,
)
from channels.duplex.session.incoming import LARGEST_LEAP
from channels.duplex.session.next_state import next_state
from channels.errors import TooManyPromises, WrongChannel, WrongEpoch
from tests.channels.duplex.duplex_forms import OTHER
from tests.channels.duplex.session.parties import NOW, SIGN, known, leaf, memory, party, preimage, promise

PAY = Pay(amount=5)  # type: ignore[arg-type]
FOLD: Any = 100
MINE, THEIRS = promise(2), promise(1)
"""A's, and B's; A is the one that is asked to sign."""


def proposed(*changes: Any, at: Any = None, version: int = 4, by_a: bool = False, **said_else: Any) -> Proposal:
    """By B, whatever it says: nobody has looked at it."""
    base = (at or memory(2)).newest
    message = replace(next_state(base, changes, version).message, **said_else)
    proposal = Proposal(base=base.message.version, changes=changes, message=message)
    return proposal.signed(SIGN[by_a](message))


def accepted(proposal: Proposal, at: Any = None, knowing: Any = None, **more: Any) -> Any:
    return receive(party(True, at or memory(2), **more), proposal, knowing or known())


def test_it_is_kept_then_signed_and_sent_back_then_credited() -> None:
    newer, effects = accepted(proposed(PAY))

    assert effects == [Keep(newer.memory), Send(Standing(state=newer.newest, asks=False)), GiveCredit(PAY.amount)]
    assert (newer.newest.message.net, newer.newest.message.version, newer.memory.signed) == (-5, 4, 4)
    assert newer.memory.credited == 5
    assert newer.newest.signature_b is not None
    assert newer.newest.signature_a is None, "our own signature is made again when it is needed"


def test_a_promise_is_no_credit_before_it_is_folded() -> None:
    newer, effects = accepted(proposed(Offer(promise=THEIRS)))
    assert effects == [Keep(newer.memory), Send(Standing(state=newer.newest, asks=False))]

    folded, effects = accepted(
        proposed(Fold(promise_hash=leaf(1), amount=FOLD), at=newer.memory, version=6), newer.memory
    )
    assert effects[-1] == GiveCredit(FOLD)
    assert folded.newest.message.net == -100


def test_what_is_folded_of_an_own_promise_is_no_credit() -> None:
    at = memory(2, (MINE,))
    newer, effects = accepted(proposed(Fold(promise_hash=leaf(2), amount=FOLD, shown=preimage(2)), at=at), at)
    assert [type(effect) for effect in effects] == [Keep, Send]
    assert newer.newest.message.net == 100


def test_a_repeat_is_answered_again_and_adds_nothing_even_out_of_step() -> None:
    proposal = proposed(PAY)
    newer, effects = accepted(proposal)
    for session in (newer, replace(newer, in_step=False), replace(newer, fighting=True)):
        assert receive(session, proposal, known()) == (session, [effects[1]])


def test_out_of_step_nothing_is_signed() -> None:
    with pytest.raises(NotInStep):
        accepted(proposed(PAY), in_step=False)


@pytest.mark.parametrize(
    ("proposal", "error"),
    [
        (proposed(PAY, channel_id=OTHER.id), WrongChannel),
        (proposed(PAY, epoch=4), WrongEpoch),
        (proposed(PAY, version=5), NotOwnVersion),
        (proposed(PAY, at=memory(1), version=2), VersionNotNewer),
        (proposed(PAY, version=2 + LARGEST_LEAP + 2), VersionTooFar),
        (proposed(PAY, at=memory(1), version=4), WrongBase),
        (proposed(PAY, net=-6), OtherState),
        (proposed(PAY, promises=b"\1" * 32), OtherState),
        (proposed(PAY, by_a=True), InvalidSignature),
        (replace(proposed(PAY), signature=None), MalformedSignature),
        (proposed(Pay(amount=1_001)), NotCovered),  # type: ignore[arg-type]
        (proposed(*[Pay(amount=2**96 - 1)] * 32), NotCovered),  # type: ignore[arg-type]
        (proposed(Offer(promise=promise(0))), NotOwnPromise),
    ],
)
def test_what_is_not_the_other_partys_next_state_is_refused(proposal: Proposal, error: Any) -> None:
    with pytest.raises(error):
        accepted(proposal)


def test_the_largest_leap_is_allowed() -> None:
    accepted(proposed(PAY, version=2 + LARGEST_LEAP))


def test_a_version_is_not_newer_than_one_that_was_signed_and_never_answered() -> None:
    with pytest.raises(VersionNotNewer):
        accepted(proposed(PAY, version=4), memory(2, signed=5))


def test_changes_name_promises_of_the_base_once() -> None:
    at = memory(2, (THEIRS,))
    fold = Fold(promise_hash=leaf(1), amount=FOLD)
    for changes, error in (
        ((Offer(promise=THEIRS),), AlreadyPromised),
        ((fold, Offer(promise=THEIRS)), AlreadyPromised),
        ((Offer(promise=promise(3)), Offer(promise=promise(3))), AlreadyPromised),
        ((fold, fold), NoSuchPromise),
        ((fold, Drop(promise_hash=leaf(1))), NoSuchPromise),
        ((Offer(promise=promise(3)), Fold(promise_hash=leaf(3), amount=FOLD)), NoSuchPromise),
        ((Fold(promise_hash=leaf(1), amount=FOLD + 1),), NotReleased),
    ):
        message = replace(at.newest.message, version=4)
        forged = Proposal(base=2, changes=changes, message=message)
        with pytest.raises(error):
            accepted(forged.signed(SIGN[False](message)), at)


def test_a_state_has_sixteen_promises_at_most() -> None:
    at = memory(2, tuple(promise(0, salt=bytes([number]) * 32) for number in range(16)))
    message = replace(at.newest.message, version=4, promises=NO_HASH)
    forged = Proposal(base=2, changes=(Offer(promise=THEIRS),), message=message)
    with pytest.raises(TooManyPromises):
        accepted(forged.signed(SIGN[False](message)), at)


@pytest.mark.parametrize(("places", "allowed"), [(2, False), (3, True)])
def test_neither_party_takes_all_the_places(places: int, allowed: bool) -> None:
    others = tuple(promise(1, salt=bytes([number]) * 32) for number in range(3))
    at, proposal = memory(2, (MINE, *others[:2])), Offer(promise=others[2])
    if allowed:
        accepted(proposed(proposal, at=at), at, limits=Limits(promises=places))
        return
    with pytest.raises(NoPlaceLeft) as caught:
        accepted(proposed(proposal, at=at), at, limits=Limits(promises=places))
    assert caught.value.facts == {"number": 3, "most": 2}


@pytest.mark.parametrize(
    ("limits", "expiry", "allowed"),
    [
        ({}, 599, False),
        ({}, 600, True),
        ({}, 3_600 + 7_200 - 300, True),
        ({}, 3_600 + 7_200 - 299, False),
        ({"longest_promise": 1_000}, 1_000, True),
        ({"longest_promise": 1_000}, 1_001, False),
    ],
)
def test_a_promise_can_be_proven_in_time_and_is_kept_for_in_a_fight(limits: Any, expiry: int, allowed: bool) -> None:
    offer = Offer(promise=promise(1, expiry=NOW + expiry))
    if allowed:
        accepted(proposed(offer), limits=Limits(**limits))
        return
    with pytest.raises(ExpiryOutOfBounds):
        accepted(proposed(offer), limits=Limits(**limits))


RECORDED: Any = {leaf(1): 30, leaf(2): 30}


@pytest.mark.parametrize(
    ("amount", "shown", "now", "recorded", "allowed"),
    [
        (100, preimage(2), NOW, {}, True),
        (1, preimage(2), NOW, {}, True),
        (1, preimage(1), NOW, {}, False),
        (1, b"", NOW, {}, False),
        (100, preimage(2), NOW + 899, {}, True),
        (100, preimage(2), NOW + 900, {}, False),
        (30, b"", NOW + 900, RECORDED, True),
        (30, b"", NOW, RECORDED, True),
        (31, b"", NOW, RECORDED, False),
        (100, preimage(2), NOW, RECORDED, True),
    ],
)
def test_our_promise_is_folded_for_what_is_proven_before_its_expiry_or_recorded(
    amount: Any, shown: bytes, now: Any, recorded: Any, allowed: bool
) -> None:
    at = memory(2, (MINE,))
    proposal = proposed(Fold(promise_hash=leaf(2), amount=amount, shown=shown), at=at)
    if allowed:
        newer, _ = accepted(proposal, at, known(now, recorded=recorded))
        assert newer.newest.message.net == amount
        return
    with pytest.raises(NotReleased):
        accepted(proposal, at, known(now, recorded=recorded))


@pytest.mark.parametrize("changes", [{"condition": OTHER.party_a}, {"data_hash": NO_HASH}])
def test_a_condition_that_nobody_here_can_ask_releases_nothing(changes: Any) -> None:
    at = memory(2, (promise(2, **changes),))
    fold = Fold(promise_hash=leaf(2, **changes), amount=FOLD, shown=preimage(2))
    with pytest.raises(NotReleased):
        accepted(proposed(fold, at=at), at)


class Generous:
    """A condition that says more than it was asked for."""

    address, data_hash = promise(2).condition, promise(2).data_hash

    def released(self, subject: Any, amount: int, shown: bytes, facts: Any) -> int:
        return 10**9


def test_no_condition_releases_more_than_was_promised() -> None:
    at = memory(2, (MINE,))
    fold = settled(party(False, at), leaf(2), b"", known(conditions=(Generous(),)))
    assert fold.amount == FOLD


@pytest.mark.parametrize(
    ("amount", "now", "least", "recorded", "allowed"),
    [
        (100, NOW, {}, {}, True),
        (99, NOW, {}, {}, False),
        (0, NOW, {}, {}, False),
        (60, NOW, {leaf(1): 60}, {}, True),
        (59, NOW, {leaf(1): 60}, {}, False),
        (29, NOW, {leaf(1): 0}, RECORDED, False),
        (0, NOW, {leaf(1): 0}, {}, True),
        (0, NOW + 900 + 299, {}, {}, False),
        (0, NOW + 900 + 300, {}, {}, True),
        (0, NOW + 900 + 300, {}, RECORDED, False),
        (30, NOW + 900 + 300, {}, RECORDED, True),
    ],
)
def test_a_promise_to_us_goes_for_all_that_it_may_come_to_or_when_it_is_over(
    amount: Any, now: Any, least: Any, recorded: Any, allowed: bool
) -> None:
    at = memory(2, (THEIRS,))
    change = Fold(promise_hash=leaf(1), amount=amount) if amount else Drop(promise_hash=leaf(1))
    knowing = known(now, least=least, recorded=recorded)
    if allowed:
        newer, _ = accepted(proposed(change, at=at), at, knowing)
        assert newer.memory.credited == amount
        return
    with pytest.raises(StillOwed):
        accepted(proposed(change, at=at), at, knowing)


def test_what_the_other_gives_up_needs_no_proof() -> None:
    at = memory(2, (MINE,))
    newer, _ = accepted(proposed(Drop(promise_hash=leaf(2)), at=at), at)
    assert newer.newest.promises == ()


def test_a_higher_proposal_of_the_other_undoes_ours_and_says_so() -> None:
    session, _ = propose(party(True, memory(2)), (PAY,), known())
    newer, effects = receive(session, proposed(Pay(amount=9), version=4), known())  # type: ignore[arg-type]

    assert effects[-1] == Undone((PAY,))
    assert newer.memory.outstanding is None
    assert newer.memory.undone == (PAY,)
    again, effects = receive(newer, proposed(PAY, at=newer.memory, version=6), known())
    assert again.memory.undone == (PAY,), "until we propose again"
    assert not any(isinstance(effect, Undone) for effect in effects), "it is told once"
