"""The payer's side of a channel, without keys, disk or chain."""

from typing import Self

import msgspec
from msgspec.structs import replace

from chain.refusals import InvalidAmount
from chain.signing import Signed
from chain.units import Amount, Hash32, Seconds, uint, within
from channels.channel import Channel
from channels.effects import Keep, Send
from channels.errors import (
    AmountExceedsDeposit,
    ChainWentBack,
    ChannelClosing,
    NothingToCorrect,
    NotOpen,
    OnlyGuessed,
    WrongChannel,
    WrongEpoch,
)
from channels.lane import NOTHING, Lane
from channels.promise import Promise, promises_hash
from channels.promise_errors import PromiseNotExpired, PromiseRecorded, PromisesOpen, UnknownPromise
from channels.voucher import Voucher

Effects = list[Keep[Voucher] | Send]


class PayerSession(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What the payer knows: the lane as last seen, all that it has `promised` in this epoch, and its open `promises`.

    `guessed` is the part of `promised` that no voucher kept here was for: nobody has shown that it was ever signed.
    `version` counts the vouchers of the channel: each is another message, and none is ever signed in two forms.
    """

    channel: Channel
    lane: Lane
    promised: Amount = NOTHING
    promises: tuple[Promise, ...] = ()
    guessed: Amount = NOTHING
    version: int = 0

    def __post_init__(self) -> None:
        uint("promised", self.promised, 96)
        within("guessed", self.guessed, 0, self.promised)
        uint("version", self.version, 63)

    @property
    def left(self) -> int:
        """What can still be promised, in base units."""
        return 0 if self._only_guesses else max(self.lane.deposit - self.at_most, 0)

    @property
    def at_most(self) -> int:
        """What the payee can come to, if every promise is kept in full, in base units."""
        return self.promised + sum(promise.amount for promise in self.promises)

    @property
    def newest(self) -> Voucher | None:
        """The voucher that was kept last, never one for what is only guessed."""
        signed = Amount(self.promised - self.guessed)
        return self._voucher(signed, self.promises) if signed or self.promises else None

    def pay(self, amount: Amount) -> tuple[Self, Effects]:
        """A voucher for `amount` more. It is kept before it is signed: no two vouchers are ever of one version.

        Raises `InvalidAmount`, `NotOpen`, `ChannelClosing`, `PromisesOpen`, `AmountExceedsDeposit`, `OnlyGuessed`.
        """
        if amount <= 0:
            raise InvalidAmount
        return self._newer(self.promised + amount, self.promises)

    def offer(self, promise: Promise) -> tuple[Self, Effects]:
        """A voucher with one promise more, for nothing yet. Raises as `pay`, and `TooManyPromises`."""
        if promise.amount <= 0:
            raise InvalidAmount
        return self._newer(self.promised, (*self.promises, promise))

    def fold(self, promise_hash: Hash32, released: Amount) -> tuple[Self, Effects]:
        """A voucher with what a proof has released of a promise, instead of the promise, whatever the channel's phase.

        The caller has asked the condition, or the chain's record. Raises `UnknownPromise`, `InvalidAmount`.
        """
        promise = self._open(promise_hash)
        if not 0 < released <= promise.amount:
            raise InvalidAmount
        return self._kept(Amount(self.promised + released), self._without(promise))

    def drop(self, promise_hash: Hash32, now: Seconds, recorded: int) -> tuple[Self, Effects]:
        """A voucher without a promise that has expired by the chain's time with nothing on record.

        Raises `UnknownPromise`, `PromiseNotExpired`, `PromiseRecorded`.
        """
        promise = self._open(promise_hash)
        if now < promise.expiry:
            raise PromiseNotExpired(now, promise.expiry)
        if recorded:
            raise PromiseRecorded(recorded)
        return self._kept(self.promised, self._without(promise))

    def renew(self, total: Amount, promises: tuple[Promise, ...]) -> tuple[Self, Effects]:
        """A voucher with part of a promise in its amount and the rest promised anew, whatever the channel's phase.

        In all it comes to no more than the one before, and its amount to no less. Raises `InvalidAmount`.
        """
        at_most = total + sum(promise.amount for promise in promises)
        if total < self.promised or at_most > self.at_most:
            raise InvalidAmount
        return self._kept(total, promises)

    def correct(self, shown: Signed[Voucher], promises: tuple[Promise, ...]) -> Self:
        """Goes on from a voucher of its own that its store had forgotten and the payee has kept.

        What the key has signed is owed, so only the key's own word is taken: `shown` was verified. Of two lists beside
        one amount the newer one has, of the promises that only one of them has, the one that expires last: a promise is
        left out once it has expired, and what is offered then expires later. Raises `WrongChannel`, `WrongEpoch`,
        `NothingToCorrect`: nobody is corrected twice by the same voucher.
        """
        voucher = shown.message
        tells_more = voucher.cumulative_amount == self.promised and (self.guessed or self._is_older(promises))
        if voucher.channel_id != self.channel.id or shown.signer != self.channel.signer:
            raise WrongChannel(voucher.channel_id, self.channel.id)
        if voucher.epoch != self.lane.epoch:
            raise WrongEpoch(voucher.epoch, self.lane.epoch)
        if voucher.cumulative_amount <= self.promised and not tells_more:
            raise NothingToCorrect(voucher.cumulative_amount, self.promised)
        return self._next(voucher.cumulative_amount, promises)

    def forgotten(self, before: Self) -> int:
        """What a correction of `before` has brought to light, in base units: a guess was never counted as spent.

        Beside an equal amount the promises of both vouchers count, for the payee may have either.
        """
        if self.promised > before.promised:
            return max(self.at_most - before.at_most + before.guessed, 0)
        return before.guessed + sum(promise.amount for promise in self.promises if promise not in before.promises)

    def see(self, lane: Lane) -> Self:
        """With the chain's word; a later epoch starts at nothing. Raises `ChainWentBack`.

        What is settled was promised, even if this store has forgotten by which voucher; where promises are open it may
        be theirs.
        """
        if lane.epoch < self.lane.epoch:
            raise ChainWentBack(lane.epoch, self.lane.epoch)
        if lane.epoch > self.lane.epoch:
            return replace(self, lane=lane, promised=lane.settled, promises=(), guessed=lane.settled)
        more = 0 if self.promises else max(lane.settled - self.promised, 0)
        return replace(self, lane=lane, promised=self.promised + more, guessed=self.guessed + more)

    @property
    def _only_guesses(self) -> bool:
        """What is settled is gone; a guess above that would be given away by a voucher on top of it."""
        return self.guessed > 0 and self.promised > self.lane.settled

    def _is_older(self, promises: tuple[Promise, ...]) -> bool:
        """A total order, so that a payee that shows old vouchers in turn leads nobody in a circle."""
        either = set(self.promises) ^ set(promises)
        last = max(either, key=lambda promise: (promise.expiry, promise.struct_hash()), default=None)
        return last in promises

    def _newer(self, total: int, promises: tuple[Promise, ...]) -> tuple[Self, Effects]:
        if not self.lane.is_open:
            raise NotOpen(self.channel.id)
        if self.lane.closes_at:
            raise ChannelClosing(self.channel.id, self.lane.closes_at)
        if self.lane.settled > self.promised:
            raise PromisesOpen(self.lane.settled, self.promised)
        at_most = total + sum(promise.amount for promise in promises) if promises else total
        if at_most > self.lane.deposit:
            raise AmountExceedsDeposit(at_most, self.lane.deposit)
        if self._only_guesses:
            raise OnlyGuessed(self.promised, self.lane.settled)
        return self._kept(Amount(total), promises)

    def _kept(self, total: Amount, promises: tuple[Promise, ...]) -> tuple[Self, Effects]:
        voucher = self._voucher(total, promises)
        return self._next(total, promises), [Keep(voucher, promises), Send(voucher, promises)]

    def _next(self, signed: Amount, promises: tuple[Promise, ...]) -> Self:
        return replace(self, promised=signed, promises=promises, guessed=NOTHING, version=self.version + 1)

    def _open(self, promise_hash: Hash32) -> Promise:
        for promise in self.promises:
            if promise.struct_hash() == promise_hash:
                return promise
        raise UnknownPromise(promise_hash)

    def _without(self, promise: Promise) -> tuple[Promise, ...]:
        return tuple(other for other in self.promises if other != promise)

    def _voucher(self, total: Amount, promises: tuple[Promise, ...]) -> Voucher:
        channel_id, epoch = self.channel.id, self.lane.epoch
        if not promises:
            return Voucher(channel_id=channel_id, epoch=epoch, cumulative_amount=total)
        listed = promises_hash(promises)
        return Voucher(channel_id=channel_id, epoch=epoch, cumulative_amount=total, promises=listed)
