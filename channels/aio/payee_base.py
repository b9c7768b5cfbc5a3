"""What every part of the paid end stands on: who it is, what it takes, and what it last saw of a channel."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from chain.money import Token
from chain.signer import Signer
from chain.units import NOBODY, Address, Seconds
from channels.aio.lanes import AsyncLanes
from channels.aio.reader import AsyncReader
from channels.channel import Channel, ChannelId
from channels.edge import seconds_of
from channels.errors import NotPayee, TokenRefused, WindowTooShort
from channels.intake.verifying import AsyncVerifier
from channels.limits import Limits, accepting
from channels.payee_session import PayeeSession
from channels.promise import Promise
from channels.promise_errors import ConditionRefused
from channels.records import TillLane
from channels.stores.opening import AsyncStores, Store

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain
    from chain.receipt import Receipt


class AsyncPayeeBase:
    """Channels to one key. It counts on deposits that are final and on vouchers that are on disk, on nothing else.

    `tokens` are those it takes, by default the network's, `conditions` those whose promises it takes, by default
    Earnest's own; `min_closing_period` is the network's shortest by default; `limits`, one a token, say how much it
    risks. It looks at the chain again when what it saw is older than `refresh` by `clock`, and believes no node that
    is more than `max_lag` behind. Under a finality with a stake it takes the stake's token alone, and waits as deep as
    the limit `at_risk` asks, which is the stake by default. All verbs raise `StoreError`, and `UnknownLane` for a
    channel that has never shown a voucher here.
    """

    def __init__(
        self,
        chain: "AsyncChain",
        signer: Signer,
        store: Store | str | Path = "till.db",
        *,
        tokens: Collection[Token] | None = None,
        conditions: Collection[Address] | None = None,
        min_closing_period: timedelta | None = None,
        limits: Limits | Sequence[Limits] = (),
        refresh: timedelta = timedelta(seconds=30),
        max_lag: timedelta = timedelta(minutes=5),
        clock: Callable[[], float] = time.time,
    ) -> None:
        from chain.contracts import CONDITIONS, address_of  # it brings eth_abi, for which a payer need not wait

        self.chain, self.signer, self._clock = chain, signer, clock
        stake = chain.network.final.stake
        self._limits = accepting(limits, stake)
        self._known_tokens: dict[Address, Token] = {}
        self._on_their_way: dict[ChannelId, str] = {}
        self._lanes = AsyncLanes(chain, signer)
        self._till = AsyncStores.till(store, self._lanes.domain)
        self._verifier = AsyncVerifier(self._lanes.domain)
        self._reader = AsyncReader(self._lanes, self._till, self._limits, refresh=refresh, max_lag=max_lag, clock=clock)
        known = {NOBODY, *chain.network.tokens.values()}
        wanted = known if tokens is None else {token.address for token in tokens}
        self._tokens = wanted if stake is None else wanted & {stake.token.address}
        self._conditions = frozenset(map(address_of, CONDITIONS) if conditions is None else conditions)
        if min_closing_period is None:
            min_closing_period = timedelta(seconds=chain.network.shortest_closing_period)
        self._shortest = seconds_of("min_closing_period", min_closing_period)

    async def disconnect(self) -> None:
        """Ends the connection to the store; the chain stays open."""
        await self._till.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.disconnect()

    @property
    def _second(self) -> Seconds:
        """By the payee's clock."""
        return Seconds(int(self._clock()))

    def _require_wanted(self, channel: Channel, promises: Iterable[Promise] = ()) -> None:
        """What costs nothing to refuse: before the signature is checked, and long before the chain is asked."""
        if channel.payee != self.signer.address:
            raise NotPayee(self.signer.address, channel.payee)
        if channel.token not in self._tokens:
            raise TokenRefused(channel.token)
        if channel.window < self._shortest:
            raise WindowTooShort(channel.window, self._shortest)
        for promise in promises:
            if promise.condition not in self._conditions:
                raise ConditionRefused(promise.condition)

    async def _token(self, address: Address) -> Token:
        token = self._known_tokens.get(address)
        if token is None:
            token = self._known_tokens[address] = await self.chain.token(address)
        return token

    async def _session(self, channel_id: ChannelId) -> PayeeSession:
        return (await self._reader.known(channel_id)).session

    async def _record(self, session: PayeeSession, receipt: "Receipt | None" = None) -> TillLane:
        token, lane = await self._token(session.channel.token), session.lane
        return TillLane(
            channel=session.channel,
            epoch=lane.epoch,
            deposit=token.units(lane.deposit),
            settled=token.units(lane.settled),
            accepted=token.units(session.accepted),
            delivered=token.units(session.delivered - session.refunded),
            owed=token.units(session.owed),
            closes_at=lane.closes_at,
            receipt=receipt,
        )
