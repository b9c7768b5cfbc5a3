"""Where a meter stands."""

from dataclasses import dataclass
from typing import ClassVar

from chain.typed_data import TypedData
from chain.units import Hash32


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading(TypedData):
    """How many ticks are accepted in all, and the newest of them; a store keeps it, a payer that is lost is told it."""

    type_string: ClassVar[str] = "Reading(uint32 position,bytes32 tip)"
    position: int
    tip: Hash32
