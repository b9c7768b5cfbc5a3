"""Money at the edge: an integer of base units that knows its token."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering

from chain.errors import Malformed, OutOfRange, TokenMismatch, TooPrecise
from chain.units import MAX_AMOUNT, NOBODY, Address, Amount

_DECIMAL = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """An ERC-20, or the native currency at the zero address. Calling it reads a decimal text: `usdc("19.99")`."""

    address: Address
    symbol: str
    decimals: int
    chain_id: int

    @property
    def is_native(self) -> bool:
        """Whether it is what gas is paid in, and no contract."""
        return self.address == NOBODY

    def __call__(self, text: "str | Decimal") -> "Money":
        """Whole tokens as text; a float can't hold most decimals, an int could mean either unit: `TypeError`.

        Raises `TooPrecise`, `Malformed`, `OutOfRange`.
        """
        if not isinstance(text, str | Decimal):
            raise TypeError(f"write {self.symbol} as text, as in token('19.99'), or token.units(...): not {text!r}")
        if isinstance(text, str) and not _DECIMAL.fullmatch(text):
            raise Malformed("amount", f"{text[:60]!r} is not a decimal number")
        value = Decimal(text)
        if not value.is_finite():
            raise Malformed("amount", f"{text} is not a number of {self.symbol}")
        if value.is_signed() or value.adjusted() > 40:
            raise OutOfRange("amount", text, 0, MAX_AMOUNT)
        return self.units(self._exact(value))

    def units(self, units: int) -> "Money":
        """`units` base units as money."""
        return Money(units=Amount(units), token=self)

    def _exact(self, value: Decimal) -> int:
        """Base units by whole numbers alone: decimal arithmetic would round to the digits of its context."""
        if not value:
            return 0
        _, digits, exponent = value.as_tuple()
        coefficient, places = int("".join(map(str, digits))), self.decimals + int(exponent)
        scale: int = 10 ** (places if places >= 0 else min(-places, len(digits)))
        if places >= 0:
            return coefficient * scale
        units, rest = divmod(coefficient, scale)
        if rest:
            raise TooPrecise(str(value), self.decimals, self.symbol)
        return units


@total_ordering
@dataclass(frozen=True, kw_only=True, slots=True)
class Money:
    """`units` base units of `token`, 0 to 2**96 - 1. Raises `OutOfRange` at birth."""

    units: Amount
    token: Token

    def __post_init__(self) -> None:
        if type(self.units) is not int or not 0 <= self.units <= MAX_AMOUNT:
            raise OutOfRange("amount", self.units, 0, MAX_AMOUNT)

    def __add__(self, other: "Money") -> "Money":
        return self.token.units(self.units + self._same(other))

    def __sub__(self, other: "Money") -> "Money":
        return self.token.units(self.units - self._same(other))

    def __lt__(self, other: "Money") -> bool:
        return self.units < self._same(other)

    def __bool__(self) -> bool:
        return self.units != 0

    def __str__(self) -> str:
        return f"{self.text} {self.token.symbol}"

    @property
    def text(self) -> str:
        """Whole tokens as a decimal text without trailing zeros beyond two places."""
        whole, rest = divmod(self.units, 10**self.token.decimals)
        places = f"{rest:0{self.token.decimals}d}".rstrip("0") if self.token.decimals else ""
        return f"{whole}.{places.ljust(2, '0')}" if places else str(whole)

    def to_json(self) -> dict[str, str]:
        """Base units as a decimal string; `text` is for people."""
        return {"units": str(self.units), "token": self.token.address, "text": str(self)}

    def _same(self, other: "Money") -> int:
        if not isinstance(other, Money):
            raise TypeError(f"{other!r} is not Money")
        if (other.token.address, other.token.chain_id) != (self.token.address, self.token.chain_id):
            raise TokenMismatch(str(self.token), str(other.token))
        return other.units
