"""What settling costs: whole transactions with an ERC-20, as measured in tests/snapshots/gas.json."""

BATCH, ROW = 40_575, 11_481
"""Vouchers without promises: so much for the transaction, and so much for each. One alone costs 910 less."""
CLAIM_PROMISED, LEAF = 56_868, 3_486
"""One voucher with one promise, or from a reserve; and each promise more."""
RECORD = 70_360
"""One promise, with a proof of 256 hashes: most cost less."""
MOST_ROWS = 500
"""Vouchers a transaction: about six million gas, a small part of a block."""


def claim_gas(promises: int) -> int:
    """What one voucher costs alone, with so many promises or from a reserve."""
    return CLAIM_PROMISED + LEAF * max(promises - 1, 0)
