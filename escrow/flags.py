"""The bits of the terms' `flags`, as in Terms.sol."""

PAYER_MAY_DISPUTE = 1
PAYEE_MAY_DISPUTE = 2
DISPUTE_FREEZES_RESOLVE = 4
ALL_FLAGS = 7
