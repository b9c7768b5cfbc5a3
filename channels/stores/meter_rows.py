"""A meter as it lies in a store's row."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

from channels.payee_session import PayeeSession
from channels.proven import Proven
from channels.stores.book import MeterRow
from channels.ticks.errors import NotOfThisChain
from channels.ticks.fold import require_linked
from channels.ticks.opening import TicksOpening
from channels.ticks.reading import Reading


def opening_text(opening: TicksOpening) -> str:
    """An opening as it is stored."""
    return json.dumps(opening.to_json())


def opening_of(meter: MeterRow) -> TicksOpening:
    """The newest opening."""
    return _opening(meter.opening)


def reading_of(meter: MeterRow) -> Reading:
    """Where the meter stands."""
    return Reading(position=meter.position, tip=meter.tip)


def proof_of(meter: MeterRow) -> Proven | None:
    """What shows on chain all that is counted and not folded."""
    return opening_of(meter).proven(meter.position, meter.tip)


def unfolded(session: PayeeSession, meters: Iterable[MeterRow]) -> int:
    """What of the session's promises only the meters' proofs can show, in base units."""
    openings = [(meter.position, opening_of(meter)) for meter in meters if meter.epoch == session.lane.epoch]
    return sum(
        opening.ticks.each * (position - opening.ticks.position)
        for position, opening in openings
        if opening.promise in session.promises
    )


def served_beyond(session: PayeeSession, meters: Iterable[MeterRow]) -> int:
    """What of the session's promises is served beyond the amount: it was settled, in base units."""
    openings = [(meter.served, opening_of(meter)) for meter in meters if meter.epoch == session.lane.epoch]
    return sum(
        served - opening.ticks.each * opening.ticks.position
        for served, opening in openings
        if opening.promise in session.promises
    )


def belonging(shown: TicksOpening, meters: Sequence[MeterRow]) -> MeterRow | None:
    """The meter of an opening: the one of its promise, or of its chain where it is a fold.

    No two meters count by one promise, so who shows the same ticks as other ones has the meter that they have.
    """
    of_epoch = [meter for meter in meters if meter.epoch == shown.voucher.voucher.epoch]
    promise = shown.promise
    if promise:
        for meter in of_epoch:
            if meter.promise_hash == promise.struct_hash() or opening_of(meter).promise == promise:
                return meter
    return next((meter for meter in of_epoch if shown.ticks.position and _is_of_chain(shown, meter)), None)


def promise_pattern(meter: MeterRow) -> str:
    """What the text of a voucher's promises is like that carries the meter's; any is, where nothing is left to tick."""
    promise = opening_of(meter).promise
    return f"%{json.dumps(promise.to_json())}%" if promise else "%"


def _is_of_chain(shown: TicksOpening, meter: MeterRow) -> bool:
    known = opening_of(meter).ticks
    if (shown.ticks.each, shown.ticks.count) != (known.each, known.count):
        return False
    try:
        require_linked(shown.ticks, reading_of(meter))
    except NotOfThisChain:
        return False
    return True


@lru_cache(maxsize=4096)
def _opening(text: str) -> TicksOpening:
    return TicksOpening.from_json(json.loads(text))
