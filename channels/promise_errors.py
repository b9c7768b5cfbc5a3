"""What can go wrong with a promise off chain; the contract's own errors are in `channels.errors`.

InvalidMessage
    NotLetGo
Refused
    ExpiryTooLate  ConditionRefused  UnknownPromise  PromisesOpen  PromiseNotExpired  PromiseRecorded
"""

from chain.errors import InvalidMessage, Refused
from chain.units import Address


class ExpiryTooLate(Refused):
    """A close asked for now would give the promise's money back before its expiry; Unix seconds."""

    says = "a promise expires at {expiry}, at most {latest} is taken"
    expiry: int
    latest: int


class ConditionRefused(Refused):
    """The payee doesn't know what lives there: it could say one thing now and another on the day."""

    says = "promises by the condition {condition} are not taken here"
    condition: Address


class UnknownPromise(Refused):
    """The newest voucher carries no such promise."""

    says = "no such promise is open here"
    promise_hash: bytes


class PromisesOpen(Refused):
    """More is settled than was promised in amounts: promises were recorded, and must be folded first."""

    says = "{settled} are settled and {promised} promised: fold what is recorded first"
    settled: int
    promised: int


class PromiseNotExpired(Refused):
    """The payee can still show its proof."""

    says = "it is {now}, the promise expires at {expiry}"
    now: int
    expiry: int


class PromiseRecorded(Refused):
    """The payee has shown its proof on chain: the promise is owed, and can only be folded."""

    says = "{recorded} of the promise are recorded on chain"
    recorded: int


class NotLetGo(InvalidMessage):
    """Before its expiry a promise is folded for its whole amount, or for what its payee has signed: base units."""

    says = "a fold for {owed} is less than the {needed} that the payee lets the promise go for"
    owed: int
    needed: int
