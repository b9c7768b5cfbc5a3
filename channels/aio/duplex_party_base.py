"""What every part of a two-way channel's party stands on: its key, its store, and one step of a session."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from chain.errors import Malformed
from chain.money import Money
from chain.signer import Signer
from chain.units import Amount, Hash32, Seconds
from channels.aio.duplex_watch import AsyncDuplexWatch
from channels.aio.duplexes import AsyncDuplexes
from channels.channel import ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.errors import NotCovered, NotParty
from channels.duplex.party.kept import Kept
from channels.duplex.party.limits import DuplexLimits, by_token
from channels.duplex.party.matter import Matter, is_plain
from channels.duplex.party.records import PartyDuplex
from channels.duplex.party.view import View
from channels.duplex.session import (
    Change,
    DuplexSession,
    Effect,
    GiveCredit,
    Keep,
    Known,
    Limits,
    Memory,
    Message,
    Send,
    Step,
    Undone,
    resume,
)
from channels.duplex.session.errors import EpochForgotten, FightIsOn
from channels.duplex.session.message import signed, to_json
from channels.duplex.session.sight import first_unused
from channels.duplex.signed_state import SignedState
from channels.edge import LaneRef, id_of, units_of
from channels.errors import NotOpen, WrongEpoch
from channels.stores.opening import AsyncStores, Store

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain
    from chain.aio.preflight import AsyncPreflight
    from chain.receipt import Receipt

Rule = Callable[[DuplexSession, Known], Step]
Least = Mapping[Hash32, Money]
"""For how little a promise to us may go, by its hash."""
_NO_LIMITS = Limits()
_NOWHERE = (0, 0)
_MAY_BE_OVER = (EpochForgotten, FightIsOn, NotCovered, NotOpen, WrongEpoch)
"""What a newer look at the chain may tell otherwise."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one step has come to; `said` are its messages as JSON texts."""

    session: DuplexSession
    said: list[str]
    added: Amount
    undone: tuple[Change, ...]


