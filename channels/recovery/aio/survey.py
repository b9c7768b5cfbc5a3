"""The lanes of an account, from the chain alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chain.aio.history import AsyncHistory
from chain.copies import Ignored
from chain.units import Address, Amount, Hash32, Seconds
from channels.aio.lanes import AsyncLanes
from channels.channel import Channel, ChannelId
from channels.recovery.descriptors import described, lane_of
from channels.recovery.evidence import Place
from channels.recovery.found import FoundLane
from channels.voucher import SignedVoucher

_IDS = 100
"""Channels that one request for logs names."""


class AsyncLaneSurvey:
    """What is found is read in the latest block, and in the final one to tell what may still be undone."""

    def __init__(self, lanes: AsyncLanes, history: AsyncHistory, from_block: int) -> None:
        self._lanes, self._history, self._from = lanes, history, from_block

    async def opened(
        self, *, payer: Address | None = None, payee: Address | None = None
    ) -> tuple[list[Channel], list[Ignored]]:
        """Every channel that was ever opened between these, once each, and logs that name another one than they say."""
        topics = (None, payer, payee)
        events = await self._history.events(self._lanes.contract, ["Opened"], topics, from_block=self._from)
        found, refused = described(events, lane_of)
        return list(found.values()), refused

    async def read(self, channels: Sequence[Channel]) -> list[FoundLane]:
        """Each as it is now, with what was ever reserved of it."""
        kept, found = await self._reserved([channel.id for channel in channels]), list[FoundLane]()
        for number, channel in enumerate(channels, 1):
            final = await self._lanes.lane(channel.id)
            latest = await self._lanes.lane(channel.id, as_of="latest")
            epochs = sorted(kept.get(channel.id, set()))
            reserves = {epoch: await self._lanes.kept(channel.id, epoch, "latest") for epoch in epochs}
            found.append(FoundLane(channel=channel, final=final, latest=latest, reserves=reserves))
            self._history.step("reading lanes", number, len(channels))
        return found

    async def recorded(
        self, lanes: Iterable[FoundLane], vouchers: Mapping[Place, Sequence[SignedVoucher]]
    ) -> list[FoundLane]:
        """With what is on record of the vouchers' promises."""
        found = list[FoundLane]()
        for lane in lanes:
            records = dict[tuple[int, Hash32], Amount]()
            for (lane_id, epoch), those in vouchers.items():
                if lane_id == lane.channel.id:
                    records |= await self._records(lane.channel, epoch, those)
            found.append(replace(lane, records=records))
        return found

    async def now(self) -> Seconds:
        """The second that a claim would see."""
        return await self._lanes.chain.now()

    async def _records(
        self, channel: Channel, epoch: int, vouchers: Iterable[SignedVoucher]
    ) -> dict[tuple[int, Hash32], Amount]:
        promises = {promise.struct_hash(): promise for voucher in vouchers for promise in voucher.promises}
        return {
            (epoch, leaf): (await self._lanes.recorded(channel, epoch, promise, as_of="latest")).units
            for leaf, promise in promises.items()
        }

    async def _reserved(self, ids: Sequence[ChannelId]) -> dict[ChannelId, set[int]]:
        """Which epochs have ever reserved anything."""
        epochs = dict[ChannelId, set[int]]()
        for at in range(0, len(ids), _IDS):
            some = (ids[at : at + _IDS],)
            for event in await self._history.events(self._lanes.contract, ["Reserved"], some, from_block=self._from):
                epochs.setdefault(event.args["channelId"], set()).add(event.args["epoch"])
        return epochs
