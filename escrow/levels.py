"""From totals, which people say, to the levels that verbs leave: a total that is said again moves nothing."""

from chain.errors import OutOfRange, TokenMismatch
from chain.money import Money
from chain.units import Amount
from escrow.payment import Payment


def held_after_paying(payment: Payment, up_to: Money | None) -> Amount:
    """The hold that is left once `up_to` of the payment's amount has gone from it, or all.

    What went back to the payer counts as gone, too, as in a resolve. Raises `OutOfRange`, `TokenMismatch`.
    """
    return _left(payment, up_to, Amount(payment.terms.amount))


def held_after_returning(payment: Payment, up_to: Money | None) -> Amount:
    """The hold that is left once `up_to` in all is back with the payer, or all that is held has gone back.

    Raises `OutOfRange`, `TokenMismatch`.
    """
    reach = Amount(payment.terms.amount - payment.holding.refundable)
    return _left(payment, up_to, reach)


def refundable_after_returning(payment: Payment, up_to: Money | None) -> Amount:
    """What the payee keeps once `up_to` in all, voids counted, is back with the payer, or nothing.

    Raises `OutOfRange`, `TokenMismatch`.
    """
    reach = Amount(payment.terms.amount - payment.holding.held)
    return _left(payment, up_to, reach)


def _left(payment: Payment, up_to: Money | None, reach: Amount) -> Amount:
    if up_to is None:
        return Amount(0)
    if not isinstance(up_to, Money):
        raise TypeError(f"write an amount as money, as in token('19.99'): not {up_to!r}")
    if (up_to.token.chain_id, up_to.token.address) != (payment.chain_id, payment.terms.token):
        raise TokenMismatch(str(up_to.token), payment.terms.token)
    if up_to.units > reach:
        raise OutOfRange("up_to", up_to.units, 0, reach)
    return Amount(reach - up_to.units)
