"""What has arrived for one channel at once."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from chain.errors import EarnestError
from chain.signing import Signed
from chain.units import Seconds
from channels.effects import GiveCredit
from channels.lane import NOTHING
from channels.payee_session import NONE_LAPSED, Lapsed, PayeeSession
from channels.promise import Promise
from channels.voucher import Voucher

T = TypeVar("T")
Arrived = tuple[Signed[Voucher], tuple[Promise, ...]]
NEVER = Seconds(2**48 - 1)
_NONE_ADDED = GiveCredit(NOTHING)


def receive_all(
    session: PayeeSession, vouchers: Sequence[Arrived], lapsed: Lapsed = NONE_LAPSED, latest: Seconds = NEVER
) -> tuple[PayeeSession, list[GiveCredit | EarnestError]]:
    """The session after all of them, of which the highest is all that has to be kept, and an answer to each.

    No new promise may expire after `latest`.
    """
    answers: list[GiveCredit | EarnestError] = [_NONE_ADDED] * len(vouchers)
    for place in highest_first(vouchers, _amount):
        signed, promises = vouchers[place]
        try:
            if promises:
                session.require_recordable(promises, latest)
            session, effects = session.receive(signed, promises, lapsed)
        except EarnestError as why:
            answers[place] = why
            continue
        credit = effects[-1]
        if isinstance(credit, GiveCredit):
            answers[place] = credit
    return session, answers


def highest_first(vouchers: Sequence[T], amount: Callable[[T], int]) -> Iterable[int]:
    """Their places, in the order in which they are worth looking at."""
    if len(vouchers) == 1:
        return (0,)
    return sorted(range(len(vouchers)), key=lambda place: -amount(vouchers[place]))


def _amount(arrived: Arrived) -> int:
    return arrived[0].message.cumulative_amount
