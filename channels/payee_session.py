"""The payee's side of a channel, without keys, disk or chain."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Self

import msgspec
from msgspec.structs import replace

from chain.errors import InvalidSignature
from chain.refusals import InvalidAmount
from chain.signing import Signed
from chain.units import Amount, Hash32, Seconds, uint
from channels.channel import Channel
from channels.effects import GiveCredit, Keep
from channels.errors import (
    AmountExceedsDeposit,
    ChainWentBack,
    ChannelClosing,
    DepositNotFinal,
    NotEnough,
    NotOpen,
    PromiseDropped,
    PromiseExpired,
    WrongChannel,
    WrongEpoch,
    WrongPromises,
)
from channels.lane import NOTHING, Lane
from channels.promise import Promise
from channels.promise_errors import ExpiryTooLate, UnknownPromise
from channels.proven import Proven
from channels.voucher import NO_PROMISES, Voucher

Lapsed = Mapping[Hash32, Amount]
"""What the chain has recorded of promises that have expired: they come to no more. One not named may yet be kept."""
NONE_LAPSED: Lapsed = MappingProxyType({})
Effects = list[Keep[Signed[Voucher]] | GiveCredit]


class PayeeSession(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What the payee knows of one epoch: the lane as last seen, what is `accepted`, and what of that is `delivered`.

    `newest` is the voucher kept, with its `promises` and what is `proven` of them. Of the lane's deposit
    `unconfirmed` is not final yet, and the latest block has `pending` more. `refunded` is delivered money that its
    payer may spend again. While the payee tries to end the epoch it is `stopped`, once for
    each try: a newer voucher could be worth nothing, and what is not delivered yet is on its way back to the payer.
    All sums are base units in all.
    """

    channel: Channel
    lane: Lane
    accepted: Amount = NOTHING
    delivered: Amount = NOTHING
    refunded: Amount = NOTHING
    newest: Signed[Voucher] | None = None
    promises: tuple[Promise, ...] = ()
    proven: tuple[Proven, ...] = ()
    pending: Amount = NOTHING
    unconfirmed: Amount = NOTHING
    stopped: int = 0

    @classmethod
    def checked(cls, session: Self) -> Self:
        """A session that was read, not made by another one. Raises `OutOfRange`, `NotEnough`."""
        for name in ("accepted", "delivered", "refunded", "pending", "unconfirmed"):
            uint(name, getattr(session, name), 96)
        if session.left < 0 or session.refunded > session.delivered:
            raise NotEnough(session.delivered, session.accepted)
        return session

    @property
    def left(self) -> int:
        """What is accepted and can be delivered, in base units."""
        return self.accepted - self.delivered + self.refunded

    @property
    def at_most(self) -> int:
        """What the newest voucher can come to, if every promise is kept in full, in base units."""
        return self.accepted + sum([promise.amount for promise in self.promises])

    @property
    def owed(self) -> int:
        """What is accepted and not yet settled, in base units."""
        return self.accepted - self.lane.settled

    def receive(
        self, signed: Signed[Voucher], promises: tuple[Promise, ...] = (), lapsed: Lapsed = NONE_LAPSED
    ) -> tuple[Self, Effects]:
        """Effects come in the order they must happen: keep first, only then give credit.

        `promises` are those that the voucher's hash stands for; they give no credit before they are folded into an
        amount. One may be left out once it is in the amount, or `lapsed`: with all that it can come to. A voucher that
        is not newer is harmless and adds nothing. Raises `WrongChannel`, `InvalidSignature`,
        `WrongEpoch`, `WrongPromises`, `PromiseDropped`, `NotOpen`, `ChannelClosing`, `AmountExceedsDeposit`,
        `DepositNotFinal`.
        """
        voucher = signed.message
        self._require_ours(signed)
        total = voucher.cumulative_amount
        if not promises and voucher.promises != NO_PROMISES:
            raise WrongPromises(NO_PROMISES, voucher.promises)
        if promises or self.promises:
            if not self.is_newer(voucher):
                return self, [GiveCredit(NOTHING)]
            self._require_nothing_lost(voucher, promises, lapsed)
        elif total <= self.accepted:
            return self, [GiveCredit(NOTHING)]
        self._require_covered(total + sum([promise.amount for promise in promises]) if promises else total)
        effects: Effects = [Keep(signed, promises), GiveCredit(Amount(total - self.accepted))]
        if not self.promises and not promises:
            return replace(self, accepted=total, newest=signed), effects
        hashes = {promise.struct_hash() for promise in promises}
        proven = tuple(known for known in self.proven if known.hash in hashes)
        return replace(self, accepted=total, newest=signed, promises=promises, proven=proven), effects

    def require_recordable(self, promises: tuple[Promise, ...], latest: Seconds) -> None:
        """A close asked for now would keep money for promises that expire by `latest`, for no later one.

        What the newest voucher carries already was judged when it came. Raises `ExpiryTooLate`.
        """
        for promise in promises:
            if promise.expiry > latest and promise not in self.promises:
                raise ExpiryTooLate(promise.expiry, latest)

    def prove(self, proven: Proven, now: Seconds) -> Self:
        """With what a condition, asked by whoever can, releases for a proof, or with what is recorded of a promise.

        The most counts: nothing shown is ever taken back, nor is what was given up. Raises `UnknownPromise`, and
        `PromiseExpired` for what is not recorded yet.
        """
        if proven.promise not in self.promises:
            raise UnknownPromise(proven.hash)
        if now >= proven.promise.expiry and not proven.recorded:
            raise PromiseExpired(now, proven.promise.expiry)
        before = [known for known in self.proven if known.promise == proven.promise]
        others = tuple(known for known in self.proven if known.promise != proven.promise)
        best = max([proven, *before], key=lambda known: known.released)
        recorded = max(known.recorded for known in [proven, *before])
        is_last = any(known.is_last for known in [proven, *before])
        return replace(self, proven=(*others, replace(best, recorded=recorded, is_last=is_last)))

    def deliver(self, price: Amount) -> Self:
        """Spends accepted money on goods. Raises `InvalidAmount`, `NotEnough`."""
        if price <= 0:
            raise InvalidAmount
        if price > self.left:
            raise NotEnough(price, self.left)
        return replace(self, delivered=Amount(self.delivered + price))

    def refund(self, amount: Amount) -> Self:
        """Gives delivered money back, to be spent again, or returned at the close.

        Raises `InvalidAmount`, `NotEnough`, `ChannelClosing`: what a close gives back is settled when it begins.
        """
        if self.stopped:
            raise ChannelClosing(self.channel.id, self.lane.closes_at)
        if amount <= 0:
            raise InvalidAmount
        if amount > self.delivered - self.refunded:
            raise NotEnough(amount, self.delivered - self.refunded)
        return replace(self, refunded=Amount(self.refunded + amount))

    @property
    def unspent(self) -> int:
        """What was refunded and not spent again: it goes back to the payer at the close, in base units."""
        return min(self.left, self.refunded)

    @property
    def keepable(self) -> Amount:
        """What the payee takes at a close unless it says otherwise: no more than the deposit covers."""
        return Amount(max(min(self.accepted, self.lane.deposit) - self.unspent, self.lane.settled))

    @property
    def claimable(self) -> bool:
        """Whether the chain would pay for the newest voucher, with what is recorded of its promises."""
        if self.newest is None:
            return False
        recorded = sum([known.recorded for known in self.proven]) if self.proven else 0
        return self.newest.message.cumulative_amount + recorded > self.lane.settled

    def stop(self) -> Self:
        """Accepts, delivers and refunds nothing more in this epoch."""
        return replace(self, stopped=self.stopped + 1)

    def go_on(self) -> Self:
        """Takes one `stop` back; another one stays."""
        return replace(self, stopped=max(self.stopped - 1, 0))

    @property
    def exposure(self) -> tuple[int, int]:
        """Money at risk, and what of it a reorganisation of the chain could leave without a deposit, in base units."""
        if not self.unconfirmed:
            return self.owed, 0
        return self.owed, max(self.accepted - max(self.lane.deposit - self.unconfirmed, self.lane.settled), 0)

    def see(self, lane: Lane, pending: Amount = NOTHING, unconfirmed: Amount = NOTHING) -> Self:
        """With the chain's word; a later epoch starts at nothing. Raises `ChainWentBack`.

        What is settled is accepted, whoever claimed it: no voucher is safer than money on chain.
        """
        if lane.epoch < self.lane.epoch:
            raise ChainWentBack(lane.epoch, self.lane.epoch)
        if lane.epoch > self.lane.epoch:
            newer = type(self)(channel=self.channel, lane=lane, accepted=lane.settled)
        else:
            newer = replace(self, lane=lane, accepted=max(self.accepted, lane.settled))
        return replace(newer, pending=pending, unconfirmed=unconfirmed)

    def _require_ours(self, signed: Signed[Voucher]) -> None:
        voucher = signed.message
        if voucher.channel_id != self.channel.id:
            raise WrongChannel(voucher.channel_id, self.channel.id)
        if signed.signer != self.channel.signer:
            raise InvalidSignature(signed.signer, self.channel.signer)
        if voucher.epoch != self.lane.epoch:
            raise WrongEpoch(voucher.epoch, self.lane.epoch)

    def _require_covered(self, total: int) -> None:
        lane = self.lane
        if not lane.is_open and not self.pending:
            raise NotOpen(self.channel.id)
        if lane.closes_at or self.stopped:
            raise ChannelClosing(self.channel.id, lane.closes_at)
        if total > lane.deposit:
            if total <= lane.deposit + self.pending:
                raise DepositNotFinal(total, lane.deposit, self.pending)
            raise AmountExceedsDeposit(total, lane.deposit)

    def is_newer(self, voucher: Voucher) -> bool:
        """One of the same amount may carry other promises."""
        if voucher.cumulative_amount != self.accepted:
            return voucher.cumulative_amount > self.accepted
        return self.newest is None or voucher.promises != self.newest.message.promises

    def _require_nothing_lost(self, voucher: Voucher, promises: tuple[Promise, ...], lapsed: Lapsed) -> None:
        """A promise that is left out must be in the amount with all that it can come to."""
        held = self.newest.message.cumulative_amount if self.newest else NOTHING
        room = voucher.cumulative_amount - held
        for promise in set(self.promises).difference(promises):
            room -= self._may_come_to(promise, lapsed)
            if room < 0:
                raise PromiseDropped(promise.struct_hash(), -room)

    def _may_come_to(self, promise: Promise, lapsed: Lapsed) -> int:
        known = next((proven for proven in self.proven if proven.promise == promise), None)
        recorded = lapsed.get(promise.struct_hash())
        if recorded is not None:
            return max(recorded, known.recorded) if known else recorded
        return max(known.released, known.recorded) if known and known.is_last else promise.amount


def prudent(final: Lane, latest: Lane, unconfirmed: int | None = 0) -> tuple[Lane, Amount, Amount]:
    """What a payee may count on; how much of its deposit is not final, and how much more the latest block has.

    That is what is final, at most `unconfirmed` more where the latest block has it (None: all of it), and no deposit
    where a later block has ended the epoch already. A close that a later block requests counts at once; one that it
    takes back, only when that is final.
    """
    if final.epoch != latest.epoch:
        return dataclasses.replace(final, deposit=NOTHING), NOTHING, NOTHING
    coming = max(latest.deposit - final.deposit, 0)
    counted = coming if unconfirmed is None else min(coming, unconfirmed)
    closes_at = max(final.closes_at, latest.closes_at)
    lane = dataclasses.replace(final, deposit=Amount(final.deposit + counted), closes_at=closes_at)
    return lane, Amount(counted), Amount(coming - counted)
