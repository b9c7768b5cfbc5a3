"""How a hold changes, and who is paid: the twin of what moves in Holds.sol."""

from dataclasses import replace

from chain.units import Amount
from escrow.effects import Effect, Pay
from escrow.errors import NothingToMove
from escrow.holding import Holding
from escrow.payment import Payment
from escrow.shares import fee_of, share

Step = tuple[Payment, tuple[Effect, ...]]


def holding(payment: Payment, newer: Holding) -> Payment:
    """The payment as it is left; the receipt of an earlier step is not this one's."""
    return replace(payment, holding=newer, receipt=None)


def above(payment: Payment, held_after: Amount) -> Amount:
    """What is held above the level. Raises `NothingToMove`."""
    held = payment.holding.held
    if held_after >= held:
        raise NothingToMove(payment.payment_id, held, held_after)
    return Amount(held - held_after)


def earn(payment: Payment, amount: Amount) -> Step:
    """`amount` of what is held goes to the payee; the fee goes out first."""
    terms = payment.terms
    fee = fee_of(payment.holding.refundable, amount, terms.fee_bps)
    newer = holding(payment, payment.holding.earn(amount))
    return newer, paid(Pay(terms.fee_recipient, fee), Pay(terms.payee, Amount(amount - fee)))


def give_back(payment: Payment, amount: Amount) -> Step:
    """`amount` of what is held goes back to the payer."""
    return holding(payment, payment.holding.give_back(amount)), (Pay(payment.terms.payer, amount),)


def split(payment: Payment, to_payee: Amount) -> Step:
    """Ends the hold: the payee gets `to_payee`, less the fee, the payer the rest; the fee goes out last."""
    terms, held = payment.terms, payment.holding.held
    fee = fee_of(payment.holding.refundable, to_payee, terms.fee_bps)
    to_payer = Amount(held - to_payee)
    newer = holding(payment, payment.holding.earn(to_payee).give_back(to_payer))
    return newer, paid(
        Pay(terms.payer, to_payer), Pay(terms.payee, Amount(to_payee - fee)), Pay(terms.fee_recipient, fee)
    )


def split_by(payment: Payment, payee_bps: int) -> Step:
    """The same by a share of what is held, which floors."""
    return split(payment, share(payment.holding.held, payee_bps))


def paid(*payouts: Pay) -> tuple[Effect, ...]:
    """Those of something."""
    return tuple(payout for payout in payouts if payout.amount)
