"""Contracts that say how much of an amount is released, and their Python twins, which say it before any gas."""

from escrow.conditions.after_time import AfterTime, after_time
from escrow.conditions.approvals import Approvals, SignedApproval, approvals
from escrow.conditions.attestation import Attestation, SignedAttestation, attestation
from escrow.conditions.combinator import Combinator
from escrow.conditions.combinators import AllOf, AnyOf, AtLeast, all_of, any_of, at_least
from escrow.conditions.condition import Condition, Proof
from escrow.conditions.decoding import decode
from escrow.conditions.facts import Facts, Round
from escrow.conditions.hash_chain import HashChain, hash_chain
from escrow.conditions.hash_lock import HashLock, hash_lock
from escrow.conditions.price_feed import PriceFeed, price_feed
from escrow.conditions.subject import Subject
from escrow.conditions.vesting import Vesting, vesting

__all__ = [
    "AfterTime",
    "AllOf",
    "AnyOf",
    "Approvals",
    "AtLeast",
    "Attestation",
    "Combinator",
    "Condition",
    "Facts",
    "HashChain",
    "HashLock",
    "PriceFeed",
    "Proof",
    "Round",
    "SignedApproval",
    "SignedAttestation",
    "Subject",
    "Vesting",
    "after_time",
    "all_of",
    "any_of",
    "approvals",
    "at_least",
    "attestation",
    "decode",
    "hash_chain",
    "hash_lock",
    "price_feed",
    "vesting",
]
