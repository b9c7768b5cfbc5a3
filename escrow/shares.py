"""Parts of an amount in hundredths of a percent, rounded as the contract rounds."""

from chain.units import ALL_BPS, Amount


def share(amount: int, bps: int) -> Amount:
    """The payee's part of `amount`; it floors, the rest is the payer's."""
    return Amount(amount * bps // ALL_BPS)


def fee_of(before: int, amount: int, fee_bps: int) -> Amount:
    """The fee on `amount` for a payee who was paid `before` already: slicing neither adds to it nor evades it."""
    return Amount(share(before + amount, fee_bps) - share(before, fee_bps))
