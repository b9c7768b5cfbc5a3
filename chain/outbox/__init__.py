"""Transactions that survive crashes: what is to be done is written down first, and is done once.

Pure: a machine over what a node has shown; `chain.aio.outbox` drives it, `chain.stores.outbox` keeps it.
"""

from chain.outbox.entry import Attempt, Entry, Stage
from chain.outbox.fees import Fees, Price
from chain.outbox.intent import Intent
from chain.outbox.machine import Finding

__all__ = ["Attempt", "Entry", "Fees", "Finding", "Intent", "Price", "Stage"]
