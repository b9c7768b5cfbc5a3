"""What settling costs: whole transactions with an ERC-20, as measured in tests/snapshots/gas.json."""

BATCH, ROW = 40_575, 11_481
"""Vouchers without promises: so much for the transaction, and so much for each. One alone costs 910 less."""
CLAIM_PROMISED, LEAF = 56_868, 3_486
"""One voucher with one promise, or from a reserve; and each promise more."""
RECORD = 70_360
"""One promise, with a proof of 256 hashes: most cost less."""
PUSH = 550_000
"""What one token and payee may take at most: a push of 200,000, three looks at a balance of 100,000 each, a credit."""
MOST_ROWS = 500
"""Vouchers a transaction: about six million gas."""
MOST_GAS = 2**24 * 5 // 6
"""No transaction has more than 2**24 (EIP-7825), and its sender adds a fifth to what it uses."""


def fits(rows: int, receivers: int) -> bool:
    """Whether a batch for so many pairs of token and payee fits a transaction, whatever their code does."""
    return rows <= MOST_ROWS and BATCH + ROW * rows + PUSH * receivers <= MOST_GAS


def claim_gas(promises: int) -> int:
    """What one voucher costs alone, with so many promises or from a reserve."""
    return CLAIM_PROMISED + LEAF * max(promises - 1, 0)
