"""From kept vouchers to money, in as few transactions as possible."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from chain.errors import IllegalAction, InvalidMessage, Refused
from chain.signer import Signer
from chain.signing import compact
from chain.units import Address
from channels.actions import Claim
from channels.claim_batch import batches
from channels.claims import Claims, Skipped
from channels.client.edge import CONTRACT, read_lane
from channels.client.reader import Reader
from channels.lane import Lane, transition
from channels.stores.till import Book
from channels.voucher import SignedVoucher

if TYPE_CHECKING:
    from chain.receipt import Receipt
    from chain.sync.chain import Chain

ROWS = 500
"""Vouchers a transaction: about six million gas, a small part of a block."""


class Claiming:
    """It decides by the latest block, not the final one: asked again too early, it doesn't pay for the same claim."""

    def __init__(self, chain: "Chain", signer: Signer, reader: Reader) -> None:
        self._chain, self._signer, self._reader = chain, signer, reader

    def claim(self, books: Iterable[Book]) -> Claims:
        """All that these books are owed and the contract would pay now."""
        payable: list[tuple[SignedVoucher, Lane]] = []
        skipped: list[Skipped] = []
        for voucher in [book.voucher for book in books if book.voucher and book.session.owed]:
            try:
                payable.append((voucher, self._payable(voucher)))
            except (IllegalAction, InvalidMessage, Refused) as why:
                skipped.append(Skipped(lane_id=voucher.channel.id, why=f"{type(why).__name__}: {why}"))
        vouchers = [voucher for voucher, _ in payable]
        receipts = [self._send(vouchers[start : start + ROWS]) for start in range(0, len(vouchers), ROWS)]
        paid: Counter[Address] = Counter()
        for voucher, before in payable:
            gain = self._reader.look(voucher.channel.id).included - before.settled
            paid[voucher.channel.token] += gain
            if not gain:
                skipped.append(Skipped(lane_id=voucher.channel.id, why="the contract passed it over"))
        sums = [self._chain.token(token).units(units) for token, units in paid.items()]
        return Claims(paid=tuple(sums), receipts=tuple(receipts), skipped=tuple(skipped))

    def _payable(self, signed: SignedVoucher) -> Lane:
        """The lane as it is before; raises what the contract would say to the voucher."""
        channel, voucher = signed.channel, signed.voucher
        lane = read_lane(self._chain, channel.id, "latest")
        amount = voucher.cumulative_amount
        action = Claim(channel=channel, epoch=voucher.epoch, cumulative_amount=amount, signer=channel.signer)
        transition(lane, action, self._chain.now())
        return lane

    def _send(self, vouchers: Sequence[SignedVoucher]) -> "Receipt":
        if len(vouchers) > 1:
            return self._chain.send(self._signer, CONTRACT, "claimMany", batches(vouchers))
        channel, voucher = vouchers[0].channel, vouchers[0].voucher
        claim = (channel.calldata, voucher.epoch, voucher.cumulative_amount, *compact(vouchers[0].signature))
        return self._chain.send(self._signer, CONTRACT, "claim", *claim)
