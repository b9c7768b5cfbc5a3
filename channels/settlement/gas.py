"""What settling costs: whole transactions with an ERC-20, as measured in tests/snapshots/gas.json."""

BATCH, ROW = 40_575, 11_481
"""Vouchers without promises: so much for the transaction, and so much for each. One alone costs 910 less."""
CLAIM_PROMISED = 56_868
"""One voucher with promises, or from a reserve."""
RECORD = 70_360
"""One promise, with a proof of 256 hashes: most cost less."""
MOST_ROWS = 500
"""Vouchers a transaction: about six million gas, a small part of a block."""
