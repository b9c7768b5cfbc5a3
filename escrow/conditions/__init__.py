"""Contracts that say how much of an amount is released, and their Python twins, which say it before any gas."""

from escrow.conditions.after_time import AfterTime, after_time
from escrow.conditions.condition import Condition, Proof
from escrow.conditions.hash_lock import HashLock, hash_lock

__all__ = ["AfterTime", "Condition", "HashLock", "Proof", "after_time", "hash_lock"]
