"""What every part of the lanes' client stands on: reading a lane, and taking it from a step's own events."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chain.money import Money
from chain.units import MAX_AMOUNT, Address
from channels.aio.base import AsyncChannelsClient
from channels.chain_lane import ChainLane, LaneReserve
from channels.channel import Channel, ChannelId
from channels.lane import Lane, LaneBooks
from channels.promise import Promise
from channels.reserve import Reserve
from channels.voucher import SignedVoucher

if TYPE_CHECKING:
    from chain.aio.chain import AsOf
    from chain.receipt import Receipt

ENDS = frozenset({"Closed", "Withdrawn"})
"""These events carry the lane as it was at its end."""


class AsyncLaneBase(AsyncChannelsClient[Channel, Promise]):
    """Reads are of the final block, unless `as_of` says otherwise: the latest may still be undone."""

    contract = "VoucherChannels"

    async def show(self, channel: Channel, *, as_of: "AsOf" = "final") -> ChainLane:
        """The lane as the chain has it."""
        return await self._shown(channel, await self.lane(channel.id, as_of=as_of))

    async def lane(self, channel_id: ChannelId, *, as_of: "AsOf" = "final") -> Lane:
        """What the chain keeps under an id: all that can be known without the descriptor."""
        deposit, settled, closes_at, epoch, reserved = await self.chain.call(
            self.contract, "laneOf", channel_id, as_of=as_of
        )
        return Lane(deposit=deposit, settled=settled, closes_at=closes_at, epoch=epoch, reserved=reserved)

    async def reserve(self, channel: Channel, epoch: int, *, as_of: "AsOf" = "final") -> LaneReserve:
        """What an epoch keeps for its promises."""
        kept, lane = await self.kept(channel.id, epoch, as_of), await self.lane(channel.id, as_of=as_of)
        return LaneReserve.of(channel, epoch, kept, lane, await self.chain.token(channel.token))

    async def worth(self, voucher: SignedVoucher, *, as_of: "AsOf" = "final") -> Money:
        """What a voucher is worth in all by what is recorded of its promises, whatever the deposit covers."""
        books = await self._books(voucher, as_of)
        shown = voucher.shown
        token = await self.chain.token(voucher.channel.token)
        return token.units(min(shown.worth(books.recorded(shown.epoch, shown.leaves)), MAX_AMOUNT))

    async def _books(self, voucher: SignedVoucher, as_of: "AsOf") -> LaneBooks:
        """What the contract looks at when it is shown a voucher."""
        channel_id, shown = voucher.channel.id, voucher.shown
        lane, epoch = await self.lane(channel_id, as_of=as_of), shown.epoch
        is_ending = lane.epoch != epoch or lane.closes_at
        reserves = {epoch: await self.kept(channel_id, epoch, as_of)} if is_ending else {}
        records = {(epoch, leaf): await self._recorded(channel_id, epoch, leaf, as_of) for leaf in shown.leaves}
        return LaneBooks(lane=lane, reserves=reserves, records=records)

    async def kept(self, channel_id: ChannelId, epoch: int, as_of: "AsOf") -> Reserve:
        """What the chain keeps for the promises of one epoch, as the machine knows it."""
        ceiling, settled, time, withdrawn = await self.chain.call(
            self.contract, "reservedOf", channel_id, epoch, as_of=as_of
        )
        return Reserve(ceiling=ceiling, settled=settled, time=time, withdrawn=withdrawn)

    async def _shown(self, channel: Channel, lane: Lane) -> ChainLane:
        return ChainLane.of(channel, lane, await self.chain.token(channel.token))

    async def _step(self, verb: str, event: str, channel: Channel, *args: Any) -> ChainLane:
        return await self._left(channel, await self._send(verb, channel.calldata, *args), event)

    async def _left(self, channel: Channel, receipt: "Receipt", event: str) -> ChainLane:
        """As the step left it, by its own event: a node that lags could still answer an older state."""
        shown = await self._shown(channel, Lane.from_word(receipt.event(event).args["lane"]))
        if event not in ENDS:
            return replace(shown, receipt=receipt)
        return replace(await self._shown(channel, shown.lane.ended()), ended=shown, receipt=receipt)

    async def _sums(self, units: Mapping[Address, int]) -> tuple[Money, ...]:
        """One a token in which anything was paid."""
        return tuple([(await self.chain.token(token)).units(paid) for token, paid in units.items() if paid])
