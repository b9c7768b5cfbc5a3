"""After the loss of agreements and journals: which payments there are, and their terms from the chain's own record.

Pure; `aio/` reads the chain.
"""

from escrow.recovery.report import EscrowReport, FoundPayment, RecoveredPayment, Right, summarise
from escrow.recovery.terms_in import terms_in

__all__ = ["EscrowReport", "FoundPayment", "RecoveredPayment", "Right", "summarise", "terms_in"]
