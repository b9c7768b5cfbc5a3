"""The journal, and the balances that follow from it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from chain.units import Address
from channels.channel import ChannelId
from channels.ledger import entry as pairs
from channels.ledger.accounts import Account
from channels.ledger.entry import Entry
from channels.ledger.errors import BookedTwice, Overdrawn
from channels.ledger.facts import Fact
from channels.ledger.sums import Sums

_ONCE = {pairs.DELIVERED, pairs.SETTLED, pairs.FEE}


@dataclass(frozen=True, slots=True)
class Ledger:
    """Entries in the order in which they were booked. No epoch's account was ever below zero.

    Raises `Overdrawn` and `BookedTwice` at birth; it reads all entries then, so book many facts at once.
    """

    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        _require_sound(self.entries)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Self:
        """New books."""
        return cls().book(facts)

    def book(self, facts: Iterable[Fact]) -> Self:
        """With an entry for each fact, in order. All of them, or none."""
        return type(self)((*self.entries, *(fact.entry for fact in facts)))

    @property
    def tokens(self) -> tuple[Address, ...]:
        """Whose books these are."""
        return tuple(sorted({entry.token for entry in self.entries}))

    def balances(
        self, token: Address, channel_id: ChannelId | None = None, epoch: int | None = None
    ) -> Mapping[Account, int]:
        """Each account's, in base units: those that grow by debits come to the same as those that grow by credits."""
        found = Counter[Account]()
        for entry in self._of(token, channel_id, epoch):
            _post(found, entry)
        return {account: found[account] for account in Account}

    def sums(self, token: Address, channel_id: ChannelId | None = None, epoch: int | None = None) -> Sums:
        """Of a token, one channel, or one epoch of that."""
        return Sums.of(self._of(token, channel_id, epoch))

    def _of(self, token: Address, channel_id: ChannelId | None, epoch: int | None) -> Iterator[Entry]:
        for entry in self.entries:
            if entry.token == token and channel_id in {None, entry.channel_id} and epoch in {None, entry.epoch}:
                yield entry


def _require_sound(entries: Iterable[Entry]) -> None:
    seen = set[object]()
    books = dict[object, Counter[Account]]()
    for entry in entries:
        fact = (entry.place, entry.pair, entry.memo)
        if entry.pair in _ONCE and fact in seen:
            raise BookedTwice(entry.memo)
        seen.add(fact)
        found = books.setdefault(entry.place, Counter())
        _require_covered(found, entry)
        _post(found, entry)


def _require_covered(found: Counter[Account], entry: Entry) -> None:
    """No account falls below zero, and no more is refunded than was delivered."""
    falling = [account for account, by in _changes(entry) if by < 0]
    for account in falling:
        if found[account] < entry.amount:
            raise Overdrawn(account, found[account], entry.amount)
    kept = found[Account.REVENUE] - found[Account.REFUNDS]
    if entry.pair == pairs.REFUNDED and kept < entry.amount:
        raise Overdrawn(Account.REVENUE, kept, entry.amount)


def _post(found: Counter[Account], entry: Entry) -> None:
    for account, by in _changes(entry):
        found[account] += by


def _changes(entry: Entry) -> tuple[tuple[Account, int], tuple[Account, int]]:
    """By how much the two accounts rise."""
    return (
        (entry.debit, entry.amount * entry.debit.side.value),
        (entry.credit, -entry.amount * entry.credit.side.value),
    )
