"""The paid end: it keeps vouchers, delivers against them, and claims them on chain."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from chain.errors import EarnestError, NotIncluded
from chain.money import Money, Token
from chain.signer import Signer
from chain.signing import Signed
from chain.units import NOBODY, Address, Amount
from channels.books import Books, books_of
from channels.chain_lane import ChainLane
from channels.channel import Channel, ChannelId
from channels.claims import Claims
from channels.client.reader import Reader
from channels.credit import Credit, Delivery
from channels.edge import LaneRef, id_of, seconds_of, units_of
from channels.effects import GiveCredit, Keep
from channels.errors import NotPayee, TokenRefused, WindowTooShort
from channels.payee_session import PayeeSession
from channels.records import TillLane
from channels.stores.till import Book, Till
from channels.sync.lanes import Lanes
from channels.voucher import SignedVoucher, Voucher

if TYPE_CHECKING:
    from chain.receipt import Receipt
    from chain.sync.chain import Chain

Sent = SignedVoucher | Mapping[str, Any] | str | bytes


class Payee:
    """Channels to one key. It counts on deposits that are final and on vouchers that are on disk, on nothing else.

    `tokens` are those it takes, by default the network's; `min_closing_period` is the network's shortest by default. It
    looks at the chain again when what it saw is older than `refresh` by `clock`. All verbs raise `StoreError`, and
    `UnknownLane` for a channel that has never shown a voucher here.
    """

    def __init__(
        self,
        chain: "Chain",
        signer: Signer,
        store: str | Path = "till.db",
        *,
        tokens: Collection[Token] | None = None,
        min_closing_period: timedelta | None = None,
        refresh: timedelta = timedelta(seconds=30),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.chain, self.signer = chain, signer
        self._lanes = Lanes(chain, signer)
        self._till = Till(store, self._lanes.domain)
        self._reader = Reader(self._lanes, self._till, refresh, clock)
        known = {NOBODY, *chain.network.tokens.values()}
        self._tokens = known if tokens is None else {token.address for token in tokens}
        if min_closing_period is None:
            min_closing_period = timedelta(seconds=chain.network.shortest_closing_period)
        self._shortest = seconds_of("min_closing_period", min_closing_period)

    def accept(self, voucher: Sent) -> Credit:
        """Durable on return. One that is not newer than what was kept is harmless and adds nothing.

        Raises `InvalidValue`, `InvalidMessage`, `Refused`, `NotOpen`, `NotPayee`; `ChainError` when the chain had to be
        asked and didn't answer: then nothing is kept.
        """
        sent = voucher if isinstance(voucher, SignedVoucher) else SignedVoucher.from_json(voucher)
        self._require_wanted(sent.channel)
        signed = sent.verified(self._lanes.domain)
        token = self.chain.token(sent.channel.token)
        while True:
            before = self._reader.fresh(sent).session
            newer, effects = before.receive(signed)
            added = self._perform(before, effects)
            if added is not None:
                return _credit(token, newer, added)

    def deliver(self, lane: LaneRef, price: Money, key: str) -> Delivery:
        """Spends accepted money on goods, exactly once a key of the channel: asked again, it answers the same.

        Raises `NotEnough`, `KeyReused` (the key stands for another price), `TokenMismatch`, `InvalidAmount`.
        """
        return self.deliver_many(lane, {key: price})[0]

    def deliver_many(self, lane: LaneRef, prices: Mapping[str, Money]) -> list[Delivery]:
        """A delivery for each key at its price, in order: all of them, or none, and one write to disk.

        Raises as `deliver`.
        """
        lane_id = id_of(lane)
        token = self._till.book(lane_id).session.channel.token
        units = {key: units_of(price, token, self.chain.chain_id) for key, price in prices.items()}
        sums = self._till.deliver_many(lane_id, units)
        return [_delivery(lane_id, key, prices[key], *both) for key, both in zip(units, sums, strict=True)]

    def claim(self, lane: LaneRef | None = None) -> Claims:
        """Claims everything that is owed, here or in one channel; `skipped` says what the chain would refuse now."""
        books = self._till.newest() if lane is None else [self._till.book(id_of(lane))]
        vouchers = [book.voucher for book in books if book.voucher and book.session.owed]
        claims = self._lanes.claim_many(vouchers)
        for voucher in vouchers:
            self._reader.look(voucher.channel.id)
        return claims

    def close(self, lane: LaneRef, take: Money | None = None) -> TillLane:
        """Ends the epoch now: takes `take` of what is accepted, all by default, and gives the rest of the deposit back.

        From its start nothing is accepted, and from its end nothing more delivered. Where it ends in `NotIncluded` it
        may still happen, so the channel stays stopped until a close succeeds.
        """
        channel_id = id_of(lane)
        before = self._till.book(channel_id)
        self._till.stop(before, stopped=True)
        book = self._till.book(channel_id)
        try:
            left = self._send_close(book, take)
        except NotIncluded:
            raise
        except EarnestError:
            self._till.stop(book, stopped=before.session.stopped)
            raise
        if left.ended:
            self._till.include(channel_id, left.ended.lane)
        return self._record(self._reader.look(channel_id).session, left.receipt)

    def show(self, lane: LaneRef) -> TillLane:
        """As the chain has it now."""
        return self._record(self._reader.look(id_of(lane)).session)

    def lanes(self) -> list[TillLane]:
        """Every channel, as last seen."""
        return [self._record(book.session) for book in self._till.newest()]

    def books(self) -> dict[Token, Books]:
        """The sums of every token, as last seen; what others claimed between that and an epoch's end is missing."""
        sessions = [book.session for book in self._till.books()]
        newest = {session.channel.id: session.lane.epoch for session in sessions}
        by_token: dict[Address, list[tuple[PayeeSession, bool]]] = {}
        for session in sessions:
            is_newest = newest[session.channel.id] == session.lane.epoch
            by_token.setdefault(session.channel.token, []).append((session, is_newest))
        tokens = {self.chain.token(address): epochs for address, epochs in by_token.items()}
        return {token: books_of(token, epochs) for token, epochs in tokens.items()}

    def disconnect(self) -> None:
        """Ends the connection to the store; the chain stays open."""
        self._till.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.disconnect()

    def _require_wanted(self, channel: Channel) -> None:
        """What costs nothing to refuse: before the signature is checked, and long before the chain is asked."""
        if channel.payee != self.signer.address:
            raise NotPayee(self.signer.address, channel.payee)
        if channel.token not in self._tokens:
            raise TokenRefused(channel.token)
        if channel.window < self._shortest:
            raise WindowTooShort(channel.window, self._shortest)

    def _perform(self, before: PayeeSession, effects: Sequence[Keep[Signed[Voucher]] | GiveCredit]) -> Amount | None:
        """None where the store had moved on since `before`: another process accepts, too."""
        for effect in effects:
            match effect:
                case Keep(signed):
                    if not self._till.keep(signed, before):
                        return None
                case GiveCredit(added):
                    return added
        return None

    def _send_close(self, book: Book, take: Money | None) -> ChainLane:
        session = book.session
        taken = self.chain.token(session.channel.token).units(session.accepted) if take is None else take
        return self._lanes.close(session.channel, taken, book.voucher, epoch=session.lane.epoch)

    def _record(self, session: PayeeSession, receipt: "Receipt | None" = None) -> TillLane:
        token, lane = self.chain.token(session.channel.token), session.lane
        return TillLane(
            channel=session.channel,
            epoch=lane.epoch,
            deposit=token.units(lane.deposit),
            settled=token.units(lane.settled),
            accepted=token.units(session.accepted),
            delivered=token.units(session.delivered),
            owed=token.units(session.owed),
            closes_at=lane.closes_at,
            receipt=receipt,
        )


def _credit(token: Token, session: PayeeSession, added: Amount) -> Credit:
    return Credit(
        added=token.units(added),
        accepted=token.units(session.accepted),
        delivered=token.units(session.delivered),
        settled=token.units(session.lane.settled),
    )


def _delivery(lane_id: ChannelId, key: str, price: Money, delivered: Amount, accepted: Amount) -> Delivery:
    total = price.token.units(delivered)
    return Delivery(lane_id=lane_id, key=key, price=price, delivered=total, left=price.token.units(accepted) - total)
