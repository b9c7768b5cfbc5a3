"""What each party could try with a payment, legal or not: all, half, or nothing of what is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from chain.units import ALL_BPS, NOBODY, Address, Amount, Bps, Hash32, Seconds
from escrow.actions import Action, Capture, Dispute, Expire, Refund, Release, Resolve, Rule, Settle, Void
from escrow.conditions.condition import Condition, Proof
from escrow.conditions.facts import Facts
from escrow.payment import Payment
from escrow.terms import Terms


class Party(Enum):
    """Whose word a move needs; the condition's is that of whoever can prove it, and anybody may bring the clock's."""

    PAYER = "payer"
    PAYEE = "payee"
    OPERATOR = "operator"
    ARBITER = "arbiter"
    CONDITION = "condition"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Move:
    """An action, and all whose word it needs."""

    by: frozenset[Party]
    action: Action


@dataclass(frozen=True, slots=True)
class _Word(Condition):
    """The agreed condition, whichever it is, as one that is shown a proof for `says` base units."""

    agreed: Hash32
    says: int

    @property
    def data(self) -> bytes:
        """Unknown here: the terms have the hash only, and a walk needs no more."""
        return b""

    @property
    def data_hash(self) -> Hash32:
        """As the terms have it."""
        return self.agreed

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """As it was made to."""
        return self.says


def identities(terms: Terms) -> dict[Party, Address]:
    """The parties that the terms name, in their order."""
    named = {
        Party.PAYER: terms.payer,
        Party.PAYEE: terms.payee,
        Party.OPERATOR: terms.operator,
        Party.ARBITER: terms.arbiter,
        Party.CONDITION: terms.condition,
    }
    return {party: place for party, place in named.items() if place != NOBODY}


def moves(payment: Payment, now: Seconds) -> Iterator[Move]:
    """Those of the parties that the terms name, and the clock's; what funds or amends is left out."""
    known = identities(payment.terms)
    for party in known:
        for action in _TRIES[party](payment):
            yield Move(frozenset({party}), action)
    for part in _parts(payment):
        yield Move(frozenset({Party.PAYER, Party.PAYEE}), _settlement(payment, part, now))
    yield Move(frozenset({Party.ANYBODY}), Expire(caller=NOBODY))


def _parts(payment: Payment) -> tuple[Amount, ...]:
    """Nothing, half and all of the amount: a small world, but with every kind of state."""
    amount = payment.terms.amount
    return tuple(Amount(part) for part in sorted({0, amount // 2, amount}))


def _by_payer(payment: Payment) -> Iterator[Action]:
    caller = payment.terms.payer
    yield Dispute(caller=caller)
    for level in _parts(payment):
        yield Release(caller=caller, held_after=level)


def _by_payee(payment: Payment) -> Iterator[Action]:
    caller = payment.terms.payee
    yield Dispute(caller=caller)
    yield _refund(payment, caller)
    for level in _parts(payment):
        yield Void(caller=caller, held_after=level)


def _by_operator(payment: Payment) -> Iterator[Action]:
    caller = payment.terms.operator
    yield _refund(payment, caller)
    for level in _parts(payment):
        yield Capture(caller=caller, held_after=level)
        yield Void(caller=caller, held_after=level)


def _by_arbiter(payment: Payment) -> Iterator[Action]:
    for share in (0, ALL_BPS // 2, ALL_BPS):
        yield Rule(caller=payment.terms.arbiter, payee_bps=Bps(share))


def _by_condition(payment: Payment) -> Iterator[Action]:
    for part in _parts(payment):
        yield Resolve(caller=NOBODY, proof=Proof(_Word(payment.terms.condition_hash, part), b""))


def _refund(payment: Payment, caller: Address) -> Refund:
    holding = payment.holding
    value = holding.refundable if payment.terms.token == NOBODY else 0
    return Refund(caller=caller, held=holding.held, refundable_after=Amount(0), value=value)


def _settlement(payment: Payment, to_payer: Amount, now: Seconds) -> Settle:
    both = frozenset({payment.terms.payer, payment.terms.payee})
    return Settle(caller=NOBODY, wallets=both, to_payer=to_payer, deadline=Seconds(now + 1))


_TRIES = {
    Party.PAYER: _by_payer,
    Party.PAYEE: _by_payee,
    Party.OPERATOR: _by_operator,
    Party.ARBITER: _by_arbiter,
    Party.CONDITION: _by_condition,
}
