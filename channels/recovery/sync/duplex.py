# Generated from channels/recovery/aio/duplex.py by make fix; edit that one.
"""A party's two-way channels after the loss of its store."""

from collections.abc import Iterable, Sequence

from chain.copies import BACKUP, Copy, Ignored
from chain.sync.history import History, Progress
from chain.units import Address
from channels.channel import ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.fight import Fight
from channels.duplex.reserve import DuplexReserve
from channels.recovery.descriptors import described, duplex_of
from channels.recovery.duplex import DuplexReport, FoundDuplex, share_out, sort_states
from channels.stores.sync.standings import Standings
from channels.sync.duplexes import Duplexes


class DuplexRecovery:
    """It signs nothing, sends nothing, and never challenges: an old state would take what a newer one has given."""

    def __init__(
        self, duplexes: Duplexes, party: Address, *, from_block: int = 0, progress: Progress | None = None
    ) -> None:
        self._duplexes, self._party, self._from = duplexes, party, from_block
        self._history = History(duplexes.chain, progress)

    def report(
        self, *, backup: Standings | None = None, copies: Iterable[Copy] = (), ignored: Iterable[Ignored] = ()
    ) -> DuplexReport:
        """What chain, an old store and the other party's copies of states together prove.

        Raises `ChainError`, `StoreError`.
        """
        old = [backup.find(channel.id) for channel in backup.channels()] if backup else []
        given = [Copy(what=one.memory.newest, source=BACKUP) for one in old if one.memory.newest.message.version]
        given += copies
        opened, refused = self._opened()
        told = [*[one.channel for one in old], *[copy.what.channel for copy in given]]
        named = [channel for channel in told if self._party in (channel.party_a, channel.party_b)]
        channels = {channel.id: channel for channel in [*opened, *named]}
        found = self._read(list(channels.values()))
        by_id = {one.channel.id: one for one in found}
        newest, bad = sort_states(given, by_id, self._party, self._duplexes.domain)
        rows = share_out(found, newest, self._party, self._duplexes.chain.now())
        return DuplexReport(party=self._party, channels=rows, ignored=(*refused, *ignored, *bad))

    def _opened(self) -> tuple[list[DuplexChannel], list[Ignored]]:
        found, refused = dict[ChannelId, DuplexChannel](), list[Ignored]()
        for topics in ((None, self._party), (None, None, self._party)):
            events = self._history.events("DuplexChannels", ["Opened"], topics, from_block=self._from)
            channels, bad = described(events, duplex_of)
            found, refused = found | channels, [*refused, *bad]
        return list(found.values()), refused

    def _read(self, channels: Sequence[DuplexChannel]) -> list[FoundDuplex]:
        found = []
        for number, channel in enumerate(channels, 1):
            final = self._duplexes.duplex(channel.id)
            latest = self._duplexes.duplex(channel.id, as_of="latest")
            fight = self._fight(channel, latest.epoch)
            reserves = self._reserves(channel)
            found.append(FoundDuplex(channel=channel, final=final, latest=latest, fight=fight, reserves=reserves))
            self._history.step("reading channels", number, len(channels))
        return found

    def _fight(self, channel: DuplexChannel, epoch: int) -> Fight:
        asked = "fightOf", channel.id, epoch
        net, version, deadline, promises = self._duplexes.chain.call("DuplexChannels", *asked, as_of="latest")
        return Fight(net=net, version=version, deadline=deadline, promises=promises)

    def _reserves(self, channel: DuplexChannel) -> dict[int, DuplexReserve]:
        """Those with something left."""
        found = dict[int, DuplexReserve]()
        for event in self._history.events("DuplexChannels", ["Reserved"], (channel.id,), from_block=self._from):
            epoch = event.args["epoch"]
            shown = self._duplexes.reserve(channel, epoch, as_of="latest")
            if shown.from_a or shown.from_b:
                found[epoch] = DuplexReserve(
                    from_a=shown.from_a.units, from_b=shown.from_b.units, until=shown.until, promises=shown.promises
                )
        return found
