"""What a payee's store hands out and takes in."""

import dataclasses
from collections.abc import Mapping
from typing import Self

import msgspec
from msgspec.structs import replace

from chain.signing import Signed, with_right_v
from chain.typed_data import Domain
from chain.units import Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.exposure import ChannelExposure, Exposure, Limits, OverLimit
from channels.lane import NOTHING, Lane
from channels.payee_session import NONE_LAPSED, Lapsed, PayeeSession, prudent
from channels.promise import Promise
from channels.voucher import SignedVoucher, Voucher

UNKNOWN = Seconds(0)
"""Money whose age nobody knows is older than any wait."""


class Book(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One epoch of one channel. `included` is the most that a block had settled, final or not; `seen_at` is in
    milliseconds. While anything is owed none of it was accepted before second `unsettled_since`, by the payee's clock;
    zero where nobody knows.
    """

    session: PayeeSession
    included: Amount = NOTHING
    seen_at: int
    unsettled_since: Seconds = UNKNOWN

    def voucher(self, domain: Domain) -> SignedVoucher | None:
        """The newest kept, as the contract takes it."""
        session = self.session
        if session.newest is None:
            return None
        voucher = session.newest.message
        signature = with_right_v(domain, voucher, session.newest.signature, session.channel.signer)
        return SignedVoucher(channel=session.channel, voucher=voucher, signature=signature, promises=session.promises)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One look at the chain: the lane that counts, with `unconfirmed` of its deposit not final, and `pending` more in
    the latest block; that block's lane; `at` in milliseconds.
    """

    lane: Lane
    unconfirmed: Amount
    pending: Amount
    latest: Lane
    at: int

    @classmethod
    def of(cls, final: Lane, latest: Lane, at: int, unconfirmed: int | None) -> Self:
        """What a payee counts on of these, which takes so much of an unconfirmed deposit; None is all."""
        lane, counted, pending = prudent(final, latest, unconfirmed)
        return cls(lane=lane, unconfirmed=counted, pending=pending, latest=latest, at=at)

    def counting(self, session: PayeeSession) -> Self:
        """With no more of the deposit than the session counts on already; the rest is pending."""
        if session.lane.epoch != self.lane.epoch:
            session = PayeeSession(channel=session.channel, lane=Lane(epoch=self.lane.epoch))
        deposit = min(self.lane.deposit, session.lane.deposit)
        confirmed = min(self.lane.deposit - self.unconfirmed, session.lane.deposit - session.unconfirmed)
        return replace(
            self,
            lane=dataclasses.replace(self.lane, deposit=deposit),
            unconfirmed=Amount(deposit - confirmed),
            pending=Amount(self.pending + self.lane.deposit - deposit),
        )

    def by(self, session: PayeeSession) -> PayeeSession:
        """The session after this look. Raises `ChainWentBack`."""
        return session.see(self.lane, self.pending, self.unconfirmed)


class Newer(msgspec.Struct, frozen=True, gc=False):
    """A voucher to be kept, if the channel is still as in `before`, which then is as in `after`; it came at second `at`
    of the payee's clock. Of promises that it leaves out these have `lapsed`.
    """

    before: PayeeSession
    after: PayeeSession
    signed: Signed[Voucher]
    at: Seconds
    lapsed: Lapsed = NONE_LAPSED

    @property
    def since(self) -> Seconds | None:
        """Since when something is owed, where nothing was before."""
        return owed_since(self.before, self.at)

    @property
    def left_out(self) -> dict[Promise, Amount]:
        """The promises that it carries no more, with the most that it pays for each, in base units."""
        gone = [promise for promise in self.before.promises if promise not in self.after.promises]
        return {promise: self.lapsed.get(promise.struct_hash(), promise.amount) for promise in gone}

    def exposing(self, total: tuple[int, int]) -> tuple[int, int]:
        """What is at risk over all channels, and not confirmed of it, with this one kept."""
        before, after = self.before.exposure, self.after.exposure
        return total[0] - before[0] + after[0], total[1] - before[1] + after[1]

    def over(self, limits: Limits, total: tuple[int, int]) -> OverLimit | None:
        """Which limit keeping it would pass."""
        before = self.before
        channel = ChannelExposure(
            accepted=before.accepted,
            settled=before.lane.settled,
            deposit=Amount(before.lane.deposit - before.unconfirmed),
        )
        exposure = Exposure(at_risk=total[0], unconfirmed=total[1])
        try:
            limits.require(exposure, channel, self.after.accepted - before.accepted)
        except OverLimit as over:
            return over
        return None


def owed_since(before: PayeeSession, at: Seconds) -> Seconds | None:
    """Of what comes at second `at` to a session; None: older money is owed already, and stays the oldest."""
    return None if before.claimable else at


class Order(msgspec.Struct, frozen=True, gc=False):
    """Goods by key, each for its price in base units, at a second: all of them or none, and each once for its key."""

    channel_id: ChannelId
    prices: Mapping[str, Amount]
    at: Seconds


class Delivered(msgspec.Struct, frozen=True, gc=False):
    """What stood in the books with a delivery, in base units: it is answered the same however often it is asked.

    `delivered` is less what was refunded then; `left` is what could still be delivered. Of the price itself `refunded`
    has been refunded since.
    """

    price: Amount
    delivered: Amount
    left: Amount
    refunded: Amount = NOTHING


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery as the store has it; `refunded` of its price in all."""

    channel_id: ChannelId
    key: str
    epoch: int
    at: Seconds
    price: Amount
    refunded: Amount


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What a transaction of the payee's paid of one epoch, in base units."""

    channel_id: ChannelId
    epoch: int
    transaction_hash: bytes
    amount: Amount
    at: Seconds


class Fee(msgspec.Struct, frozen=True, kw_only=True):
    """What a transaction of the payee's cost, in the native currency's base units."""

    transaction_hash: bytes
    amount: int
    at: Seconds


class MeterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One chain of ticks, known by its first promise: `opening` is the newest one's JSON text, `tip` the newest tick.

    `served` is what of its ticks stands in the epoch's `delivered`, in base units: what is accepted is served at once.
    """

    channel_id: ChannelId
    promise_hash: Hash32
    epoch: int
    opening: str
    position: int
    tip: Hash32
    served: Amount = NOTHING


class Advance(msgspec.Struct, frozen=True):
    """A meter as it is to be kept, if the one that is kept is still at position `before`, and the channel at `settled`.

    What was settled since may be of these very ticks, and may have bought goods.
    """

    before: int
    after: MeterRow
    settled: Amount = NOTHING


class ChainRow(msgspec.Struct, frozen=True, kw_only=True):
    """A payer's chain of ticks: what its seed is derived from, and what its promises are made of."""

    salt: Hash32
    each: Amount
    count: int
