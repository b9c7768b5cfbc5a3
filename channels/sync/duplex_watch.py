# Generated from channels/aio/duplex_watch.py by make fix; edit that one.
"""What a party of two-way channels looks at on chain before it says or hears anything."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from chain.errors import ChainError, EarnestError, NodeBehind, Reverted
from chain.units import Address, Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.party.asked import Asked, Proof
from channels.duplex.party.matter import Matter
from channels.duplex.party.view import View
from channels.duplex.promise import DuplexPromise
from channels.duplex.session import DuplexSession, Known, Sight
from channels.duplex.session.next_state import listed
from channels.stores.sync.standings import Standings
from channels.sync.duplexes import Duplexes

if TYPE_CHECKING:
    from chain.sync.chain import AsOf


class DuplexWatch:
    """A look counts for `refresh` by `clock`. Raises `ChainError`, and `NodeBehind` where the newest block would be
    older than the session's margin once the look is as old as it may be.
    """

    def __init__(
        self,
        duplexes: Duplexes,
        standings: Standings,
        *,
        refresh: timedelta,
        clock: Callable[[], float],
    ) -> None:
        self._duplexes, self._standings = duplexes, standings
        self._refresh, self._clock = refresh.total_seconds(), clock
        self._views: dict[ChannelId, View] = {}

    def view(self, channel: DuplexChannel, epoch: int, margin: Seconds, *, anew: bool) -> View:
        """The last look, if it may be used, is young and not of an epoch before `epoch`."""
        view = self._views.get(channel.id)
        if anew or view is None or view.final.duplex.epoch < epoch or not view.is_young(self._clock(), self._refresh):
            view = self._views[channel.id] = self._look(channel, margin)
        return view

    def known(
        self, session: DuplexSession, now: Seconds, matter: Matter, least: Mapping[Hash32, Amount] | None
    ) -> Known:
        """With what is recorded of the promises that the matter is about, and what their conditions say to its proofs.

        A record that pays us counts as soon as a block has it, one that we pay for only when it is final.
        """
        recorded: dict[Hash32, Amount] = {}
        answers: dict[tuple[Address, Hash32], dict[Proof, int]] = {}
        for leaf, promise in listed(session.newest).items():
            if not matter.every and leaf not in matter.shown:
                continue
            as_of: AsOf = "final" if promise.from_a == session.by_a else "latest"
            known = self._duplexes.recorded(session.channel, session.epoch, promise, as_of=as_of)
            recorded[leaf], shown = known.units, matter.shown.get(leaf)
            if shown is not None:
                released = self._released(session, promise, shown)
                place = answers.setdefault((promise.condition, promise.data_hash), {})
                place[session.subject(promise), shown] = released
        conditions = [Asked(address=at, data_hash=told, answers=said) for (at, told), said in answers.items()]
        return Known(now=now, recorded=recorded, least=least or {}, conditions=conditions)

    def _look(self, channel: DuplexChannel, margin: Seconds) -> View:
        at, now = self._clock(), self._duplexes.chain.now()
        behind, most = int(at) - now, int(margin - self._refresh)
        if behind > most:
            raise NodeBehind(behind, most)
        final = self._sight(channel, "final")
        return View(final=final, latest=self._sight(channel, "latest"), now=now, at=at)

    def _sight(self, channel: DuplexChannel, as_of: "AsOf") -> Sight:
        duplex = self._duplexes.duplex(channel.id, as_of=as_of)
        fight = self._duplexes.fight(channel, duplex.epoch, as_of=as_of)
        return Sight(duplex=duplex, fighting=fight.deadline != 0)

    def _released(self, session: DuplexSession, promise: DuplexPromise, shown: bytes) -> int:
        """What the condition itself answers; nothing where it reverts, or where nobody has told us what it was told."""
        data = self._standings.data(promise.data_hash)
        if data is None:
            return 0
        try:
            released = self._duplexes.released(session.channel, session.epoch, promise, data, shown)
        except EarnestError as error:
            if isinstance(error, ChainError) and not isinstance(error, Reverted):
                raise
            return 0
        return released.units
