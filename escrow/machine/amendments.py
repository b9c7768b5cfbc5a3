"""What the parties agree on among themselves: the twin of Amendments.sol."""

from typing import assert_never

from chain.refusals import WrongValue
from chain.units import Amount, Seconds
from escrow import messages
from escrow.actions.amendments import Amend, Amending, Settle
from escrow.effects import Begin, Effect, Pay
from escrow.errors import (
    AuthorizationExpired,
    ExceedsHeld,
    HeldChanged,
    OtherEscrow,
    OtherToken,
    WrongAmount,
    WrongNumberOfSignatures,
)
from escrow.machine.authorizations import begun, take
from escrow.machine.guards import require_before, require_consent, require_held
from escrow.machine.holds import Step, holding, paid, split
from escrow.payment import Payment
from escrow.phase import end_of, hold_over
from escrow.terms import Terms


def step(payment: Payment, action: Amending, now: Seconds) -> Step:
    """What `transition` says of these verbs."""
    match action:
        case Settle():
            return _settle(payment, action, now)
        case Amend():
            return _amend(payment, action, now)
        case _:
            assert_never(action)


def _settle(payment: Payment, action: Settle, now: Seconds) -> Step:
    terms, held = payment.terms, payment.holding.held
    require_before(action.deadline, now)
    said = messages.Settle(payment_id=payment.payment_id, to_payer=action.to_payer, deadline=action.deadline)
    require_consent(payment, terms.payer, said, action.payer_signature, action)
    require_consent(payment, terms.payee, said, action.payee_signature, action)
    require_held(payment)
    if action.to_payer > held:
        raise ExceedsHeld(payment.payment_id, action.to_payer, held)

    return split(payment, Amount(held - action.to_payer))


def _amend(payment: Payment, action: Amend, now: Seconds) -> Step:
    """Raises `OtherEscrow`, too: the two payments must be one contract's."""
    _require_same_escrow(payment, action.to)
    require_before(action.deadline, now)
    left = _moved_on(payment, action, now)
    _require_all(payment, action)
    to = begun(left if action.to.payment_id == payment.payment_id else action.to, now)

    return left, (Begin(to), *_pay_in(to.terms, action), *paid(Pay(payment.terms.payer, action.paid_out)))


def _pay_in(to: Terms, action: Amend) -> tuple[Effect, ...]:
    """Nothing to pay in asks no token: some refuse a transfer of zero."""
    if action.paid_in:
        return take(to.token, to.payer, action.paid_in, action)
    if action.value != 0:
        raise WrongValue(action.value, 0)
    return ()


def _moved_on(payment: Payment, action: Amend, now: Seconds) -> Payment:
    """The old hold, ended, if the amendment is meant for it and the sums agree."""
    require_held(payment)
    held, old, new = payment.holding.held, payment.terms, action.to.terms
    if action.held != held:
        raise HeldChanged(payment.payment_id, held, action.held)
    if hold_over(payment, now):
        raise AuthorizationExpired(now, end_of(payment))
    if new.token != old.token:
        raise OtherToken(new.token, old.token)
    if new.amount + action.paid_out != held + action.paid_in:
        raise WrongAmount(new.amount, held, action.paid_in, action.paid_out)
    return holding(payment, payment.holding.moved_on())


def _require_all(payment: Payment, action: Amend) -> None:
    """Everybody whose money or claim it touches: the old payer and payee, and whoever is new."""
    if len(action.signatures) != 4:
        raise WrongNumberOfSignatures(len(action.signatures), 4)
    old, new = payment.terms, action.to.terms
    said = messages.Amend(
        from_id=payment.payment_id,
        held=action.held,
        paid_in=action.paid_in,
        paid_out=action.paid_out,
        to=new,
        deadline=action.deadline,
    )
    known = {old.payer, old.payee}
    parties = (old.payer, old.payee, new.payer, new.payee)
    for place, (party, signature) in enumerate(zip(parties, action.signatures, strict=True)):
        if place < 2 or party not in known:
            require_consent(payment, party, said, signature, action)


def _require_same_escrow(payment: Payment, to: Payment) -> None:
    if to.domain != payment.domain:
        raise OtherEscrow(payment.domain.contract, payment.chain_id, to.domain.contract, to.chain_id)
