"""The paying end: it opens channels, and pays through them without the chain."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from chain.money import Money
from chain.refusals import NotPayer
from chain.signer import Signer
from chain.units import Amount, address
from channels.chain_lane import ChainLane
from channels.channel import Channel
from channels.edge import LaneRef, id_of, money_of, seconds_of, units_of
from channels.effects import Send
from channels.lane import Lane
from channels.payer_session import PayerSession
from channels.records import WalletLane
from channels.stores.wallet import Wallet
from channels.sync.lanes import Lanes
from channels.voucher import SignedVoucher, Voucher

if TYPE_CHECKING:
    from chain.receipt import Receipt
    from chain.sync.chain import Chain


class Payer:
    """Channels of one key. It believes its own transactions once a block includes them: an undone deposit is its own.

    Verbs on chain raise what the contract says, `NotSent` and `NotIncluded`; all raise `StoreError`, and `UnknownLane`
    for a channel that this store did not open.
    """

    def __init__(self, chain: "Chain", signer: Signer, store: str | Path = "wallet.db") -> None:
        self.chain, self.signer = chain, signer
        self._lanes = Lanes(chain, signer)
        self._wallet = Wallet(store, self._lanes.domain)

    def open(
        self,
        payee: str,
        deposit: Money,
        closing_period: timedelta,
        *,
        promise_window: timedelta | None = None,
        salt: int = 0,
    ) -> WalletLane:
        """Puts the deposit in; a missing allowance is approved first, exactly.

        The same arguments name the same channel, and after its end open its next epoch; the promises' window is as
        long as the closing period, unless given. Raises `AlreadyOpen`, `InsufficientBalance`, nothing sent.
        """
        channel = Channel(
            payer=self.signer.address,
            payee=address(payee),
            token=money_of(deposit).token.address,
            signer=self.signer.address,
            window=seconds_of("closing_period", closing_period),
            promise_window=seconds_of("promise_window", closing_period if promise_window is None else promise_window),
            salt=salt,
        )
        opened = self._lanes.openable(channel, deposit)
        self._wallet.add(PayerSession(channel=channel, lane=Lane(epoch=opened.epoch)))
        return self._seen(self._lanes.open(channel, deposit))

    def pay(self, lane: LaneRef, money: Money) -> SignedVoucher:
        """A voucher for so much more, on disk before it is signed; whoever shares the store, no amount is signed twice.

        Raises `AmountExceedsDeposit`, `ChannelClosing`, `NotOpen`, `InvalidAmount`, `TokenMismatch`.
        """
        return self.pay_many(lane, [money])[0]

    def pay_many(self, lane: LaneRef, moneys: Sequence[Money]) -> list[SignedVoucher]:
        """A voucher for each payment, in order: all of them, or none, and one write to disk before the first is signed.

        Raises as `pay`.
        """
        while moneys:
            before = newer = self._session(lane)
            vouchers = []
            for money in moneys:
                newer, effects = newer.pay(self._units(before.channel, money))
                vouchers += [effect.voucher for effect in effects if isinstance(effect, Send)]
            if self._wallet.keep(vouchers[-1], before):  # The newest one's amount covers the others'.
                return [self._signed(before.channel, voucher) for voucher in vouchers]
        return []

    def top_up(self, lane: LaneRef, money: Money) -> WalletLane:
        """Adds to the deposit; a missing allowance is approved first, exactly."""
        return self._seen(self._lanes.top_up(self._session(lane).channel, money))

    def request_close(self, lane: LaneRef) -> WalletLane:
        """Starts the window in which the payee must claim."""
        return self._seen(self._lanes.request_close(self._session(lane).channel))

    def cancel_close(self, lane: LaneRef) -> WalletLane:
        """Takes the request back."""
        return self._seen(self._lanes.cancel_close(self._session(lane).channel))

    def withdraw(self, lane: LaneRef) -> WalletLane:
        """Takes what is not settled, from `closes_at` on. Raises `WindowNotOver`."""
        return self._seen(self._lanes.withdraw(self._session(lane).channel))

    def show(self, lane: LaneRef) -> WalletLane:
        """As the latest block has it; also what tells this store that the payee has ended the channel."""
        channel = self._session(lane).channel
        return self._seen(self._lanes.show(channel, as_of="latest"))

    def latest(self, lane: LaneRef) -> SignedVoucher | None:
        """The newest voucher again, for a payee that did not answer; None where this epoch has none."""
        session = self._session(lane)
        return self._signed(session.channel, session.newest) if session.newest else None

    def adopt(self, channel: Channel) -> WalletLane:
        """For a channel whose store is lost: its close can be requested and its rest withdrawn.

        Nobody knows what was promised, so all of the deposit counts as promised: this epoch pays no more.
        """
        lane = self._lanes.lane(channel.id, as_of="latest")
        self._wallet.add(PayerSession(channel=channel, lane=lane, promised=lane.deposit))
        return self.show(channel)

    def lanes(self) -> list[WalletLane]:
        """Every channel of this key that was opened from this store, as last seen."""
        mine = [session for session in self._wallet.sessions() if session.channel.payer == self.signer.address]
        return [self._record(session) for session in mine]

    def disconnect(self) -> None:
        """Ends the connection to the store; the chain stays open."""
        self._wallet.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.disconnect()

    def _signed(self, channel: Channel, voucher: Voucher) -> SignedVoucher:
        signed = self.signer.sign(self._lanes.domain, voucher)
        return SignedVoucher(channel=channel, voucher=voucher, signature=signed.signature)

    def _session(self, lane: LaneRef) -> PayerSession:
        session = self._wallet.session(id_of(lane))
        if session.channel.payer != self.signer.address:
            raise NotPayer(self.signer.address, session.channel.payer)
        return session

    def _units(self, channel: Channel, money: Money) -> Amount:
        return units_of(money, channel.token, self.chain.chain_id)

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
