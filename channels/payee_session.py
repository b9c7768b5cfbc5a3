"""The payee's side of a channel, without keys, disk or chain."""

from dataclasses import dataclass, replace
from typing import Self

from chain.errors import InvalidSignature
from chain.refusals import InvalidAmount
from chain.signing import Signed
from chain.units import Amount, uint
from channels.channel import Channel
from channels.effects import GiveCredit, Keep
from channels.errors import (
    AmountExceedsDeposit,
    ChainWentBack,
    ChannelClosing,
    NotEnough,
    NotOpen,
    PromisesNotUnderstood,
    WrongChannel,
    WrongEpoch,
)
from channels.lane import NOTHING, Lane
from channels.voucher import NO_PROMISES, Voucher


@dataclass(frozen=True, kw_only=True, slots=True)
class PayeeSession:
    """What the payee knows of one epoch: the lane as last seen, what is `accepted`, and what of that is `delivered`.

    `stopped`: the payee is ending the epoch, so a newer voucher could be worth nothing.
    """

    channel: Channel
    lane: Lane
    accepted: Amount = NOTHING
    delivered: Amount = NOTHING
    stopped: bool = False

    def __post_init__(self) -> None:
        uint("accepted", self.accepted, 96)
        uint("delivered", self.delivered, 96)
        if self.delivered > self.accepted:
            raise NotEnough(self.delivered, self.accepted)

    @property
    def left(self) -> int:
        """What is accepted and not yet delivered, in base units."""
        return self.accepted - self.delivered

    @property
    def owed(self) -> int:
        """What is accepted and not yet settled, in base units."""
        return self.accepted - self.lane.settled

    def receive(self, signed: Signed[Voucher]) -> tuple[Self, list[Keep[Signed[Voucher]] | GiveCredit]]:
        """Effects come in the order they must happen: keep first, only then give credit.

        A voucher that is not newer is harmless and adds nothing. Raises `WrongChannel`, `InvalidSignature`,
        `PromisesNotUnderstood`, `WrongEpoch`, `NotOpen`, `ChannelClosing`, `AmountExceedsDeposit`.
        """
        self._require_ours(signed)
        total = signed.message.cumulative_amount
        if total <= self.accepted:
            return self, [GiveCredit(NOTHING)]
        self._require_covered(total)
        return replace(self, accepted=total), [Keep(signed), GiveCredit(Amount(total - self.accepted))]

    def deliver(self, price: Amount) -> Self:
        """Spends accepted money on goods. Raises `InvalidAmount`, `NotEnough`."""
        if price <= 0:
            raise InvalidAmount
        if price > self.left:
            raise NotEnough(price, self.left)
        return replace(self, delivered=Amount(self.delivered + price))

    def see(self, lane: Lane) -> Self:
        """With the chain's word; a later epoch starts at nothing. Raises `ChainWentBack`.

        What is settled is accepted, whoever claimed it: no voucher is safer than money on chain.
        """
        if lane.epoch < self.lane.epoch:
            raise ChainWentBack(lane.epoch, self.lane.epoch)
        if lane.epoch > self.lane.epoch:
            return replace(self, lane=lane, accepted=lane.settled, delivered=NOTHING, stopped=False)
        return replace(self, lane=lane, accepted=max(self.accepted, lane.settled))

    def _require_ours(self, signed: Signed[Voucher]) -> None:
        voucher = signed.message
        if voucher.channel_id != self.channel.id:
            raise WrongChannel(voucher.channel_id, self.channel.id)
        if signed.signer != self.channel.signer:
            raise InvalidSignature(signed.signer, self.channel.signer)
        if voucher.promises != NO_PROMISES:
            raise PromisesNotUnderstood(voucher.promises)
        if voucher.epoch != self.lane.epoch:
            raise WrongEpoch(voucher.epoch, self.lane.epoch)

    def _require_covered(self, total: Amount) -> None:
        if not self.lane.is_open:
            raise NotOpen(self.channel.id)
        if self.lane.closes_at or self.stopped:
            raise ChannelClosing(self.channel.id, self.lane.closes_at)
        if total > self.lane.deposit:
            raise AmountExceedsDeposit(total, self.lane.deposit)


def prudent(final: Lane, latest: Lane) -> Lane:
    """What a payee may count on: what is final, and no deposit where a later block has ended the epoch already.

    A close that a later block requests counts at once; one that it takes back, only when that is final.
    """
    if final.epoch != latest.epoch:
        return replace(final, deposit=NOTHING)
    return replace(final, closes_at=max(final.closes_at, latest.closes_at))
