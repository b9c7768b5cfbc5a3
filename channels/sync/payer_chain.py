# Generated from channels/aio/payer_chain.py by make fix; edit that one.
"""Opening, topping up and ending channels."""

from collections.abc import Iterable
from datetime import timedelta

from chain.money import Money
from chain.units import address
from channels.channel import Channel
from channels.edge import LaneRef, money_of, seconds_of
from channels.lane import Lane
from channels.payer_session import PayerSession
from channels.records import WalletLane
from channels.sync.payer_base import PayerBase


class PayerChain(PayerBase):
    """What a step left is taken from the step's own events."""

    def open(
        self,
        payee: str,
        deposit: Money,
        closing_period: timedelta,
        *,
        promise_window: timedelta | None = None,
        salt: int = 0,
        accept: Iterable[str] = (),
    ) -> WalletLane:
        """Puts the deposit in; a missing allowance is approved first, exactly.

        The same arguments name the same channel, and after its end open its next epoch; the promises' window is as
        long as the closing period, unless given. `accept` names findings of a preflight that the payer takes. Raises
        `AlreadyOpen`, `InsufficientBalance`, `PreflightRefused`, nothing sent.
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
        seen = [session.channel.payee for session in self._wallet.sessions()]
        opened = self._lanes.openable(channel, deposit, seen=seen, accept=accept)
        self._wallet.add(PayerSession(channel=channel, lane=Lane(epoch=opened.epoch)))
        return self._seen(self._lanes._opened(channel, deposit))  # noqa: SLF001  # it was openable

    def top_up(self, lane: LaneRef, money: Money) -> WalletLane:
        """Adds to the deposit; a missing allowance is approved first, exactly."""
        return self._seen(self._lanes.top_up((self._session(lane)).channel, money))

    def request_close(self, lane: LaneRef) -> WalletLane:
        """Starts the window in which the payee must claim."""
        return self._seen(self._lanes.request_close((self._session(lane)).channel))

    def cancel_close(self, lane: LaneRef) -> WalletLane:
        """Takes the request back."""
        return self._seen(self._lanes.cancel_close((self._session(lane)).channel))

    def withdraw(self, lane: LaneRef) -> WalletLane:
        """Takes what is not settled, from `closes_at` on. Raises `WindowNotOver`."""
        return self._seen(self._lanes.withdraw((self._session(lane)).channel))

    def show(self, lane: LaneRef) -> WalletLane:
        """As the latest block has it; also what tells this store that the payee has ended the channel."""
        channel = (self._session(lane)).channel
        return self._seen(self._lanes.show(channel, as_of="latest"))

    def adopt(self, channel: Channel) -> WalletLane:
        """For a channel whose store is lost: its close can be requested and its rest withdrawn.

        Nobody knows what was promised, so all of the deposit counts as promised: this epoch pays no more and has no
        `latest` voucher, whatever is put in on top, unless the payee shows a voucher for as much (`correct`).
        """
        lane = self._lanes.lane(channel.id, as_of="latest")
        self._wallet.add(PayerSession(channel=channel, lane=lane, promised=lane.deposit, guessed=lane.deposit))
        return self.show(channel)

    def lanes(self) -> list[WalletLane]:
        """Every channel of this key that was opened from this store, as last seen."""
        sessions = self._wallet.sessions()
        return [self._record(session) for session in sessions if session.channel.payer == self.signer.address]
