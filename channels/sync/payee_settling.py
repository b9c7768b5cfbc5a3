# Generated from channels/aio/payee_settling.py by make fix; edit that one.
"""From vouchers to money on chain."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from chain.errors import IllegalAction, InvalidMessage, InvalidValue, NotSent, Refused, Reverted
from chain.money import Money
from chain.outbox.errors import IntentGivenUp, IntentOpen
from chain.units import Amount, Seconds
from channels.chain_lane import ChainLane
from channels.claims import Claims
from channels.edge import LaneRef, id_of
from channels.payee_session import PayeeSession
from channels.records import TillLane
from channels.stores.book import Book, Fee, Settlement
from channels.sync.payee_base import PayeeBase
from channels.voucher import SignedVoucher

if TYPE_CHECKING:
    from chain.receipt import Receipt

_NEVER_HAPPENED = (IllegalAction, InvalidMessage, InvalidValue, NotSent, Refused, Reverted)
"""Before anything is sent, or because it was included and failed."""


class PayeeSettling(PayeeBase):
    """What it sends is written down once it is included; what others claim for it, it sees on its next look."""

    def claim(self, lane: LaneRef | None = None) -> Claims:
        """Claims everything that is owed, here or in one channel; `skipped` says what the chain would refuse now."""
        at = self._second
        books = self._till.all_newest() if lane is None else [self._till.book(id_of(lane))]
        return self._claim([book for book in books if book.session.claimable], at)

    def _claim(self, owing: Sequence[Book], at: Seconds) -> Claims:
        """By books that were read after second `at`: what comes later is younger than this claim."""
        owing = [self._after_its_claim(book) for book in owing]
        self._till.claiming(owing, at)
        vouchers = [voucher for book in owing if (voucher := book.voucher(self._lanes.domain))]
        try:
            claims = self._lanes.claim_many(vouchers)
        except IntentOpen as waiting:
            self._on_their_way.update({book.session.channel.id: waiting.key for book in owing})
            raise
        self._journal(owing, claims.receipts)
        return claims

    def _after_its_claim(self, book: Book) -> Book:
        """A claim for less that is on its way comes first: one for more could only stand behind it.

        Raises `IntentOpen`.
        """
        lane_id, epoch = book.session.channel.id, book.session.lane.epoch
        key, outbox = self._on_their_way.get(lane_id), self.chain.outbox
        if key is None or outbox is None:
            return book
        with suppress(*_NEVER_HAPPENED, IntentGivenUp):
            self._journal([book], [outbox.result(key, until="included")])
        self._on_their_way.pop(lane_id, None)
        return self._till.epoch(lane_id, epoch)

    def close(self, lane: LaneRef, take: Money | None = None) -> TillLane:
        """Ends the epoch now: takes `take` of what is accepted, by default all but unspent refunds; the rest goes back.

        From its start nothing is accepted, delivered or refunded. Where it surely won't happen the channel goes on;
        where nobody knows (`NotIncluded`, a node that failed) it stays stopped until a close succeeds.
        """
        channel_id = id_of(lane)
        book = self._till.alter(channel_id, PayeeSession.stop)
        self._reader.remember(book)
        try:
            left = self._send_close(book, take)
        except _NEVER_HAPPENED:
            epoch = book.session.lane.epoch
            self._reader.remember(self._till.alter(channel_id, lambda session: _went_on(session, epoch)))
            raise
        if left.receipt and left.ended:
            self._till.include(channel_id, left.ended.lane)
            self._journal([book], [left.receipt], ended=left.ended)
        return self._record((self._reader.look(channel_id)).session, left.receipt)

    def show(self, lane: LaneRef) -> TillLane:
        """As the chain has it now."""
        return self._record((self._reader.look(id_of(lane))).session)

    def lanes(self) -> list[TillLane]:
        """Every channel, as last seen."""
        return [self._record(book.session) for book in self._till.all_newest()]

    def _send_close(self, book: Book, take: Money | None) -> ChainLane:
        session, voucher = book.session, book.voucher(self._lanes.domain)
        token = self._token(session.channel.token)
        taken = token.units(self._keepable(session, voucher)) if take is None else take
        shown = voucher if session.promises or taken.units > session.lane.settled else None
        return self._lanes.close(session.channel, taken, shown, epoch=session.lane.epoch)

    def _keepable(self, session: PayeeSession, voucher: SignedVoucher | None) -> Amount:
        """All but refunds that were not spent again; what is recorded of promises is the payee's, too."""
        if voucher is None or not session.promises:
            return session.keepable
        worth = (self._lanes.worth(voucher, as_of="latest")).units
        return session.lane.covered(max(worth, session.accepted) - session.unspent)

    def _journal(self, books: Sequence[Book], receipts: "Sequence[Receipt]", *, ended: ChainLane | None = None) -> None:
        """What was settled since the last look goes to the transaction whose events name the channel."""
        now, made = self._second, []
        for book in books:
            session, lane_id = book.session, book.session.channel.id
            settled = ended.settled.units if ended else (self._reader.look(lane_id)).included
            paid = settled - max(book.included, session.lane.settled)
            receipt = next((receipt for receipt in receipts if _names(receipt, lane_id)), None)
            if receipt and paid > 0:
                transaction = bytes.fromhex(receipt.transaction[2:])
                made.append(
                    Settlement(
                        channel_id=lane_id,
                        epoch=session.lane.epoch,
                        transaction_hash=transaction,
                        amount=Amount(paid),
                        at=now,
                    )
                )
        fees = [
            Fee(transaction_hash=bytes.fromhex(receipt.transaction[2:]), amount=receipt.fee.units, at=now)
            for receipt in receipts
        ]
        self._till.journal(made, fees)


def _went_on(session: PayeeSession, epoch: int) -> PayeeSession:
    """A later epoch was not stopped by this try."""
    return session.go_on() if session.lane.epoch == epoch else session


def _names(receipt: "Receipt", lane_id: bytes) -> bool:
    return any(event.args.get("channelId") == lane_id for event in receipt.events)
