"""After the loss of a store: what chain, the other side's copies and an old backup together prove, and what they don't.

Pure; `aio/` reads the chain and the stores.
"""

from channels.recovery.duplex import DuplexReport, FoundDuplex, SharedChannel, share_out
from channels.recovery.evidence import Proof
from channels.recovery.found import EpochLeft, FoundLane
from channels.recovery.payee import EarnedLane, Known, PayeeReport, reconcile
from channels.recovery.payer import PaidLane, PayerReport, survey
from channels.recovery.sums import Sums

__all__ = [
    "DuplexReport",
    "EarnedLane",
    "EpochLeft",
    "FoundDuplex",
    "FoundLane",
    "Known",
    "PaidLane",
    "PayeeReport",
    "PayerReport",
    "Proof",
    "SharedChannel",
    "Sums",
    "reconcile",
    "share_out",
    "survey",
]
