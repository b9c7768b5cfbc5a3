"""From vouchers to money, in as few transactions as possible."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chain.errors import IllegalAction, InvalidMessage, NodeRefused, NotSent, Reverted, UnknownToken
from chain.outbox.errors import IntentGivenUp
from chain.signing import compact
from chain.units import Address, Seconds
from channels.actions import Claim
from channels.aio.lane_base import AsyncLaneBase
from channels.channel import Channel, ChannelId
from channels.claim_batch import batches
from channels.claims import Claims, Skipped
from channels.lane import Lane, LaneBooks, transition
from channels.reserve import Reserve
from channels.settlement.batching import by_receiver, in_transactions
from channels.voucher import SignedVoucher

if TYPE_CHECKING:
    from chain.receipt import Receipt


_NEVER_HAPPENED = (IllegalAction, InvalidMessage, Reverted, NotSent, IntentGivenUp)
"""Refused before anything was sent, or included and failed: nothing has moved. After other errors nobody knows."""
_WOULD_FAIL = (IllegalAction, InvalidMessage, Reverted, NodeRefused)
"""What a simulation says; a node that runs out of gas in it refuses to answer."""


@dataclass(slots=True)
class _Sorted:
    """`rows` go together, with their lanes `before`; `alone` by themselves; `skipped` are of no use now.

    `sent` are the rows that were sent, by their transactions.
    """

    rows: list[SignedVoucher] = field(default_factory=list)
    before: dict[ChannelId, Lane] = field(default_factory=dict)
    alone: list[SignedVoucher] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    sent: "list[tuple[Sequence[SignedVoucher], Receipt]]" = field(default_factory=list)


class AsyncLaneClaims(AsyncLaneBase):
    """It decides by the latest block, not the final one: asked again too early, it doesn't pay for the same claim."""

    async def claim(self, voucher: SignedVoucher) -> Claims:
        """Pays the payee all that a voucher is worth by now, whoever the signer is, in any phase of the channel.

        While the channel is closing, one with promises also reserves for those that can still be recorded.
        """
        await self._meet(voucher)
        before = await self._books(voucher, "latest")
        receipt = await self._claim_rows([voucher])
        paid = {voucher.channel.token: _paid(before, voucher.voucher.epoch, receipt)}
        return Claims(paid=await self._sums(paid), receipts=(receipt,))

    async def claim_many(self, vouchers: Iterable[SignedVoucher]) -> Claims:
        """As `claim` for each, together where they can be; `skipped` tells what the contract would refuse now.

        What carries promises, or is paid from a reserve, takes a transaction of its own. What fails keeps nothing else
        from being paid; where nobody knows whether it has (`NotIncluded`, `IntentOpen`), that is raised.
        """
        found = await self._sorted_out(vouchers)
        paid: Counter[Address] = Counter()
        for rows in in_transactions(_next_to_each_other(found.rows), _channel):
            await self._claim_together(rows, found)
        receipts = [receipt for _, receipt in found.sent]
        after = _claimed(receipts)
        for voucher in [voucher for rows, _ in found.sent for voucher in rows]:
            lane_id = voucher.channel.id
            if lane_id in after:
                paid[voucher.channel.token] += after[lane_id].settled - found.before[lane_id].settled
            else:
                found.skipped.append(Skipped(lane_id=lane_id, why="the contract passed it over"))
        for voucher in found.alone:
            try:
                claims = await self.claim(voucher)
            except _NEVER_HAPPENED as why:
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
                await self._meet(voucher)
                lane = lanes.get(lane_id) or await self.lane(lane_id, as_of="latest")
                if voucher.promises or not _pays_rows(lane, voucher.voucher.epoch, now):
                    found.alone.append(voucher)
                    continue
                lanes[lane_id], _ = transition(lane, _action(voucher), now)
            except (IllegalAction, InvalidMessage, UnknownToken) as why:
                found.skipped.append(_skipped(voucher, why))
            else:
                found.before[lane_id] = lane
                found.rows.append(voucher)
        return found

    async def _claim_together(self, rows: Sequence[SignedVoucher], found: _Sorted) -> None:
        """Halved while it would fail, so that one bad row costs a few simulations. What failed in its block, though it
        should not have, is tried once more for each payee and token: theirs is the only code that could tell.
        """
        if len(rows) > 1 and await self._would_fail(rows):
            half = len(rows) // 2
            await self._claim_together(rows[:half], found)
            await self._claim_together(rows[half:], found)
            return
        try:
            found.sent.append((rows, await self._claim_rows(rows)))
        except _NEVER_HAPPENED as why:
            apart = by_receiver(rows, _channel)
            if len(apart) == 1:
                found.skipped += [_skipped(voucher, why) for voucher in rows]
                return
            for part in apart:
                await self._claim_together(part, found)

    async def _meet(self, voucher: SignedVoucher) -> None:
        """Asks the token for its name, which is remembered: asked after sending, a bad one could cost us the receipts.

        Raises `UnknownToken`.
        """
        try:
            await self.chain.token(voucher.channel.token)
        except NodeRefused as refused:
            raise UnknownToken(voucher.channel.token, refused.why) from None

    async def _would_fail(self, rows: Sequence[SignedVoucher]) -> bool:
        try:
            await self._gas("claimMany", batches(rows))
        except _WOULD_FAIL:
            return True
        return False

    async def _claim_rows(self, vouchers: Sequence[SignedVoucher]) -> "Receipt":
        """One that is alone may carry promises."""
        if len(vouchers) > 1:
            return await self._send("claimMany", batches(vouchers))
        (voucher,) = vouchers
        channel, said = voucher.channel.calldata, voucher.voucher
        if voucher.promises:
            return await self._send("claimPromised", channel, voucher.promised_calldata)
        return await self._send("claim", channel, said.epoch, said.cumulative_amount, *compact(voucher.signature))


def _next_to_each_other(rows: Iterable[SignedVoucher]) -> list[SignedVoucher]:
    """Those of one payee and token: what is bad is then halved off at once."""
    return [voucher for group in by_receiver(rows, _channel) for voucher in group]


def _channel(voucher: SignedVoucher) -> Channel:
    return voucher.channel


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
