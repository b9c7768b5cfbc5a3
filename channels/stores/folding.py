"""What a fold comes to, whatever database keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from chain.signing import Signed
from chain.units import Amount, Seconds
from channels.exposure import Limits
from channels.lane import NOTHING
from channels.payee_session import Lapsed, PayeeSession
from channels.stores.book import MeterRow
from channels.stores.meter_rows import opening_of, opening_text, reading_of, unfolded
from channels.ticks.at_risk import TicksAtRisk
from channels.ticks.errors import AlreadyMetered
from channels.ticks.fold import JudgedFold
from channels.ticks.opening import TicksOpening
from channels.ticks.session_fold import take_fold
from channels.voucher import Voucher


@dataclass(kw_only=True, slots=True)
class Folding:
    """A newer opening, and what was found of it by the last `decide`: `accepted` before it, and how it was `judged`.

    The promise of ticks beyond it must expire after second `until`, and no new one after `latest`.
    """

    newer: TicksOpening
    signed: Signed[Voucher]
    lapsed: Lapsed
    limits: Limits | None
    until: Seconds
    latest: Seconds
    accepted: Amount = NOTHING
    judged: JudgedFold | None = None

    @property
    def limited(self) -> bool:
        """Whether other channels have a say: the limits count what is at risk of the token in all."""
        return self.limits is not None and (self.limits.at_risk is not None or bool(self.limits.unconfirmed))

    def decide(
        self, session: PayeeSession, meter: MeterRow, others: Sequence[MeterRow], total: tuple[int, int] | None
    ) -> tuple[PayeeSession, MeterRow]:
        """The session and the meter after it; where it is not newer, the same.

        `total` is what all channels have at risk by their vouchers, and not confirmed of it. Raises as `take_fold`,
        `AlreadyMetered` for a promise that one of the `others` counts by, or began with, and `OverLimit` for money
        beside the ticks that were counted before.
        """
        before, reading, newer = opening_of(meter), reading_of(meter), self.newer
        self.accepted, self.judged = session.accepted, None
        if newer.promise == before.promise and newer.cumulative_amount <= session.accepted:
            return session, meter
        _require_free(newer, others)
        after, self.judged = take_fold(
            session,
            before,
            reading,
            newer,
            signed=self.signed,
            lapsed=self.lapsed,
            until=self.until,
            latest=self.latest,
        )
        if self.limits:
            folded = min(reading.position, newer.ticks.position) - before.ticks.position
            more = after.accepted - session.accepted - newer.ticks.each * folded
            ticks = unfolded(session, [meter, *others])
            TicksAtRisk(limits=self.limits, ticks=ticks, total=total).require(session, more)
        row = replace(meter, opening=opening_text(newer))
        if newer.ticks.position > reading.position:
            row = replace(row, position=newer.ticks.position, tip=newer.ticks.anchor)
        return after, row


def _require_free(newer: TicksOpening, others: Sequence[MeterRow]) -> None:
    """Else each later tick would count in two meters, and one promise would pay for both."""
    if newer.promise:
        leaf = newer.promise.struct_hash()
        if any(leaf == other.promise_hash or opening_of(other).promise == newer.promise for other in others):
            raise AlreadyMetered(leaf)
