# Generated from channels/aio/lane_base.py by make fix; edit that one.
"""What every part of the lanes' client stands on: reading a lane, and taking it from a step's own events."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chain.money import Money
from chain.units import MAX_AMOUNT, Address
from channels.chain_lane import ChainLane, LaneReserve
from channels.channel import Channel, ChannelId
from channels.lane import Lane, LaneBooks
from channels.promise import Promise
from channels.reserve import Reserve
from channels.sync.base import ChannelsClient
from channels.voucher import SignedVoucher

if TYPE_CHECKING:
    from chain.receipt import Receipt
    from chain.sync.chain import AsOf

ENDS = frozenset({"Closed", "Withdrawn"})
"""These events carry the lane as it was at its end."""


class LaneBase(ChannelsClient[Channel, Promise]):
    """Reads are of the final block, unless `as_of` says otherwise: the latest may still be undone."""

    contract = "VoucherChannels"

    def show(self, channel: Channel, *, as_of: "AsOf" = "final") -> ChainLane:
        """The lane as the chain has it."""
        return self._shown(channel, self.lane(channel.id, as_of=as_of))

    def lane(self, channel_id: ChannelId, *, as_of: "AsOf" = "final") -> Lane:
        """What the chain keeps under an id: all that can be known without the descriptor."""
        deposit, settled, closes_at, epoch, reserved = self.chain.call(self.contract, "laneOf", channel_id, as_of=as_of)
        return Lane(deposit=deposit, settled=settled, closes_at=closes_at, epoch=epoch, reserved=reserved)

    def reserve(self, channel: Channel, epoch: int, *, as_of: "AsOf" = "final") -> LaneReserve:
        """What an epoch keeps for its promises."""
        kept, lane = self.kept(channel.id, epoch, as_of), self.lane(channel.id, as_of=as_of)
        return LaneReserve.of(channel, epoch, kept, lane, self.chain.token(channel.token))

    def worth(self, voucher: SignedVoucher, *, as_of: "AsOf" = "final") -> Money:
        """What a voucher is worth in all by what is recorded of its promises, whatever the deposit covers."""
        books = self._books(voucher, as_of)
        shown = voucher.shown
        token = self.chain.token(voucher.channel.token)
        return token.units(min(shown.worth(books.recorded(shown.epoch, shown.leaves)), MAX_AMOUNT))

    def _books(self, voucher: SignedVoucher, as_of: "AsOf") -> LaneBooks:
        """What the contract looks at when it is shown a voucher."""
        channel_id, shown = voucher.channel.id, voucher.shown
        lane, epoch = self.lane(channel_id, as_of=as_of), shown.epoch
        is_ending = lane.epoch != epoch or lane.closes_at
        reserves = {epoch: self.kept(channel_id, epoch, as_of)} if is_ending else {}
        records = {(epoch, leaf): self._recorded(channel_id, epoch, leaf, as_of) for leaf in shown.leaves}
        return LaneBooks(lane=lane, reserves=reserves, records=records)

    def kept(self, channel_id: ChannelId, epoch: int, as_of: "AsOf") -> Reserve:
        """What the chain keeps for the promises of one epoch, as the machine knows it."""
        ceiling, settled, time, withdrawn = self.chain.call(self.contract, "reservedOf", channel_id, epoch, as_of=as_of)
        return Reserve(ceiling=ceiling, settled=settled, time=time, withdrawn=withdrawn)

    def _shown(self, channel: Channel, lane: Lane) -> ChainLane:
        return ChainLane.of(channel, lane, self.chain.token(channel.token))

    def _step(self, verb: str, event: str, channel: Channel, *args: Any) -> ChainLane:
        return self._left(channel, self._send(verb, channel.calldata, *args), event)

    def _left(self, channel: Channel, receipt: "Receipt", event: str) -> ChainLane:
        """As the step left it, by its own event: a node that lags could still answer an older state."""
        shown = self._shown(channel, Lane.from_word(receipt.event(event).args["lane"]))
        if event not in ENDS:
            return replace(shown, receipt=receipt)
        return replace(self._shown(channel, shown.lane.ended()), ended=shown, receipt=receipt)

    def _sums(self, units: Mapping[Address, int]) -> tuple[Money, ...]:
        """One a token in which anything was paid."""
        return tuple([(self.chain.token(token)).units(paid) for token, paid in units.items() if paid])
