# Generated from channels/aio/lane_ends.py by make fix; edit that one.
"""How an epoch ends: at once by the payee's word, or by the payer's after the window."""

from chain.money import Money
from chain.signing import compact
from chain.units import NO_HASH, Amount, Seconds
from channels.chain_lane import ChainLane, LaneReserve
from channels.channel import Channel
from channels.errors import WrongChannel, WrongEpoch
from channels.lane import Lane
from channels.lane_close import LaneClose, SignedLaneClose
from channels.reserve import Reserve
from channels.sync.lane_base import LaneBase
from channels.voucher import SignedVoucher

_NEVER = Seconds(2**48 - 1)
"""A deadline for one's own call."""


class LaneEnds(LaneBase):
    """Each answers the lane as it left it."""

    def request_close(self, channel: Channel) -> ChainLane:
        """The payer starts the window in which the payee must claim. Raises `ChannelClosing`, `NotOpen`."""
        return self._step("requestClose", "CloseRequested", channel)

    def cancel_close(self, channel: Channel) -> ChainLane:
        """The payer takes its request back. Raises `NotClosing`."""
        return self._step("cancelClose", "CloseCancelled", channel)

    def withdraw(self, channel: Channel) -> ChainLane:
        """Gives the payer what is neither settled nor reserved, from `closes_at` on; anyone may.

        Raises `WindowNotOver`, `NotClosing`.
        """
        return self._step("withdraw", "Withdrawn", channel)

    def sweep(self, channel: Channel, epoch: int) -> LaneReserve:
        """Gives the payer what promises have left of an ended epoch's reserve; anyone may. Answers what that was.

        Raises `NothingReserved`, `ReserveNotOver`.
        """
        receipt = self._send("sweep", channel.calldata, epoch)
        swept = Reserve.from_word(receipt.event("Swept").args["reserve"])
        return LaneReserve.of(channel, epoch, swept, Lane(), self.chain.token(channel.token), receipt=receipt)

    def close(
        self,
        channel: Channel,
        take: Money | None = None,
        voucher: SignedVoucher | None = None,
        *,
        epoch: int | None = None,
    ) -> ChainLane:
        """The signer, who is the payee, ends the epoch now: `take` in all is the payee's, the rest the payer's.

        By default it takes all that the voucher is worth by now; what is settled stays settled. `epoch` is the
        voucher's, or the present one. Raises `TakeTooLarge`, `NotPayee`, `WindowOver`, `WrongEpoch`.
        """
        epoch, units = self._taken(channel, take, voucher, epoch)
        if voucher and voucher.promises:
            shown = (voucher.promised_calldata, units, _NEVER, NO_HASH, NO_HASH)
            return self._step("closeBySig", "Closed", channel, *shown)
        said = (voucher.voucher.cumulative_amount, *compact(voucher.signature)) if voucher else (0, NO_HASH, NO_HASH)
        return self._step("close", "Closed", channel, epoch, units, *said)

    def sign_close(
        self,
        channel: Channel,
        take: Money | None = None,
        voucher: SignedVoucher | None = None,
        *,
        epoch: int | None = None,
        deadline: int | None = None,
    ) -> SignedLaneClose:
        """The payee's word for a `close`, for a day unless `deadline` says otherwise; nothing is sent.

        Until it has passed the payee must accept no newer voucher: whoever holds this can end the epoch without it.
        """
        epoch, units = self._taken(channel, take, voucher, epoch)
        message = LaneClose(channel_id=channel.id, epoch=epoch, take=units, deadline=self._until(deadline))
        signed = self.signer.sign(self.domain, message)
        return SignedLaneClose(channel=channel, message=message, signature=signed.signature)

    def submit_close(self, signed: SignedLaneClose, voucher: SignedVoucher | None = None) -> ChainLane:
        """Brings what the payee has signed; anyone may. A voucher is needed only above what is settled."""
        receipt = self._send("closeBySig", *signed.calldata(voucher))
        return self._left(signed.channel, receipt, "Closed")

    def _taken(
        self, channel: Channel, take: Money | None, voucher: SignedVoucher | None, epoch: int | None
    ) -> tuple[int, Amount]:
        """Which epoch, and how much of it in base units. Raises `WrongChannel`, `WrongEpoch`."""
        if voucher and voucher.channel.id != channel.id:
            raise WrongChannel(voucher.channel.id, channel.id)
        lane = self.lane(channel.id, as_of="latest")
        said = voucher.voucher.epoch if voucher else lane.epoch
        named = said if epoch is None else epoch
        if voucher and said != named:
            raise WrongEpoch(said, named)
        if named != lane.epoch:
            raise WrongEpoch(named, lane.epoch)
        if take is not None:
            return named, self._units(take, channel.token)
        worth = (self.worth(voucher, as_of="latest")).units if voucher else lane.settled
        return named, lane.covered(worth)
