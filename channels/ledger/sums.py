"""What the books come to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Self

from channels.ledger import entry as pairs
from channels.ledger.entry import Entry
from channels.ledger.errors import BooksDiffer
from channels.shown import Shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums(Shown):
    """Of one token, in base units, over one epoch, one channel or all of them."""

    accepted: int = 0
    delivered: int = 0
    refunded: int = 0
    settled: int = 0
    returned: int = 0
    forgone: int = 0
    fees: int = 0

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """Of one token's entries."""
        by_pair = Counter[object]()
        for entry in entries:
            by_pair[entry.pair] += entry.amount
        return cls(
            accepted=by_pair[pairs.ACCEPTED],
            delivered=by_pair[pairs.DELIVERED],
            refunded=by_pair[pairs.REFUNDED],
            settled=by_pair[pairs.SETTLED],
            returned=by_pair[pairs.RETURNED],
            forgone=by_pair[pairs.FORGONE],
            fees=by_pair[pairs.FEE],
        )

    @property
    def owed(self) -> int:
        """Accepted, and neither settled nor gone."""
        return self.accepted - self.settled - self.returned - self.forgone

    @property
    def undelivered(self) -> int:
        """Accepted, and to be delivered: delivered nowhere, refunded, and not returned."""
        return self.accepted - self.delivered + self.refunded - self.returned

    def require(self, expected: Self) -> None:
        """That the store's own sums are the same. Raises `BooksDiffer`: an entry is missing, or was changed."""
        for field in fields(self):
            booked, told = getattr(self, field.name), getattr(expected, field.name)
            if booked != told:
                raise BooksDiffer(field.name, booked, told)
