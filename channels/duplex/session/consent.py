"""What either party must look at before it signs a change; both judge alike, each by what it knows."""

from chain.units import Amount, Seconds
from channels.duplex.law import require_covered
from channels.duplex.promise import DuplexPromise
from channels.duplex.session.changes import Drop, Fold, Offer
from channels.duplex.session.errors import (
    ExpiryOutOfBounds,
    NotOwnPromise,
    NotReleased,
    StillOwed,
)
from channels.duplex.session.known import Known
from channels.duplex.session.next_state import listed
from channels.duplex.session.proposal import Proposal, proposed_by_a
from channels.duplex.session.session import DuplexSession
from channels.duplex.signed_state import SignedState


def require_sound(session: DuplexSession, proposal: Proposal, state: SignedState, now: Seconds) -> None:
    """What is cheap: only its owner offers a promise, it expires in bounds, the deposits cover all.

    Since deposits have 96 bits, a net that is covered fits the chain's 128. Raises `NotOwnPromise`,
    `ExpiryOutOfBounds`, `NotCovered`.
    """
    earliest, latest = session.limits.expiries(session.channel, now)
    for promise in (change.promise for change in proposal.changes if isinstance(change, Offer)):
        if promise.from_a != proposed_by_a(proposal.version):
            raise NotOwnPromise(promise.struct_hash())
        if not earliest <= promise.expiry <= latest:
            raise ExpiryOutOfBounds(promise.expiry, earliest, latest)
    require_covered(state, session.duplex)


def require_consent(session: DuplexSession, proposal: Proposal, known: Known) -> None:
    """What may need a proof: whom an end of a promise costs something has agreed to it, or has lost it by its terms.

    Raises `NotReleased`, `StillOwed`.
    """
    promises, by_a = listed(session.newest), proposed_by_a(proposal.version)
    for change in proposal.changes:
        if isinstance(change, Fold | Drop):
            promise = promises[change.promise_hash]
            if promise.from_a == by_a:
                require_not_owed(session, promise, change.amount, known)
            elif isinstance(change, Fold):
                _require_released(session, promise, change, known)


def require_not_owed(session: DuplexSession, promise: DuplexPromise, amount: Amount, known: Known) -> None:
    """A promise may go for `amount`, as far as whom it is owed to is concerned. Raises `StillOwed`."""
    owed = known.owed(promise, session.limits.margin)
    if amount < owed:
        raise StillOwed(promise.struct_hash(), amount, owed)


def _require_released(session: DuplexSession, promise: DuplexPromise, fold: Fold, known: Known) -> None:
    released = known.released(promise, session.subject(promise), fold.shown)
    if fold.amount > released:
        raise NotReleased(fold.promise_hash, fold.amount, released)
