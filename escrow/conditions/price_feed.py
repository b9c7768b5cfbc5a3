"""Releases a share by a feed's price at an agreed time: a cash-settled contract."""

from dataclasses import dataclass
from typing import Self

from chain.errors import Malformed
from chain.units import Address, Hash32, Seconds, address, uint
from chain.units import within as between
from escrow.conditions import words
from escrow.conditions.condition import Condition, Proof
from escrow.conditions.facts import Facts, Round
from escrow.dates import date

_HALF = 1 << 255


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceFeed(Condition):
    """Made by `price_feed`. The twin of PriceFeed.sol. Prices are in the feed's own unit."""

    contract = "PriceFeed"
    gas = 50_000
    longest_proof = words.WORD

    feed: Address
    phase: int
    time: Seconds
    within: Seconds
    none_at: int
    all_at: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "feed", address(self.feed))
        between("phase", self.phase, 1, 2**16 - 1)
        between("time", self.time, 1, 2**48 - 1)
        between("within", self.within, 1, 2**32 - 1)
        between("none_at", self.none_at, -_HALF, _HALF - 1)
        between("all_at", self.all_at, -_HALF, _HALF - 1)
        if self.none_at == self.all_at:
            raise Malformed("all_at", f"{self.all_at} is also the price at which nothing is released")

    @property
    def data(self) -> bytes:
        """abi.encode(address feed, uint16 phase, uint48 time, uint32 within, int256 noneAt, int256 allAt)."""
        return words.encode(self.feed, self.phase, self.time, self.within, self.none_at, self.all_at)

    @classmethod
    def of_data(cls, data: bytes) -> Self:
        """The inverse of `data`. Raises `InvalidValue`."""
        feed, phase, time, length, none_at, all_at = words.split("data", data, 6)
        return cls(
            feed=words.place(feed),
            phase=words.unsigned(phase),
            time=Seconds(words.unsigned(time)),
            within=Seconds(words.unsigned(length)),
            none_at=words.signed(none_at),
            all_at=words.signed(all_at),
        )

    def proof(self, counted: Round, before: Round) -> Proof:
        """The round that counts, and the one before it, which the contract reads, too.

        Raises `OutOfRange`, and `Malformed` for a round of another feed.
        """
        for found in (counted, before):
            if found.feed != self.feed:
                raise Malformed("round", f"it is of {found.feed}, not of {self.feed}")
        return Proof(self, words.encode(uint("round_id", counted.round_id, 80)), (before, counted))

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """The share at the price of the phase's first round at or after `time`, if that is the one shown."""
        round_id = words.unsigned(shown)
        if len(shown) != words.WORD or round_id >> 64 != self.phase or round_id % (1 << 64) < 2:
            return 0
        before, counted = (facts.rounds.get((self.feed, found)) for found in (round_id - 1, round_id))
        if before is None or counted is None or not 0 < before.updated_at < self.time:
            return 0
        in_time = self.time <= counted.updated_at < self.time + self.within
        return self._payoff(amount, counted.answer) if in_time and counted.answered_in >= round_id else 0

    def met_by(self, parties: frozenset[Address]) -> bool:
        """Whoever runs the feed says what it likes."""
        return self.feed in parties

    def explain(self) -> str:
        """Whose price, when, and what it means."""
        line = f"nothing at {self.none_at}, all at {self.all_at}, evenly between"
        return f"the first price of the feed {self.feed} at or after {date(self.time)}: {line}"

    def _payoff(self, amount: int, price: int) -> int:
        sign = 1 if self.all_at > self.none_at else -1
        length = sign * (self.all_at - self.none_at)
        return amount * max(0, min(sign * (price - self.none_at), length)) // length


def price_feed(feed: str, *, phase: int, time: int, within: int, none_at: int, all_at: int) -> PriceFeed:
    """The first price in the `within` seconds from the Unix second `time` on.

    Raises `OutOfRange`, `Malformed`, `NotAnAddress`.
    """
    return PriceFeed(
        feed=address(feed), phase=phase, time=Seconds(time), within=Seconds(within), none_at=none_at, all_at=all_at
    )
