"""What claiming brought."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chain.money import Money, Token
from channels.channel import ChannelId
from channels.shown import Shown

if TYPE_CHECKING:
    from chain.receipt import Receipt


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped(Shown):
    """A channel whose voucher the contract would refuse now; `why` names its error."""

    lane_id: ChannelId
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims(Shown):
    """What was `paid` (one sum a token), by which transactions, and what was left out."""

    paid: tuple[Money, ...] = ()
    receipts: "tuple[Receipt, ...]" = ()
    skipped: tuple[Skipped, ...] = ()

    def joined(self, other: "Claims") -> "Claims":
        """Both together."""
        paid = dict[Token, Money]()
        for money in self.paid + other.paid:
            paid[money.token] = paid[money.token] + money if money.token in paid else money
        receipts, skipped = self.receipts + other.receipts, self.skipped + other.skipped
        return Claims(paid=tuple(paid.values()), receipts=receipts, skipped=skipped)
