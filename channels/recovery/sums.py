"""A recovery in one line a token."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, Self

from chain.units import Address
from channels.shown import Shown


class Row(Protocol):
    """One channel's epoch, in base units of its token."""

    @property
    def token(self) -> Address:
        """What the sums are in."""

    @property
    def on_chain(self) -> int:
        """What the contract still holds."""

    @property
    def recovered(self) -> int:
        """What of it is ours to have."""

    @property
    def at_most_lost(self) -> int:
        """The most that could have been ours besides, by something that nobody has shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums(Shown):
    """Of all rows in one token, in base units."""

    token: Address
    on_chain: int
    recovered: int
    at_most_lost: int

    @classmethod
    def of(cls, rows: Iterable[Row]) -> tuple[Self, ...]:
        """One a token, in the order in which they are met."""
        by_token = dict[Address, list[Row]]()
        for row in rows:
            by_token.setdefault(row.token, []).append(row)
        return tuple(
            cls(
                token=token,
                on_chain=sum(row.on_chain for row in those),
                recovered=sum(row.recovered for row in those),
                at_most_lost=sum(row.at_most_lost for row in those),
            )
            for token, those in by_token.items()
        )


def sums_json(row: Row) -> dict[str, str]:
    """As the JSON form of a row has them, beside its fields."""
    sums = {"onChain": row.on_chain, "recovered": row.recovered, "atMostLost": row.at_most_lost}
    return {name: str(sum_) for name, sum_ in sums.items()}
