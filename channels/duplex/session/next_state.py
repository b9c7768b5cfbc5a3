"""What changes make of a state."""

from collections.abc import Iterable
from typing import assert_never

from chain.units import Amount, Hash32
from channels.duplex.messages import State
from channels.duplex.promise import DuplexPromise, promises_hash
from channels.duplex.session.changes import Change, Drop, Fold, Offer, Pay
from channels.duplex.session.errors import AlreadyPromised, NoSuchPromise, NotReleased
from channels.duplex.session.proposal import Proposal, proposed_by_a
from channels.duplex.signed_state import SignedState

Listed = dict[Hash32, DuplexPromise]


def listed(state: SignedState) -> Listed:
    """The state's promises by hash."""
    return {promise.struct_hash(): promise for promise in state.promises}


def next_state(base: SignedState, changes: Iterable[Change], version: int) -> SignedState:
    """The unsigned state of `version` that the changes, in this order, make of the base.

    Raises `AlreadyPromised`, `NoSuchPromise`, `NotReleased` for more than was promised, `TooManyPromises`.
    """
    net, promises, to_b = base.message.net, listed(base), proposed_by_a(version)
    before = frozenset(promises)
    for change in changes:
        match change:
            case Pay():
                net += change.amount if to_b else -change.amount
            case Offer():
                _offer(promises, before, change.promise)
            case Fold() | Drop():
                promise = _taken(promises, before, change)
                net += change.amount if promise.from_a else -change.amount
            case _:
                assert_never(change)
    left = tuple(promises.values())
    said = base.message
    message = State(
        channel_id=said.channel_id, epoch=said.epoch, version=version, net=net, promises=promises_hash(left)
    )
    return SignedState(channel=base.channel, message=message, promises=left)


def credit(base: SignedState, proposal: Proposal, to_a: bool) -> Amount:
    """What the proposal gives one of the two beyond doubt: payments, and promises that are folded; no new promises."""
    promises, from_other = listed(base), proposed_by_a(proposal.version) != to_a
    paid = sum(change.amount for change in proposal.changes if isinstance(change, Pay) and from_other)
    folds = [change for change in proposal.changes if isinstance(change, Fold)]
    return Amount(paid + sum(fold.amount for fold in folds if promises[fold.promise_hash].from_a != to_a))


def _offer(promises: Listed, before: frozenset[Hash32], promise: DuplexPromise) -> None:
    leaf = promise.struct_hash()
    if leaf in promises or leaf in before:
        raise AlreadyPromised(leaf)
    promises[leaf] = promise


def _taken(promises: Listed, before: frozenset[Hash32], change: Fold | Drop) -> DuplexPromise:
    leaf = change.promise_hash
    if leaf not in promises or leaf not in before:
        raise NoSuchPromise(leaf)
    promise = promises.pop(leaf)
    if change.amount > promise.amount:
        raise NotReleased(leaf, change.amount, promise.amount)
    return promise
