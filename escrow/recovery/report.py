"""What of an account's payments is open, who may do what now, and which agreements are lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from chain.copies import Ignored
from chain.typed_data import Domain
from chain.units import Address, Hash32, Seconds
from escrow.holding import Holding
from escrow.payment import Payment
from escrow.phase import Phase, refund_over
from escrow.recovery.sure import by_the_clock, for_sure, outcomes
from escrow.terms import Terms
from escrow.walk.moves import Party, identities


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPayment:
    """As the chain names it in events and keeps it now; `terms` are None where nobody has them."""

    payment_id: Hash32
    payer: Address
    payee: Address
    token: Address
    holding: Holding
    is_final: bool
    terms: Terms | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """A verb that is legal now, and whose word it needs."""

    verb: str
    by: tuple[Party, ...]

    def to_json(self) -> dict[str, Any]:
        """By their names."""
        return {"verb": self.verb, "by": [party.value for party in self.by]}


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoveredPayment:
    """A payment in which something can still be done, or could be with its terms. Sums in base units."""

    found: FoundPayment
    roles: tuple[Party, ...]
    payment: Payment | None
    phase: Phase | None
    rights: tuple[Right, ...] = ()
    recovered: int = 0
    """What the account has for sure, by its own verbs and the clock."""
    if_silent: int = 0
    """What it has once the hold is over, if nobody moves before."""

    @property
    def token(self) -> Address:
        """What it holds."""
        return self.found.token

    @property
    def on_chain(self) -> int:
        """What is held for payer and payee together; an operator's or arbiter's it is not."""
        return self.found.holding.held if {Party.PAYER, Party.PAYEE} & {*self.roles} else 0

    @property
    def at_most_lost(self) -> int:
        """What nobody can move before somebody shows the terms: every verb asks for them."""
        return 0 if self.payment else self.on_chain

    @property
    def end(self) -> Seconds:
        """From this second on anybody may end the hold; zero where that is unknown, or nothing is held."""
        return self.payment.end if self.payment and self.found.holding.held else Seconds(0)

    def mine(self) -> tuple[str, ...]:
        """The verbs that need this account's word alone, or nobody's."""
        alone = {frozenset({role}) for role in (*self.roles, Party.ANYBODY)}
        return tuple(right.verb for right in self.rights if frozenset(right.by) in alone)

    def to_json(self) -> dict[str, Any]:
        """The terms with it: they are what was lost."""
        found = self.found
        return {
            "paymentId": "0x" + found.payment_id.hex(),
            "payer": found.payer,
            "payee": found.payee,
            "token": found.token,
            "roles": [role.value for role in self.roles],
            "holding": found.holding.to_json(),
            "isFinal": found.is_final,
            "phase": self.phase.value if self.phase else None,
            "end": str(self.end),
            "rights": [right.to_json() for right in self.rights],
            "payment": self.payment.to_json() if self.payment else None,
            "onChain": str(self.on_chain),
            "recovered": str(self.recovered),
            "ifSilent": str(self.if_silent),
            "atMostLost": str(self.at_most_lost),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class EscrowReport:
    """What ends first comes first. `ended` payments are over; of `unread` ones of other parties nobody has the terms,
    so they could name the account as operator or arbiter.
    """

    account: Address
    payments: tuple[RecoveredPayment, ...]
    ended: int
    unread: int
    ignored: tuple[Ignored, ...] = field(default=())

    @property
    def is_whole(self) -> bool:
        """Whether all terms are known."""
        return not self.unread and all(row.payment for row in self.payments)

    def to_json(self) -> dict[str, Any]:
        """Counts as numbers."""
        return {
            "account": self.account,
            "payments": [row.to_json() for row in self.payments],
            "ended": self.ended,
            "unread": self.unread,
            "ignored": [copy.to_json() for copy in self.ignored],
        }


def summarise(
    found: Iterable[FoundPayment], account: Address, domain: Domain, now: Seconds, ignored: Iterable[Ignored] = ()
) -> EscrowReport:
    """Of payments that name the account, those that are not over."""
    rows, ended, unread = list[RecoveredPayment](), 0, 0
    for one in found:
        roles = _roles(one, account)
        if not roles:
            unread += one.terms is None
        elif _is_over(one, now):
            ended += 1
        else:
            rows.append(_row(one, roles, account, domain, now))
    rows.sort(key=lambda row: (row.payment is not None, not row.end, row.end, row.found.payment_id))
    return EscrowReport(account=account, payments=tuple(rows), ended=ended, unread=unread, ignored=tuple(ignored))


def _roles(found: FoundPayment, account: Address) -> tuple[Party, ...]:
    named = {Party.PAYER: found.payer, Party.PAYEE: found.payee}
    if found.terms is not None:
        named |= {party: place for party, place in identities(found.terms).items() if party is not Party.CONDITION}
    return tuple(party for party, place in named.items() if place == account)


def _is_over(found: FoundPayment, now: Seconds) -> bool:
    """Nothing is held, and what was paid can't be refunded any more."""
    if found.holding.held:
        return False
    return not found.holding.refundable or (found.terms is not None and refund_over(found.terms, now))


def _row(
    found: FoundPayment, roles: tuple[Party, ...], account: Address, domain: Domain, now: Seconds
) -> RecoveredPayment:
    if found.terms is None:
        return RecoveredPayment(found=found, roles=roles, payment=None, phase=None)
    payment = Payment(terms=found.terms, domain=domain, holding=found.holding)
    phase = payment.phase(now) if found.holding.held else None
    row = RecoveredPayment(found=found, roles=roles, payment=payment, phase=phase, rights=_rights(payment, now))
    if not row.on_chain:
        return row
    recovered, if_silent = for_sure(payment, account, now), by_the_clock(payment, account)
    return replace(row, recovered=recovered, if_silent=if_silent)


def _rights(payment: Payment, now: Seconds) -> tuple[Right, ...]:
    """One for each verb that moves anything."""
    legal = dict[Right, None]()
    for found in outcomes(payment, now):
        by = tuple(party for party in Party if party in found.move.by)
        legal[Right(verb=type(found.move.action).__name__.lower(), by=by)] = None
    return tuple(legal)
