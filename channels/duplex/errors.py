"""What can go wrong in a two-way channel alone; the rest is in `channels.errors`.

IllegalAction
    NotParty  InvalidParty  WithdrawalTooLarge  NoState
    AlreadyChallenged  NotChallenged  FightOver  FightNotOver  NothingToCollect
InvalidMessage
    VersionNotNewer  NotCovered
"""

from chain.errors import IllegalAction, InvalidMessage
from chain.units import Address


class NotParty(IllegalAction):
    """Only a party of the two-way channel may do this."""

    says = "{caller} is no party of the channel"
    caller: Address


class InvalidParty(IllegalAction):
    """Nobody, the contract, the token or the other party can't be a party."""

    says = "{party} can't be a party"
    party: Address


class AlreadyChallenged(IllegalAction):
    """One fight an epoch: a newer state answers it."""

    says = "epoch {epoch} is challenged already"
    channel_id: bytes
    epoch: int


class NotChallenged(IllegalAction):
    """Nobody has started a fight in this epoch."""

    says = "epoch {epoch} is not challenged"
    channel_id: bytes
    epoch: int


class VersionNotNewer(InvalidMessage):
    """A state answers only older ones; an equal version is not newer."""

    says = "version {version} is not above {current}"
    version: int
    current: int


class NotCovered(InvalidMessage):
    """The chain would pay one party's deposit and no more, in base units."""

    says = "a party may owe {owed}, and has {deposit}"
    owed: int
    deposit: int


class NoState(IllegalAction):
    """Version 0 stands for no state at all: nobody owes, and nothing is promised."""

    says = "version 0 can't owe or promise anything"


class FightOver(IllegalAction):
    """At the deadline no answer counts any more."""

    says = "it is {now}, answers counted until {deadline}"
    now: int
    deadline: int


class FightNotOver(IllegalAction):
    """Until the deadline a newer state may answer."""

    says = "it is {now}, the fight ends at {deadline}"
    now: int
    deadline: int


class WithdrawalTooLarge(IllegalAction):
    """Nobody takes out more than its share."""

    says = "{amount} is more than the share {share}"
    amount: int
    share: int


class NothingToCollect(IllegalAction):
    """All that is recorded of this epoch's promises is paid."""

    says = "nothing is left to collect in epoch {epoch}"
    channel_id: bytes
    epoch: int
