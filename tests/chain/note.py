"""A message that has nothing but numbers and hashes, as those on the hot path."""

from dataclasses import dataclass

from chain import Hash32, TypedData


@dataclass(frozen=True, kw_only=True, slots=True)
class Note(TypedData):
    type_string = "Note(bytes32 id,uint96 amount)"
    id: Hash32
    amount: int
