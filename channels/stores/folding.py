"""What a fold comes to, whatever database keeps it."""

from dataclasses import dataclass

from msgspec.structs import replace

from chain.signing import Signed
from chain.units import Amount
from channels.exposure import Limits
from channels.lane import NOTHING
from channels.payee_session import Lapsed, PayeeSession
from channels.stores.book import MeterRow
from channels.stores.meter_rows import opening_of, opening_text, reading_of
from channels.ticks.at_risk import require_room
from channels.ticks.fold import JudgedFold
from channels.ticks.opening import TicksOpening
from channels.ticks.session_fold import take_fold
from channels.voucher import Voucher


@dataclass(kw_only=True, slots=True)
class Folding:
    """A newer opening, and what was found of it by the last `decide`: `accepted` before it, and how it was `judged`.

    Other ticks of the channel have `beside` base units at risk.
    """

    newer: TicksOpening
    signed: Signed[Voucher]
    lapsed: Lapsed
    limits: Limits | None
    beside: int
    accepted: Amount = NOTHING
    judged: JudgedFold | None = None

    def decide(self, session: PayeeSession, meter: MeterRow) -> tuple[PayeeSession, MeterRow]:
        """The session and the meter after it; where it is not newer, the same.

        Raises as `take_fold`, and `OverLimit` for money beside the ticks that were counted before.
        """
        before, reading, newer = opening_of(meter), reading_of(meter), self.newer
        self.accepted, self.judged = session.accepted, None
        if newer.promise == before.promise and newer.cumulative_amount <= session.accepted:
            return session, meter
        after, self.judged = take_fold(session, before, reading, newer, signed=self.signed, lapsed=self.lapsed)
        if self.limits:
            counted = reading.position - before.ticks.position
            folded = min(counted, newer.ticks.position - before.ticks.position)
            more = after.accepted - session.accepted - newer.ticks.each * folded
            require_room(self.limits, session, self.beside + newer.ticks.each * counted, more)
        row = replace(meter, opening=opening_text(newer))
        if newer.ticks.position > reading.position:
            row = replace(row, position=newer.ticks.position, tip=newer.ticks.anchor)
        return after, row
