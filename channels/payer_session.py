"""The payer's side of a channel, without keys, disk or chain."""

from dataclasses import dataclass, replace
from typing import Self

from chain.refusals import InvalidAmount
from chain.units import Amount, uint
from channels.channel import Channel
from channels.effects import Keep, Send
from channels.errors import AmountExceedsDeposit, ChainWentBack, ChannelClosing, NotOpen
from channels.lane import NOTHING, Lane
from channels.voucher import Voucher


@dataclass(frozen=True, kw_only=True, slots=True)
class PayerSession:
    """What the payer knows: the lane as last seen, and all that it has `promised` in this epoch."""

    channel: Channel
    lane: Lane
    promised: Amount = NOTHING

    def __post_init__(self) -> None:
        uint("promised", self.promised, 96)

    @property
    def left(self) -> int:
        """What can still be promised, in base units."""
        return max(self.lane.deposit - self.promised, 0)

    @property
    def newest(self) -> Voucher | None:
        """The voucher for all that is promised."""
        return self._voucher(self.promised) if self.promised else None

    def pay(self, amount: Amount) -> tuple[Self, list[Keep[Voucher] | Send]]:
        """A voucher for `amount` more. It is kept before it is signed: no two vouchers ever bear one amount.

        Raises `InvalidAmount`, `NotOpen`, `ChannelClosing`, `AmountExceedsDeposit`.
        """
        if amount <= 0:
            raise InvalidAmount
        if not self.lane.is_open:
            raise NotOpen(self.channel.id)
        if self.lane.closes_at:
            raise ChannelClosing(self.channel.id, self.lane.closes_at)
        total = Amount(self.promised + amount)
        if total > self.lane.deposit:
            raise AmountExceedsDeposit(total, self.lane.deposit)
        voucher = self._voucher(total)
        return replace(self, promised=total), [Keep(voucher), Send(voucher)]

    def see(self, lane: Lane) -> Self:
        """With the chain's word; a later epoch starts at nothing. Raises `ChainWentBack`.

        What is settled was promised, even if this store has forgotten it.
        """
        if lane.epoch < self.lane.epoch:
            raise ChainWentBack(lane.epoch, self.lane.epoch)
        promised = self.promised if lane.epoch == self.lane.epoch else 0
        return replace(self, lane=lane, promised=Amount(max(promised, lane.settled)))

    def _voucher(self, total: Amount) -> Voucher:
        return Voucher(channel_id=self.channel.id, epoch=self.lane.epoch, cumulative_amount=total)
