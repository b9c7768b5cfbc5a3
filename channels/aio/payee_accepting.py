"""Vouchers in: verified, kept, then answered."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Any

import msgspec

from chain.errors import ChainError, EarnestError, InvalidValue, StoreError
from channels.aio.payee_base import AsyncPayeeBase
from channels.burst import NEVER, Arrived, highest_first, receive_all
from channels.channel import ChannelId
from channels.credit import Credit
from channels.edge import LaneRef, id_of
from channels.effects import GiveCredit
from channels.intake.batching import AsyncBatcher
from channels.payee_session import NONE_LAPSED, PayeeSession
from channels.promise import Promise
from channels.stores.aio.vouchers import Kept
from channels.stores.book import Book, Newer
from channels.voucher import SignedVoucher
from channels.wire import read_voucher

Sent = SignedVoucher | Mapping[str, Any] | str | bytes
Answer = Credit | EarnestError
Pile = dict[int, Arrived]
"""Vouchers for one channel, by their places among the calls."""
Piles = dict[ChannelId, Pile]
_PROMISES = itemgetter(1)


class Decision(msgspec.Struct, kw_only=True):
    """What a channel's session makes of a pile: the session after it, an answer to each, and what must be kept before
    anybody is answered.
    """

    book: Book
    session: PayeeSession
    pile: Pile
    given: Sequence[GiveCredit | EarnestError]
    newer: Newer | None


class AsyncPayeeAccepting(AsyncPayeeBase):
    """Calls that arrive while a batch is being written make up the next one: one write to disk for all of them."""

    @cached_property
    def _accepting(self) -> AsyncBatcher[SignedVoucher, Credit]:
        return AsyncBatcher(self._accept_all)

    async def accept(self, voucher: Sent) -> Credit:
        """Durable on return. One that is not newer than what was kept is harmless and adds nothing.

        Raises `InvalidValue`, `InvalidMessage`, `Refused`, `NotOpen`, `NotPayee`; `ChainError` when the chain had to be
        asked and didn't answer: then nothing is kept.
        """
        sent = await self._prepared(voucher)
        return await self._accepting.run(sent)

    async def accept_many(self, vouchers: Sequence[Sent]) -> list[Answer]:
        """As `accept` for each, with one write to disk; what would be raised is the answer."""
        answers: list[Answer | None] = []
        sents = list[SignedVoucher]()
        for voucher in vouchers:
            try:
                sents.append(await self._prepared(voucher))
                answers.append(None)
            except EarnestError as why:
                answers.append(why)
        made = iter(await self._accept_all(sents))
        return [next(made) if answer is None else answer for answer in answers]

    async def accept_newest(self, vouchers: Sequence[Sent]) -> dict[ChannelId, Answer]:
        """What has piled up: of each channel only the highest voucher that is good is verified, and kept.

        The others' money is inside it; who sent them is not known, so nothing should be delivered to them for it.
        What can't be read names no channel and is passed over.
        """
        piles: dict[ChannelId, list[SignedVoucher]] = {}
        for voucher in vouchers:
            with suppress(InvalidValue):
                sent = voucher if isinstance(voucher, SignedVoucher) else read_voucher(voucher)
                piles.setdefault(sent.channel.id, []).append(sent)
        return {channel_id: await self._accept_highest(pile) for channel_id, pile in piles.items()}

    async def newest(self, lane: LaneRef) -> SignedVoucher | None:
        """The newest voucher kept: the corrective for a payer that has lost its place, who checks its own signature."""
        return (await self._till.book(id_of(lane))).voucher(self._lanes.domain)

    async def _accept_highest(self, pile: Sequence[SignedVoucher]) -> Answer:
        """The first failure is the answer only where nothing below it is good; one that may pass ends the search."""
        failures = list[EarnestError]()
        for place in highest_first(pile, attrgetter("voucher.cumulative_amount")):
            try:
                return await self.accept(pile[place])
            except (ChainError, StoreError) as why:
                return why
            except EarnestError as why:
                failures.append(why)
        return failures[0]

    async def _prepared(self, voucher: Sent) -> SignedVoucher:
        """What costs little first; only a voucher that its channel's key has signed makes anybody ask the chain."""
        sent = voucher if isinstance(voucher, SignedVoucher) else read_voucher(voucher)
        self._require_wanted(sent.channel, sent.promises)
        if not self._reader.suits(sent):
            self._verifier.check(sent)
            await self._reader.prepare(sent)
        return sent

    async def _accept_all(self, vouchers: Sequence[SignedVoucher]) -> list[Answer]:
        """An answer to each; where another process accepts, too, and was faster, decided anew."""
        answers: dict[int, Answer] = {}
        piles: Piles = {}
        for place, checked in enumerate(await self._verifier.check_all(vouchers)):
            if isinstance(checked, EarnestError):
                answers[place] = checked
            else:
                piles.setdefault(checked.message.channel_id, {})[place] = checked, vouchers[place].promises
        while piles:
            piles = await self._accept_piles(piles, answers)
        return list(map(answers.__getitem__, range(len(vouchers))))

    async def _accept_piles(self, piles: Piles, answers: dict[int, Answer]) -> Piles:
        """What has to be decided anew."""
        decisions = list[Decision]()
        for channel_id, pile in piles.items():
            try:
                decisions.append(await self._decide(channel_id, pile))
            except EarnestError as why:  # The chain doesn't answer for this channel; the others don't wait for it.
                answers.update(dict.fromkeys(pile, why))
        newer = [decision.newer for decision in decisions if decision.newer]
        kept = iter(await self._till.keep(newer, self._limits) if newer else ())
        again = {}
        for decision in decisions:
            left = await self._answer(decision, next(kept) if decision.newer else True, answers)
            if left:
                again[decision.book.session.channel.id] = left
        return again

    async def _decide(self, channel_id: ChannelId, pile: Pile) -> Decision:
        book, arrived = await self._reader.known(channel_id), list(pile.values())
        before, lapsed, latest = book.session, NONE_LAPSED, NEVER
        if before.promises:
            await self._write_ticks(before, [promises for _, promises in arrived])
            offers = [promises for signed, promises in arrived if before.is_newer(signed.message)]
            lapsed = await self._reader.lapsed(before, *offers)
        if any(map(_PROMISES, arrived)):
            latest = await self._reader.latest_expiry(before.channel)
        session, given = receive_all(before, arrived, lapsed, latest)
        newest = None if session is before else session.newest
        newer = Newer(before, session, newest, self._second, lapsed) if newest else None
        return Decision(book=book, session=session, pile=pile, given=given, newer=newer)

    async def _write_ticks(self, before: PayeeSession, offers: Sequence[Sequence[Promise]]) -> None:
        """Of promises that an offer leaves out; who has no meters has none to write."""

    async def _answer(self, decision: Decision, outcome: Kept, answers: dict[int, Answer]) -> Pile:
        """Of the pile, what the outcome says nothing of."""
        session, left = decision.session, Pile()
        if outcome is False:
            self._reader.forget(session.channel.id)
            return decision.pile
        if decision.newer and outcome is True:
            self._reader.kept(decision.book, session)
            if (
                decision.newer.before.promises and decision.newer.left_out
            ):  # What ticks had brought was delivered with it.
                self._reader.forget(session.channel.id)
                session = await self._session(session.channel.id)
        token = await self._token(session.channel.token)
        for place, said in zip(decision.pile, decision.given, strict=True):
            if isinstance(said, EarnestError):
                answers[place] = said
            elif outcome is True:
                answers[place] = Credit(token, said.added, session)
            elif said.added:
                answers[place] = outcome
            else:
                left[place] = decision.pile[place]
        return left
