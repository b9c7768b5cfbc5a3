# Generated from channels/aio/payer_base.py by make fix; edit that one.
"""What every part of the paying end stands on: who it is, and what it knows of its channels."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from chain.money import Money
from chain.refusals import NotPayer
from chain.signer import Signer
from chain.units import Amount, Seconds
from channels.chain_lane import ChainLane
from channels.channel import Channel
from channels.edge import LaneRef, id_of, units_of
from channels.effects import Send
from channels.errors import PromiseExpired
from channels.exposure import OverLimit
from channels.limits import Limits, by_token
from channels.payer_session import Effects, PayerSession
from channels.promise import Promise
from channels.promise_errors import ExpiryTooLate
from channels.records import WalletLane
from channels.settlement.expiry import latest_expiry
from channels.stores.opening import Store, Stores
from channels.sync.lanes import Lanes
from channels.voucher import SignedVoucher, Voucher

if TYPE_CHECKING:
    from chain.receipt import Receipt
    from chain.sync.chain import Chain
    from chain.sync.preflight import Preflight

Step = Callable[[PayerSession], tuple[PayerSession, Effects]]


class PayerBase:
    """Channels of one key. It believes its own transactions once a block includes them: an undone deposit is its own.

    `spend`, one a token, limits what it promises, by `clock`; a promise counts in full when it is made. Verbs on chain
    raise what the contract says, `NotSent` and `NotIncluded`; all raise `StoreError`, and `UnknownLane` for a channel
    that this store did not open. `preflight` is asked in full before a channel is opened; without one only the
    addresses are looked at.
    """

    def __init__(
        self,
        chain: "Chain",
        signer: Signer,
        store: Store | str | Path = "wallet.db",
        *,
        spend: Limits | Sequence[Limits] = (),
        clock: Callable[[], float] = time.time,
        preflight: "Preflight | None" = None,
    ) -> None:
        self.chain, self.signer, self._clock = chain, signer, clock
        self._limits = {token: limit.spending() for token, limit in by_token(spend).items()}
        self._limits_in_all = {token: replace(limit, per_call=None) for token, limit in self._limits.items()}
        self._lanes = Lanes(chain, signer, preflight=preflight)
        self._wallet = Stores.wallet(store, self._lanes.domain)

    def disconnect(self) -> None:
        """Ends the connection to the store; the chain stays open."""
        self._wallet.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.disconnect()

    def _keep(self, lane: LaneRef, step: Step) -> list[SignedVoucher]:
        """What a rule makes of the session, on disk before the first of its vouchers is signed."""
        while True:
            before = self._session(lane)
            after, effects = step(before)
            limits, now = self._limits_in_all.get(before.channel.token), Seconds(int(self._clock()))
            if self._wallet.keep(before, after, limits, now):
                sends = [effect for effect in effects if isinstance(effect, Send)]
                return [self._signed(before.channel, send.voucher, send.promises) for send in sends]

    def _require_in_time(self, channel: Channel, expiry: Seconds) -> None:
        """A promise that a payee refuses would be in every later voucher, and stop them all.

        Raises `PromiseExpired`, `ExpiryTooLate`.
        """
        now = self.chain.now()
        if expiry <= now:
            raise PromiseExpired(now, expiry)
        latest = latest_expiry(channel, now)
        if expiry > latest:
            raise ExpiryTooLate(expiry, latest)

    def _call(self, channel: Channel, money: Money) -> Amount:
        """One payment's base units. Raises `TokenMismatch`, `OverLimit`."""
        units, limits = units_of(money, channel.token, self.chain.chain_id), self._limits.get(channel.token)
        if limits and limits.per_call is not None and units > limits.per_call:
            raise OverLimit("per_call", units, limits.per_call)
        return units

    def _signed(self, channel: Channel, voucher: Voucher, promises: tuple[Promise, ...]) -> SignedVoucher:
        signed = self.signer.sign(self._lanes.domain, voucher)
        return SignedVoucher(channel=channel, voucher=voucher, signature=signed.signature, promises=promises)

    def _session(self, lane: LaneRef) -> PayerSession:
        session = self._wallet.session(id_of(lane))
        if session.channel.payer != self.signer.address:
            raise NotPayer(self.signer.address, session.channel.payer)
        return session

    def _seen(self, left: ChainLane) -> WalletLane:
        return self._record(self._wallet.see(left.channel, left.lane), left.receipt)

    def _record(self, session: PayerSession, receipt: "Receipt | None" = None) -> WalletLane:
        token, lane = self.chain.token(session.channel.token), session.lane
        return WalletLane(
            channel=session.channel,
            epoch=lane.epoch,
            deposit=token.units(lane.deposit),
            settled=token.units(lane.settled),
            promised=token.units(session.promised),
            left=token.units(session.left),
            closes_at=lane.closes_at,
            receipt=receipt,
        )
