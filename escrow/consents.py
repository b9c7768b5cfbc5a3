"""The law of consents: what one party may sign or do beside what it has signed already, since consents add up.

A payee's Settle gives the payer exactly `to_payer` of what is held then; a void or a refund of its own beside it comes
on top. And a Settle or an Amend that one party has signed is the other's free option, so it must end soon. What the
chain would refuse anyway is `escrow.machine`'s to say.

`now` is the time of a final block: of a later one, it could be taken back, and with it the end of a deadline.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chain.typed_data import TypedData
from chain.units import Address, Seconds
from escrow import actions
from escrow.evidence_errors import ConsentOutstanding, DeadlineTooFar, HoldNotFinal
from escrow.holding import Holding
from escrow.journal.consent import Consent, Intent
from escrow.messages import Amend, Release, Settle, Void
from escrow.payment import Payment

OPTION_PERIOD = Seconds(3_600)
"""How long a Settle or an Amend stays open, unless said otherwise."""
LONGEST_OPTION = Seconds(86_400)
"""How long it may, unless its signer insists."""
SENDING_PERIOD = Seconds(86_400)
"""How long a void or a refund that was sent, and is in no final block, is taken to be on its way."""
_ADDS_UP = {"Settle": {"Void", "Refund"}, "Void": {"Settle", "Refund"}, "Refund": {"Settle", "Void"}}


@dataclass(frozen=True, slots=True)
class ConsentLog:
    """What was signed or sent so far for one payment, by whomever."""

    bonds: tuple[Consent | Intent, ...] = ()

    @classmethod
    def of(cls, records: Iterable[object]) -> "ConsentLog":
        """From a journal's records."""
        return cls(tuple(record for record in records if isinstance(record, Consent | Intent)))

    def outstanding(self, signer: Address, holding: Holding, now: Seconds) -> tuple[Consent | Intent, ...]:
        """What `signer` is still bound by; `holding` is that of a final block."""
        return tuple(
            bond
            for bond in self.bonds
            if bond.signer == signer and (bond.deadline is None or now < bond.deadline) and not _spent(bond, holding)
        )


def require_may_sign(
    log: ConsentLog,
    message: TypedData,
    payment: Payment,
    signer: Address,
    now: Seconds,
    *,
    latest: Holding,
    longest: Seconds = LONGEST_OPTION,
) -> None:
    """`payment` is as of a final block, `latest` what the newest one holds.

    Raises `DeadlineTooFar`, `HoldNotFinal`, `ConsentOutstanding`.
    """
    if isinstance(message, Settle | Amend) and message.deadline > now + longest:
        raise DeadlineTooFar(message.deadline, now + longest)
    if isinstance(message, Release | Void | Settle | Amend) and payment.holding.held != latest.held:
        raise HoldNotFinal(latest.held, payment.holding.held)
    if isinstance(message, Void) and payment.holding.refundable != latest.refundable:
        raise HoldNotFinal(latest.refundable, payment.holding.refundable)
    _require_alone(log, type(message).__name__, payment, signer, now, latest=latest)


def require_may_do(log: ConsentLog, action: actions.Action, payment: Payment, now: Seconds, *, latest: Holding) -> None:
    """`payment` is as of a final block, `latest` what the newest one holds. Raises `ConsentOutstanding`."""
    _require_alone(log, type(action).__name__, payment, action.caller, now, latest=latest)


def intent_of(action: actions.Action, now: Seconds) -> Intent | None:
    """What is kept of an action before it is sent, if something else could add up with it."""
    sent = Seconds(now + SENDING_PERIOD)
    match action:
        case actions.Void(caller=caller, held_after=level) | actions.Refund(caller=caller, refundable_after=level):
            return Intent(verb=type(action).__name__, signer=caller, level=level, deadline=sent)
        case actions.Settle(caller=caller, to_payer=level, deadline=deadline):
            return Intent(verb="Settle", signer=caller, level=level, deadline=deadline)
        case _:
            return None


def _require_alone(
    log: ConsentLog, kind: str, payment: Payment, signer: Address, now: Seconds, *, latest: Holding
) -> None:
    """A settlement waits until a block is final. Voids and refunds name levels, so one that can be seen is enough."""
    if signer != payment.terms.payee:
        return
    for bond in log.outstanding(signer, payment.holding, now):
        levels = {kind, bond.name} == {"Void", "Refund"}
        if bond.name in _ADDS_UP.get(kind, ()) and not (levels and _spent(bond, latest)):
            raise ConsentOutstanding(kind, bond.name, bond.deadline or 0)


def _spent(bond: Consent | Intent, holding: Holding) -> bool:
    """Whether it can never land any more: once an id is used, what it holds only falls.

    A refund names the hold, too, which every verb that raises what is refundable lowers.
    """
    if not holding.used:
        return False
    match bond:
        case Intent(verb="Refund", level=level):
            return holding.refundable <= level
        case Intent(verb="Void", level=level) | Consent(message=Void(held_after=level)):
            return holding.held <= level
        case Intent(verb="Settle", level=level) | Consent(message=Settle(to_payer=level)):
            return holding.held < max(level, 1)
        case _:
            return False
