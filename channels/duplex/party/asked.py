"""A condition's own answers, asked before a pure step that needs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chain.units import Address, Hash32

Proof = tuple[Hash32, bytes]
"""The subject that a condition is asked about, and what is shown for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The twin of a condition that was asked: for what it was not asked it releases nothing."""

    address: Address
    data_hash: Hash32
    answers: Mapping[Proof, int]

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Any, /) -> int:
        """What the contract answered; `amount` is the promise's, which the subject stands for."""
        return self.answers.get((subject, shown), 0)
