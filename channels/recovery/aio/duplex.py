"""A party's two-way channels after the loss of its store."""

from collections.abc import Iterable, Sequence

from chain.aio.history import AsyncHistory, Progress
from chain.copies import BACKUP, Copy, Ignored
from chain.units import Address
from channels.aio.duplexes import AsyncDuplexes
from channels.channel import ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.fight import Fight
from channels.duplex.reserve import DuplexReserve
from channels.recovery.descriptors import described, duplex_of
from channels.recovery.duplex import DuplexReport, FoundDuplex, share_out, sort_states
from channels.stores.aio.standings import AsyncStandings


class AsyncDuplexRecovery:
    """It signs nothing, sends nothing, and never challenges: an old state would take what a newer one has given."""

    def __init__(
        self, duplexes: AsyncDuplexes, party: Address, *, from_block: int = 0, progress: Progress | None = None
    ) -> None:
        self._duplexes, self._party, self._from = duplexes, party, from_block
        self._history = AsyncHistory(duplexes.chain, progress)

    async def report(
        self, *, backup: AsyncStandings | None = None, copies: Iterable[Copy] = (), ignored: Iterable[Ignored] = ()
    ) -> DuplexReport:
        """What chain, an old store and the other party's copies of states together prove.

        Raises `ChainError`, `StoreError`.
        """
        old = [await backup.find(channel.id) for channel in await backup.channels()] if backup else []
        given = [Copy(what=one.memory.newest, source=BACKUP) for one in old if one.memory.newest.message.version]
        given += copies
        opened, refused = await self._opened()
        told = [*[one.channel for one in old], *[copy.what.channel for copy in given]]
        named = [channel for channel in told if self._party in (channel.party_a, channel.party_b)]
        channels = {channel.id: channel for channel in [*opened, *named]}
        found = await self._read(list(channels.values()))
        by_id = {one.channel.id: one for one in found}
        newest, bad = sort_states(given, by_id, self._party, self._duplexes.domain)
        rows = share_out(found, newest, self._party, await self._duplexes.chain.now())
        return DuplexReport(party=self._party, channels=rows, ignored=(*refused, *ignored, *bad))

    async def _opened(self) -> tuple[list[DuplexChannel], list[Ignored]]:
        found, refused = dict[ChannelId, DuplexChannel](), list[Ignored]()
        for topics in ((None, self._party), (None, None, self._party)):
            events = await self._history.events("DuplexChannels", ["Opened"], topics, from_block=self._from)
            channels, bad = described(events, duplex_of)
            found, refused = found | channels, [*refused, *bad]
        return list(found.values()), refused

    async def _read(self, channels: Sequence[DuplexChannel]) -> list[FoundDuplex]:
        found = []
        for number, channel in enumerate(channels, 1):
            final = await self._duplexes.duplex(channel.id)
            latest = await self._duplexes.duplex(channel.id, as_of="latest")
            fight = await self._fight(channel, latest.epoch)
            reserves = await self._reserves(channel)
            found.append(FoundDuplex(channel=channel, final=final, latest=latest, fight=fight, reserves=reserves))
            self._history.step("reading channels", number, len(channels))
        return found

    async def _fight(self, channel: DuplexChannel, epoch: int) -> Fight:
        asked = "fightOf", channel.id, epoch
        net, version, deadline, promises = await self._duplexes.chain.call("DuplexChannels", *asked, as_of="latest")
        return Fight(net=net, version=version, deadline=deadline, promises=promises)

    async def _reserves(self, channel: DuplexChannel) -> dict[int, DuplexReserve]:
        """Those with something left."""
        found = dict[int, DuplexReserve]()
        for event in await self._history.events("DuplexChannels", ["Reserved"], (channel.id,), from_block=self._from):
            epoch = event.args["epoch"]
            shown = await self._duplexes.reserve(channel, epoch, as_of="latest")
            if shown.from_a or shown.from_b:
                found[epoch] = DuplexReserve(
                    from_a=shown.from_a.units, from_b=shown.from_b.units, until=shown.until, promises=shown.promises
                )
        return found
