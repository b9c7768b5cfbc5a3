"""What an ended epoch keeps for the promises of its last state, in each direction."""

from dataclasses import dataclass, replace

from chain.units import Amount, Hash32, Seconds, hash32, uint

_NOTHING = Amount(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplexReserve:
    """Promises may take `from_a` of A's share in all, of which `paid_from_a` is paid, before the second `until`."""

    from_a: Amount
    from_b: Amount
    until: Seconds
    promises: Hash32
    paid_from_a: Amount = _NOTHING
    paid_from_b: Amount = _NOTHING

    def __post_init__(self) -> None:
        for name in ("from_a", "from_b", "paid_from_a", "paid_from_b"):
            uint(name, getattr(self, name), 96)
        uint("until", self.until, 48)
        hash32("promises", self.promises)

    def is_over(self, now: Seconds) -> bool:
        """The one place that says which side the boundary second belongs to: at `until` promises get no more."""
        return now >= self.until

    def collect(self, from_a: int, from_b: int) -> "DuplexReserve":
        """As it is once so much is recorded in all: never more than is kept."""
        paid_from_a, paid_from_b = min(from_a, self.from_a), min(from_b, self.from_b)
        return replace(self, paid_from_a=Amount(paid_from_a), paid_from_b=Amount(paid_from_b))

    @property
    def left(self) -> tuple[Amount, Amount]:
        """What promises have not taken: A's, and B's."""
        return Amount(self.from_a - self.paid_from_a), Amount(self.from_b - self.paid_from_b)
