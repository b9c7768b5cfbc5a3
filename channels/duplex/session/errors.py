"""What can go wrong between the two parties of a two-way channel, off chain.

InvalidMessage
    WrongBase  OtherState  NotOwnVersion  VersionTooFar  NotOwnPromise  AlreadyPromised  NoSuchPromise
    NotReleased  StillOwed  ExpiryOutOfBounds  NoPlaceLeft  OtherNet  StateNotRemembered
Refused
    NotInStep  EpochForgotten  ProposalOutstanding  FightIsOn  CloseSigned  CloseDeadlineOutOfBounds  OwesTooMuch
"""

from chain.errors import InvalidMessage, Refused


class WrongBase(InvalidMessage):
    """A proposal changes the newest state that both signed; one of the two has lost its place: exchange `Standing`."""

    says = "the proposal changes version {base}, the newest here is {newest}"
    base: int
    newest: int


class OtherState(InvalidMessage):
    """The changes that were shown don't lead to the state that was signed."""

    says = "the changes don't make the proposed state of version {version}"
    version: int


class NotOwnVersion(InvalidMessage):
    """A proposes odd versions, B even ones, so that no version has two meanings."""

    says = "version {version} is not the other party's to propose"
    version: int


class VersionTooFar(InvalidMessage):
    """Versions that are used up in leaps would end the channel."""

    says = "version {version} is beyond {furthest}"
    version: int
    furthest: int


class NotOwnPromise(InvalidMessage):
    """Only the party that owes it can offer a promise."""

    says = "the promise is the other party's to offer"
    promise_hash: bytes


class AlreadyPromised(InvalidMessage):
    """Each promise of an epoch has a salt of its own: a record of it would count for both."""

    says = "the promise is open already"
    promise_hash: bytes


class NoSuchPromise(InvalidMessage):
    """The newest state that both signed has no such promise, or the proposal has ended it before."""

    says = "no such promise is open"
    promise_hash: bytes


class NotReleased(InvalidMessage):
    """Its condition does not release so much by the proof that was shown, nor is so much recorded; in base units."""

    says = "a promise is folded for {amount}, {released} are released"
    promise_hash: bytes
    amount: int
    released: int


class StillOwed(InvalidMessage):
    """Whom a promise was made to can still have more of it; in base units."""

    says = "a promise is to go for {amount}, it may come to {owed}"
    promise_hash: bytes
    amount: int
    owed: int


class ExpiryOutOfBounds(InvalidMessage):
    """Too near to be proven on chain in time, or later than what a fight would keep for it."""

    says = "a promise expires at {expiry}, allowed are {earliest} to {latest}"
    expiry: int
    earliest: int
    latest: int


class NoPlaceLeft(InvalidMessage):
    """A state has sixteen promises at most, and neither party may take all the places."""

    says = "the other party has {number} promises open, {most} are its share"
    number: int
    most: int


class OtherNet(InvalidMessage):
    """Both end an epoch at the net of the newest state, and at no other."""

    says = "the close is at a net of {net}, the newest state has {expected}"
    net: int
    expected: int


class StateNotRemembered(InvalidMessage):
    """A state that bears our signature contradicts what this store has signed: the key is used elsewhere, too."""

    says = "version {version} bears our signature, and is not what this store remembers"
    version: int


class NotInStep(Refused):
    """After a start nothing is signed before the other party has shown what it has: this store may be an old one."""

    says = "the other party has not yet shown its newest state"
    channel_id: bytes


class EpochForgotten(Refused):
    """A close or a newer state that a restored store has forgotten would cancel what is signed now.

    `resume`, then end the epoch: `close_together`, or a challenge with `newest`. The next one is as any other.
    """

    says = "the store was restored and may have forgotten what was signed in epoch {epoch}: it can only be ended"
    channel_id: bytes
    epoch: int


class ProposalOutstanding(Refused):
    """One proposal at a time: the other party can still sign the one of `version`."""

    says = "the proposal of version {version} is still open"
    version: int


class FightIsOn(Refused):
    """While a fight is open nothing new is signed: what would be the newest state would be the other's choice."""

    says = "epoch {epoch} is being fought over"
    channel_id: bytes
    epoch: int


class CloseSigned(Refused):
    """Our own signed close may still end the epoch at an older net; nothing else is signed until it is surely dead."""

    says = "a signed close may still be brought, until {until}"
    until: int


class CloseDeadlineOutOfBounds(Refused):
    """A close that is dead already, that would hold the channel for too long, or that leaves an earlier one alive."""

    says = "a close can be brought until {deadline}, allowed are {earliest} to {latest}"
    deadline: int
    earliest: int
    latest: int


class OwesTooMuch(Refused):
    """More than the limit on what may be owed, promises included, in base units."""

    says = "{owed} would be owed, the limit is {most}"
    owed: int
    most: int
