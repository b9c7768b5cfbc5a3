"""What the chain keeps of a payment: one slot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chain.errors import Malformed
from chain.member import Member
from chain.units import Amount, Seconds

_NOTHING, _NEVER = Amount(0), Seconds(0)
_MEMBERS = (
    Member("uint96", "held", "held"),
    Member("uint96", "refundable", "refundable"),
    Member("uint48", "disputedAt", "disputed_at"),
    Member("bool", "used", "used"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """`held` waits; `refundable` is what the payee was paid and has not given back, fee included; both in base units.

    `disputed_at` is 0 while there is no dispute; `used` never clears once authorized or cancelled.
    """

    held: Amount = _NOTHING
    refundable: Amount = _NOTHING
    disputed_at: Seconds = _NEVER
    used: bool = False

    def __post_init__(self) -> None:
        for member in _MEMBERS:
            member.check(getattr(self, member.snake))

    @classmethod
    def from_word(cls, word: int) -> "Holding":
        """From the slot's bits, low ones first: held 96, refundable 96, disputed_at 48, free 15, used 1."""
        return cls(
            held=Amount(word % 2**96),
            refundable=Amount((word >> 96) % 2**96),
            disputed_at=Seconds((word >> 192) % 2**48),
            used=word >> 255 == 1,
        )

    @property
    def word(self) -> int:
        """The inverse of `from_word`."""
        return self.held | self.refundable << 96 | self.disputed_at << 192 | self.used << 255

    @property
    def is_disputed(self) -> bool:
        """Whether the arbiter was asked, and no amendment has dropped that."""
        return self.disputed_at != _NEVER

    def earn(self, amount: Amount) -> "Holding":
        """`amount` went from held to the payee."""
        held, refundable = Amount(self.held - amount), Amount(self.refundable + amount)
        return replace(self, held=held, refundable=refundable)

    def give_back(self, amount: Amount) -> "Holding":
        """`amount` went from held to the payer."""
        return replace(self, held=Amount(self.held - amount))

    def refund(self, amount: Amount) -> "Holding":
        """The payee returned `amount`."""
        return replace(self, refundable=Amount(self.refundable - amount))

    def dispute(self, now: Seconds) -> "Holding":
        """The arbiter was asked at `now`."""
        return replace(self, disputed_at=now)

    def moved_on(self) -> "Holding":
        """The hold went elsewhere: what was paid stays refundable."""
        return replace(self, held=_NOTHING, disputed_at=_NEVER)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings."""
        return {member.camel: member.to_json(getattr(self, member.snake)) for member in _MEMBERS}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Holding":
        """The strict inverse. Raises `Malformed`, `OutOfRange`."""
        if set(data) != {member.camel for member in _MEMBERS}:
            raise Malformed("holding", f"its members are not {', '.join(member.camel for member in _MEMBERS)}")
        return cls(**{member.snake: member.from_json(data[member.camel]) for member in _MEMBERS})