class AsyncDuplexPartyBase:
    """Two-way channels of one key. What is signed is on disk before it is signed; whoever shares the store, no version
    is signed twice.

    Messages are JSON texts, for the other party alone, by any transport. A look at the chain counts for `refresh` by
    `clock` where only payments change; `limits`, one a token, say what the party agrees to. `preflight` is asked in
    full before a first deposit; without one only the addresses are looked at. All verbs raise `StoreError`,
    `ChainError` where the chain must answer and doesn't, and `UnknownLane` for a channel that was not joined here.
    """

    def __init__(
        self,
        chain: "AsyncChain",
        signer: Signer,
        store: Store | str | Path = "duplex.db",
        *,
        limits: DuplexLimits | Sequence[DuplexLimits] = (),
        refresh: timedelta = timedelta(seconds=30),
        clock: Callable[[], float] = time.time,
        preflight: "AsyncPreflight | None" = None,
    ) -> None:
        self.chain, self.signer = chain, signer
        self._limits = by_token(limits)
        shortest = min(limit.margin for limit in [_NO_LIMITS, *self._limits.values()])
        if refresh.total_seconds() >= shortest:
            raise Malformed("refresh", f"{refresh} is not shorter than the margin of {shortest} s")
        self._duplexes = AsyncDuplexes(chain, signer, preflight=preflight)
        self._sign = partial(signer.sign, self._duplexes.domain)
        self._standings = AsyncStores.duplex(store, self._duplexes.domain)
        self._watch = AsyncDuplexWatch(self._duplexes, self._standings, refresh=refresh, clock=clock)
        self._heard: dict[ChannelId, tuple[int, int]] = {}

    async def disconnect(self) -> None:
        """Ends the connection to the store; the chain stays open."""
        await self._standings.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.disconnect()

    async def show(self, channel: LaneRef) -> PartyDuplex:
        """What the store has, and the chain now."""
        session, _ = await self._session(id_of(channel), anew=True)
        return await self._record(session)

    async def newest(self, channel: LaneRef, *, epoch: int | None = None) -> SignedState:
        """The newest state that both signed, which a challenge or an answer on chain takes; anyone may answer with it.

        Of the newest epoch in which something was said, unless one is named. Asks only the store, and signs nothing
        anew; of an epoch without one it is version 0.
        """
        state = (await self._standings.find(id_of(channel), epoch)).memory.newest
        return state.signed(self._sign(state.message)) if state.message.version else state

    async def _take(
        self, channel_id: ChannelId, matter: Matter, rule: Rule, least: Mapping[Hash32, Amount] | None = None
    ) -> Done:
        """One step of the session; again where somebody else with this store was first, or the last look is too old."""
        anew = not matter.plain
        while True:
            session, now = await self._session(channel_id, anew=anew)
            known = await self._watch.known(session, now, matter, least)
            try:
                step = rule(session, known)
            except _MAY_BE_OVER:
                if anew:
                    raise
                anew = True
                continue
            done = await self._perform(*step)
            if done is not None:
                return done

    async def _resumed(self, channel_id: ChannelId) -> Done:
        return await self._take(channel_id, Matter(plain=True), lambda session, _: (session, resume(session)))

    async def _session(self, channel_id: ChannelId, *, anew: bool) -> tuple[DuplexSession, Seconds]:
        """As the store and the chain have it. A store that has gone back has lost its place with the other party."""
        heard = self._heard.get(channel_id)
        kept = await self._standings.find(channel_id)
        channel, memory, whole_from = kept
        gone_back = heard is not None and _place(memory) < heard
        limits, by_a = self._limits.get(channel.token, _NO_LIMITS), self._is_a(channel)
        anew = anew or not is_plain(memory)
        view = await self._watch.view(channel, memory.newest.message.epoch, limits.margin, anew=anew)
        if whole_from < 0 or gone_back:
            whole_from = await self._forgotten(kept, view)
        session = DuplexSession(
            channel=channel,
            domain=self._duplexes.domain,
            by_a=by_a,
            memory=memory,
            limits=limits,
            in_step=heard is not None and not gone_back,
            whole_from=whole_from,
        )
        return session.see(view.final, view.latest), view.now

    async def _forgotten(self, kept: Kept, view: View) -> int:
        """From which epoch on a store that is behind knows all: the first in which nothing was signed, by its own word,
        too. It is kept before anything is signed.
        """
        channel, memory, before = kept
        unused = max(first_unused(view.final, view.latest), memory.newest.message.epoch + bool(memory.revision))
        await self._standings.forgotten(channel.id, unused)
        return max(unused, before)

    async def _perform(self, after: DuplexSession, effects: list[Effect]) -> Done | None:
        """In their order; None, and nothing signed, where the store has another memory by now.

        To bring a close costs gas, so that is left to its owner.
        """
        said = list[str]()
        for effect in effects:
            if isinstance(effect, Keep) and not await self._standings.keep(effect.memory):
                return None
            if isinstance(effect, Send):
                said.append(self._text(effect.message))
        added = sum(effect.added for effect in effects if isinstance(effect, GiveCredit))
        undone = tuple(change for effect in effects if isinstance(effect, Undone) for change in effect.changes)
        if after.in_step and after.memory.revision:
            self._heard[after.channel.id] = _place(after.memory)
        elif after.in_step:  # An epoch in which nothing was said has no row that could be lost.
            self._heard.setdefault(after.channel.id, _NOWHERE)
        return Done(after, said, Amount(added), undone)

    def _text(self, message: Message) -> str:
        return json.dumps(to_json(signed(message, self._sign)))

    def _is_a(self, channel: DuplexChannel) -> bool:
        """Raises `NotParty` where this key signs for neither."""
        if self.signer.address not in (channel.signer_a, channel.signer_b):
            raise NotParty(self.signer.address)
        return self.signer.address == channel.signer_a

    def _units(self, channel: DuplexChannel, money: Money) -> Amount:
        return units_of(money, channel.token, self.chain.chain_id)

    def _least(self, channel: DuplexChannel, least: Least | None) -> dict[Hash32, Amount]:
        return {leaf: self._units(channel, money) for leaf, money in (least or {}).items()}

    async def _channel(self, channel: LaneRef) -> DuplexChannel:
        return (await self._standings.find(id_of(channel))).channel

    async def _record(self, session: DuplexSession, receipt: "Receipt | None" = None) -> PartyDuplex:
        earlier = await self._earlier(session)
        return PartyDuplex.of(session, await self.chain.token(session.channel.token), receipt, earlier)

    async def _earlier(self, session: DuplexSession) -> tuple[int, ...]:
        """Which ended epochs still keep something for the promises of their newest state."""
        memories, channel = await self._standings.memories(session.channel.id), session.channel
        ended = [memory.newest for memory in memories if memory.newest.message.epoch < session.epoch]
        epochs = [state.message.epoch for state in ended if state.promises]
        reserves = [await self._duplexes.reserve(channel, epoch, as_of="latest") for epoch in epochs]
        return tuple(reserve.epoch for reserve in reserves if reserve.from_a or reserve.from_b)


def _place(memory: Memory) -> tuple[int, int]:
    return memory.newest.message.epoch, memory.revision
