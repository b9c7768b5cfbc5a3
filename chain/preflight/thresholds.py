"""From where on something is too much."""

from dataclasses import dataclass, fields

from chain.units import within

_BOUNDS = {
    "shown_digits": (3, 20),
    "fee_bps": (0, 1_000_000),
    "high_bps": (10_000, 1_000_000),
    "rising_bps": (10_001, 1_000_000),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Thresholds:
    """`shown_digits` is how many hex digits at each end a person compares: wallets show four (0x1234...abcd).

    In parts of 10,000: `fee_bps` of the amount may be spent on the fee, `high_bps` of the last blocks' median is a high
    base fee, `rising_bps` of the base fee ten blocks ago a rising one. Raises `OutOfRange`.
    """

    shown_digits: int = 4
    fee_bps: int = 100
    high_bps: int = 20_000
    rising_bps: int = 12_500

    def __post_init__(self) -> None:
        for field in fields(self):
            within(field.name, getattr(self, field.name), *_BOUNDS[field.name])
