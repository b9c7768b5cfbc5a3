"""What a small test payment has shown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chain.money import Money

if TYPE_CHECKING:
    from chain.receipt import Receipt


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """`receipt` is final; `rest` is what was not sent. Whether the payee has the money only the payee can tell."""

    receipt: "Receipt"
    rest: Money
