# Generated from channels/aio/payee_ticking.py by make fix; edit that one.
"""Ticks on the payee's side: meters, and what they can prove before money is settled."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from chain.hash_chain import MAX_STEPS
from chain.money import Money, Token
from chain.signing import Signed
from chain.units import Address, Seconds, within
from channels.chain_lane import ChainLane
from channels.channel import ChannelId
from channels.edge import LaneRef, id_of, seconds_of
from channels.errors import NothingRecorded, PromiseExpired
from channels.payee_session import PayeeSession
from channels.promise import Promise
from channels.promise_errors import UnknownPromise
from channels.recorded import Recorded
from channels.settlement import UNHURRIED, Policy, Step, World
from channels.settlement.gas import RECORD
from channels.stores.book import Book, MeterRow
from channels.stores.meter_rows import belonging, opening_of, opening_text, proof_of
from channels.sync.meter import MeterTerms, Opening, TillMeter, opening_from
from channels.sync.metering import Metering
from channels.sync.payee_accepting import PayeeAccepting
from channels.sync.payee_planning import PayeePlanning
from channels.ticks.errors import NoBeginning
from channels.ticks.meter import JUMP, Meter
from channels.ticks.opening import TicksOpening
from channels.ticks.proving import prove_ticks
from channels.voucher import Voucher

MARGIN = timedelta(seconds=2 * UNHURRIED.margin)
"""The plan records what ticks have brought from so long before their expiry on; none may come after that."""
_DUST = 1_000
"""Base units, 0.001 USDC: a record takes 70,360 gas, which costs twice that at 0.01 gwei and 3,000 USDC an ether."""


class PayeeTicking(PayeeAccepting, PayeePlanning):
    """Before it plans, records or closes, the session is told what the meters can prove."""

    _gas_prices: Mapping[Address, Fraction] = MappingProxyType({})

    @cached_property
    def _metering(self) -> Metering:
        return Metering(
            chain=self.chain,
            till=self._till,
            reader=self._reader,
            verifier=self._verifier,
            limits=self._limits,
            clock=self._clock,
            require_wanted=self._require_wanted,
        )

    def meter(self, opening: Opening, *, every: int = 1, margin: timedelta = MARGIN, jump: int = JUMP) -> TillMeter:
        """Counts an opening's ticks, and goes on where the store stands, whichever opening of the chain is shown.

        The voucher is accepted, and a fold taken. `every` so many ticks one is written: what comes between is lost in a
        crash, unless the payer shows it again. Ticks end a `margin` and `max_lag` before their promise, as the node may
        be so far behind. Raises as `accept`, and
        `NoBeginning`, `AlreadyMetered`, `TicksOver`, `UnknownPromise` where a newer voucher has left the promise out.
        """
        shown = opening_from(opening)
        terms = MeterTerms(
            every=within("every", every, 1, 2**32),
            margin=Seconds(within("margin", seconds_of("margin", margin), 0, 2**32) + self._reader.max_lag),
            jump=within("jump", jump, 1, MAX_STEPS),
        )
        self._prepared(shown.voucher)
        signed = self._verifier.check(shown.voucher)
        row = belonging(shown, self._till.meters(shown.voucher.channel.id))
        if row is None:
            row = self._begun(shown, signed, terms)
        if shown.ticks.position <= opening_of(row).ticks.position:
            self.accept(shown.voucher)
        meter = self._metering.meter(row, terms, self._token(shown.voucher.channel.token))
        if shown.ticks.position > meter.opening.ticks.position:
            meter.fold(shown)
        return meter

    def next_steps(self, policy: Policy = UNHURRIED, gas_prices: Mapping[Token, Fraction] | None = None) -> list[Step]:
        """As for vouchers, with what ticks have brought by now."""
        self._gas_prices = {token.address: price for token, price in (gas_prices or {}).items()}
        for book in self._till.all_newest():
            if book.session.promises:
                self._prove_ticks(book.session.channel.id)
        return super().next_steps(policy, gas_prices)

    def record(self, lane: LaneRef, promise: Promise) -> Recorded:
        """Shows on chain what was proven, of ticks the newest, for a payer that doesn't fold, before they expire.

        Raises `UnknownPromise` where nothing was proven, and what `Lanes.record` raises.
        """
        self._prove_ticks(id_of(lane))
        return super().record(lane, promise)

    def _write_ticks(self, before: PayeeSession, offers: Sequence[Sequence[Promise]]) -> None:
        """What `every` has left is written first where a promise is left out: what is written of it is served."""
        if any(promise not in promises for promises in offers for promise in before.promises):
            self._metering.flush(before.channel.id)

    def disconnect(self) -> None:
        """Writes what meters have left, and ends the connection to the store; the chain stays open."""
        try:
            for meter in list(self._metering.meters.values()):
                meter.flush()
        finally:
            super().disconnect()

    def _send_close(self, book: Book, take: Money | None) -> ChainLane:
        """A close keeps nothing for promises: where all is taken, ticks that are in no amount are recorded first."""
        if take is None:
            self._record_ticks(book.session.channel.id)
        return super()._send_close(book, take)

    def _record_ticks(self, channel_id: ChannelId) -> None:
        session, now = (self._prove_ticks(channel_id)).session, self.chain.now()
        metered = {opening_of(row).promise for row in self._till.meters(channel_id)}
        world, least = World(now=now, gas_prices=self._gas_prices), self._least(session.channel.token)
        for known in session.proven:
            gain = known.released - known.recorded
            pays = gain >= least and world.pays(session.channel.token, gain, RECORD)
            if known.promise in metered and pays:
                with suppress(NothingRecorded, PromiseExpired):  # Somebody else has shown it, or it is too late.
                    super().record(channel_id, known.promise)

    def _least(self, token: Address) -> int:
        """Base units that are dust on every network that is known, where no price of gas was told."""
        return 0 if token in self._gas_prices else min(_DUST, 10 ** (self._token(token)).decimals // 1_000)

    def _prove_ticks(self, channel_id: ChannelId) -> Book:
        """From memory and from the store: another process may have counted further."""
        book, now = self._till.book(channel_id), self.chain.now()
        proofs = [meter.proof for meter in self._metering.of(channel_id)]
        proofs += [proof_of(row) for row in self._till.meters(channel_id)]
        if prove_ticks(book.session, proofs, now) is not book.session:
            book = self._till.alter(channel_id, lambda session: prove_ticks(session, proofs, now))
            self._reader.remember(book)
        return book

    def _begun(self, shown: TicksOpening, signed: Signed[Voucher], terms: MeterTerms) -> MeterRow:
        """The meter is on disk before its voucher: a crash between them leaves one that counts nothing yet.

        Nothing is written for a voucher that would not be accepted.
        """
        channel_id, promise, now = shown.voucher.channel.id, shown.promise, self._metering.now()
        if promise is None:
            raise NoBeginning(shown.ticks.position)
        known = [opening_of(row).promise for row in self._till.meters(channel_id)]
        Meter.open(shown, signed, [one for one in known if one], now, margin=terms.margin, jump=terms.jump)
        session, promises = self._session(channel_id), shown.voucher.promises
        session.require_recordable(promises, self._reader.latest_expiry(session.channel))
        session, _ = session.receive(signed, promises, self._reader.lapsed(session, promises))
        if promise not in session.promises:
            raise UnknownPromise(promise.struct_hash())
        row = MeterRow(
            channel_id=channel_id,
            promise_hash=promise.struct_hash(),
            epoch=shown.voucher.voucher.epoch,
            opening=opening_text(shown),
            position=0,
            tip=shown.ticks.anchor,
        )
        self._till.begin(row)
        return self._metering.row((channel_id, row.promise_hash))
