"""From vouchers to money, in as few transactions as possible."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chain.errors import IllegalAction, InvalidMessage
from chain.signing import compact
from chain.units import Address, Seconds
from channels.actions import Claim
from channels.aio.lane_base import AsyncLaneBase
from channels.channel import ChannelId
from channels.claim_batch import batches
from channels.claims import Claims, Skipped
from channels.lane import Lane, LaneBooks, transition
from channels.reserve import Reserve
from channels.settlement.gas import MOST_ROWS
from channels.voucher import SignedVoucher

if TYPE_CHECKING:
    from chain.receipt import Receipt


@dataclass(slots=True)
class _Sorted:
    """`rows` go together, with their lanes `before`; `alone` by themselves; `skipped` are of no use now."""

    rows: list[SignedVoucher] = field(default_factory=list)
    before: dict[ChannelId, Lane] = field(default_factory=dict)
    alone: list[SignedVoucher] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


class AsyncLaneClaims(AsyncLaneBase):
    """It decides by the latest block, not the final one: asked again too early, it doesn't pay for the same claim."""

    async def claim(self, voucher: SignedVoucher) -> Claims:
        """Pays the payee all that a voucher is worth by now, whoever the signer is, in any phase of the channel.

        While the channel is closing, one with promises also reserves for those that can still be recorded.
        """
        before = await self._books(voucher, "latest")
        receipt = await self._claim(voucher)
        paid = {voucher.channel.token: _paid(before, voucher.voucher.epoch, receipt)}
        return Claims(paid=await self._sums(paid), receipts=(receipt,))

    async def claim_many(self, vouchers: Iterable[SignedVoucher]) -> Claims:
        """As `claim` for each, together where they can be; `skipped` tells what the contract would refuse now.

        What carries promises, or is paid from a reserve, takes a transaction of its own.
        """
        found = await self._sorted_out(vouchers)
        paid: Counter[Address] = Counter()
        receipts = [
            await self._claim_rows(found.rows[at : at + MOST_ROWS]) for at in range(0, len(found.rows), MOST_ROWS)
        ]
        after = _claimed(receipts)
        for voucher in found.rows:
            lane_id = voucher.channel.id
            if lane_id in after:
                paid[voucher.channel.token] += after[lane_id].settled - found.before[lane_id].settled
            else:
                found.skipped.append(Skipped(lane_id=lane_id, why="the contract passed it over"))
        for voucher in found.alone:
            try:
                claims = await self.claim(voucher)
            except (IllegalAction, InvalidMessage) as why:
                found.skipped.append(_skipped(voucher, why))
                continue
            paid.update({money.token.address: money.units for money in claims.paid})
            receipts += claims.receipts
        return Claims(paid=await self._sums(paid), receipts=tuple(receipts), skipped=tuple(found.skipped))

    async def _sorted_out(self, vouchers: Iterable[SignedVoucher]) -> _Sorted:
        """The highest first: of one channel, the twin then refuses the others as the contract passes them over."""
        found, lanes, now = _Sorted(), dict[ChannelId, Lane](), await self.chain.now()
        for voucher in sorted(vouchers, key=_amount, reverse=True):
            lane_id = voucher.channel.id
            try:
                voucher.verified(self.domain)
                lane = lanes.get(lane_id) or await self.lane(lane_id, as_of="latest")
                if voucher.promises or not _pays_rows(lane, voucher.voucher.epoch, now):
                    found.alone.append(voucher)
                    continue
                lanes[lane_id], _ = transition(lane, _action(voucher), now)
            except (IllegalAction, InvalidMessage) as why:
                found.skipped.append(_skipped(voucher, why))
            else:
                found.before[lane_id] = lane
                found.rows.append(voucher)
        return found

    async def _claim(self, voucher: SignedVoucher) -> "Receipt":
        channel, said = voucher.channel.calldata, voucher.voucher
        if voucher.promises:
            return await self._send("claimPromised", channel, voucher.promised_calldata)
        return await self._send("claim", channel, said.epoch, said.cumulative_amount, *compact(voucher.signature))

    async def _claim_rows(self, vouchers: Sequence[SignedVoucher]) -> "Receipt":
        if len(vouchers) == 1:
            return await self._claim(vouchers[0])
        return await self._send("claimMany", batches(vouchers))


def _amount(voucher: SignedVoucher) -> int:
    return voucher.voucher.cumulative_amount


def _pays_rows(lane: Lane, epoch: int, now: Seconds) -> bool:
    return lane.is_open and lane.epoch == epoch and not lane.window_is_over(now)


def _action(signed: SignedVoucher) -> Claim:
    channel, said = signed.channel, signed.voucher
    return Claim(channel=channel, epoch=said.epoch, cumulative_amount=said.cumulative_amount, signer=channel.signer)


def _skipped(voucher: SignedVoucher, why: Exception) -> Skipped:
    return Skipped(lane_id=voucher.channel.id, why=f"{type(why).__name__}: {why}")


def _claimed(receipts: Iterable["Receipt"]) -> Mapping[ChannelId, Lane]:
    """The lanes as these transactions left them, by their own events: a lagging node could still answer older ones."""
    claimed = [event.args for receipt in receipts for event in receipt.events if event.name == "Claimed"]
    return {args["channelId"]: Lane.from_word(args["lane"]) for args in claimed}


def _paid(before: LaneBooks, epoch: int, receipt: "Receipt") -> int:
    """What one claim has paid, in base units; nothing where it only reserved."""
    for lane in _claimed([receipt]).values():
        return lane.settled - before.lane.settled
    kept = Reserve.from_word(receipt.event("Reserved").args["reserve"])
    return kept.settled - before.reserve(epoch).settled
