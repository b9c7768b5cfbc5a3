"""A fold as the payee's session takes it: what the meter knows of a promise, the session is told."""

from msgspec.structs import replace

from chain.signing import Signed
from chain.units import Seconds
from channels.lane import NOTHING
from channels.payee_session import NONE_LAPSED, Lapsed, PayeeSession
from channels.ticks.errors import AlreadyMetered, FoldLoses
from channels.ticks.fold import JudgedFold, judge
from channels.ticks.opening import TicksOpening
from channels.ticks.reading import Reading
from channels.voucher import Voucher


def take_fold(
    session: PayeeSession,
    before: TicksOpening,
    reading: Reading,
    newer: TicksOpening,
    *,
    signed: Signed[Voucher],
    until: Seconds,
    latest: Seconds,
    lapsed: Lapsed = NONE_LAPSED,
) -> tuple[PayeeSession, JudgedFold]:
    """The session with the newer voucher, by which neither it nor the meter at `reading` loses anything.

    The promise that the voucher leaves out counts for the ticks in its amount, whatever was proven of it: what is
    beyond them the next promise has, which expires by `latest`, as any that is new. Raises what `judge`,
    `PayeeSession.require_recordable` and `receive` raise, and `AlreadyMetered` for a promise that the session knows:
    another meter could have it.
    """
    if newer.promise and newer.promise != before.promise and newer.promise in session.promises:
        raise AlreadyMetered(newer.promise.struct_hash())
    held = session.newest.message.cumulative_amount if session.newest else NOTHING
    session.require_recordable(newer.voucher.promises, latest)
    judged = judge(before, reading, newer, signed, held, until=until)
    told = session
    if judged.replaced:
        others = tuple(known for known in session.proven if known.promise != judged.replaced.promise)
        told = replace(session, proven=(*others, replace(judged.replaced, is_last=True)))
        lapsed = {leaf: recorded for leaf, recorded in lapsed.items() if leaf != judged.replaced.hash}
    after, _ = told.receive(signed, newer.voucher.promises, lapsed)
    if after is told:
        raise FoldLoses(newer.cumulative_amount, session.accepted)
    return after, judged
