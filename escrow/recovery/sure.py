"""What of a hold an account has for sure, whatever the others do: money that nobody else's word can take first."""

from collections.abc import Iterator
from dataclasses import dataclass

from chain.errors import IllegalAction, InvalidMessage
from chain.units import NOBODY, Address, Amount, Seconds
from escrow.actions import Dispute, Expire
from escrow.effects import Effect, Pay, Pull
from escrow.holding import Holding
from escrow.machine import transition
from escrow.payment import Payment
from escrow.walk.moves import Move, Party, identities, moves


@dataclass(frozen=True, slots=True)
class Outcome:
    """A move that is legal, what it would leave, and what it would move."""

    move: Move
    left: Holding
    effects: tuple[Effect, ...]


def outcomes(payment: Payment, now: Seconds) -> Iterator[Outcome]:
    """By trying all that could be tried, on the contract's twin."""
    for move in moves(payment, now):
        try:
            after, effects = transition(payment, move.action, now)
        except (IllegalAction, InvalidMessage):
            continue
        yield Outcome(move, after.holding, effects)


def for_sure(payment: Payment, account: Address, now: Seconds) -> Amount:
    """By its best own verb, or the clock's, now; or later, where until then no other's word can give it elsewhere.

    Base units, less the fee. What the account has signed away and forgotten, nobody here knows.
    """
    times = _times(payment, now) if _can_wait(payment, account, now) else [now]
    return max(_best(payment, account, time) for time in times)


def by_the_clock(payment: Payment, account: Address) -> Amount:
    """What the end of the hold gives the account, if nobody moves before; base units, less the fee."""
    _, effects = transition(payment, Expire(caller=NOBODY), payment.end)
    return _gain(effects, account)


def _times(payment: Payment, now: Seconds) -> list[Seconds]:
    """From when on another verb may be legal; the end of a dispute is none, for until then the arbiter has its word."""
    terms = payment.terms
    return sorted({now, *(time for time in (terms.capture_from, terms.authorization_expiry) if time > now)})


def _best(payment: Payment, account: Address, at: Seconds) -> Amount:
    own = {*_own(payment, account), Party.ANYBODY}
    gains = (_gain(found.effects, account) for found in outcomes(payment, at) if found.move.by <= own)
    return max(gains, default=Amount(0))


def _can_wait(payment: Payment, account: Address, now: Seconds) -> bool:
    """Nobody can give what is held to the other party, or ask an arbiter who could, before the hold is over."""
    own = _own(payment, account)
    return not any(
        _takes(found, payment, account)
        for time in _times(payment, now)
        if time < payment.end
        for found in outcomes(payment, time)
        if not found.move.by & own
    )


def _takes(found: Outcome, payment: Payment, account: Address) -> bool:
    """A refund counts as well: the fee rounds by what has been paid."""
    if isinstance(found.move.action, Dispute):
        return payment.terms.arbiter != account
    before, after = payment.holding, found.left
    earned = after.refundable - before.refundable
    returned = before.held - after.held - earned
    return (earned if account == payment.terms.payer else returned) > 0


def _own(payment: Payment, account: Address) -> frozenset[Party]:
    """The condition's word is that of whoever can prove it, whatever the account is."""
    named = identities(payment.terms)
    return frozenset(party for party, place in named.items() if place == account and party is not Party.CONDITION)


def _gain(effects: tuple[Effect, ...], account: Address) -> Amount:
    paid = sum(effect.amount for effect in effects if isinstance(effect, Pay) and effect.to == account)
    pulled = sum(effect.amount for effect in effects if isinstance(effect, Pull) and effect.owner == account)
    return Amount(max(paid - pulled, 0))
