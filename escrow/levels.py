"""From totals, which people say, to the levels that verbs leave: a total that is said again moves nothing."""

from chain.errors import OutOfRange, TokenMismatch
from chain.money import Money
from chain.units import ALL_BPS, Amount, Bps, within
from escrow.errors import NotAShare
from escrow.payment import Payment
from escrow.shares import share
from escrow.split import PayeeShare


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


def payee_bps(payment: Payment, to_payee: Money | PayeeShare) -> Bps:
    """The share of what is held that gives the payee exactly this.

    Raises `NotAShare`, `OutOfRange`, `TokenMismatch`.
    """
    if isinstance(to_payee, PayeeShare):
        return Bps(within("share", to_payee.bps, 0, ALL_BPS))
    held = payment.holding.held
    units = units_within("to_payee", payment, to_payee, held)
    bps = -(-units * ALL_BPS // held) if held else 0
    if share(held, bps) != units:
        raise NotAShare(units, held, share(held, bps - 1), share(held, bps))
    return Bps(bps)


def units_within(name: str, payment: Payment, money: Money, largest: int) -> Amount:
    """`money` in base units of the payment's token. Raises `OutOfRange`, `TokenMismatch`."""
    if not isinstance(money, Money):
        raise TypeError(f"write an amount as money, as in token('19.99'): not {money!r}")
    if (money.token.chain_id, money.token.address) != (payment.chain_id, payment.terms.token):
        raise TokenMismatch(str(money.token), payment.terms.token)
    if money.units > largest:
        raise OutOfRange(name, money.units, 0, largest)
    return Amount(money.units)


def _left(payment: Payment, up_to: Money | None, reach: Amount) -> Amount:
    if up_to is None:
        return Amount(0)
    return Amount(reach - units_within("up_to", payment, up_to, reach))
