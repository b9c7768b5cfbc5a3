"""Claims that share a transaction."""

from collections.abc import Iterator, Sequence

from chain.units import Seconds
from channels.settlement.actions import ClaimTogether
from channels.settlement.batching import in_transactions
from channels.settlement.candidate import Candidate
from channels.settlement.gas import BATCH, ROW
from channels.settlement.steps import Step, Submit

_NEVER = 2**64
_SHARED = "it could not pay for a transaction, and too few press with it"


def together(rows: Sequence[Candidate]) -> Iterator[Step]:
    """Lanes without promises. What presses goes if it pays for a transaction of its own; who rides along pays its row.

    Nobody can make the payee claim at a loss: what presses brings more than its fee, all of it and each row.
    """
    wanted = list[Candidate]()
    for row in rows:
        if not row.pays:
            yield row.never(row.amount)
        elif row.why or _rides(row):
            wanted.append(row)
        else:
            yield row.later(row.amount)
    wanted.sort(key=lambda row: (row.why is None, _end(row), -row.amount, row.sight.position.place))
    for batch in in_transactions(wanted, lambda row: row.sight.position.channel):
        yield from _batch(batch)


def _rides(row: Candidate) -> bool:
    """Whether one row more is cheap enough, if there is a transaction."""
    return row.spare_gas is not None and row.spare_gas >= 0


def _batch(rows: Sequence[Candidate]) -> Iterator[Step]:
    pressing = [row for row in rows if row.why]
    if not (_pays(pressing) or _is_cheap([row for row in rows if not row.why])):
        for row in rows:
            yield row.later(row.amount) if row.sight.until is None else row.never(row.amount, _SHARED)
        return
    deadline = min((row.deadline for row in pressing if row.deadline), default=None)
    before: Seconds | None = rows[0].policy.before(deadline) if deadline else None
    lanes = tuple(row.sight.position.channel.id for row in rows)
    dues = tuple(sorted(due for row in rows for due in row.due(row.amount)))
    yield Submit(ClaimTogether(lanes), _why(rows, pressing), before, dues)


def _pays(pressing: Sequence[Candidate]) -> bool:
    """Whether what they bring beyond their rows pays for the transaction; money without a price always does."""
    bought = [row.buys for row in pressing]
    return None in bought or sum(gas - ROW for gas in bought if gas is not None) > BATCH


def _is_cheap(riding: Sequence[Candidate]) -> bool:
    """Whether the fee is within its share of what they bring."""
    return sum(row.spare_gas or 0 for row in riding) >= BATCH


def _why(rows: Sequence[Candidate], pressing: Sequence[Candidate]) -> str:
    if not pressing:
        return "the fee is a small enough share of it"
    others, riding = len(pressing) - 1, len(rows) - len(pressing)
    more = f"; {others} more press" if others else ""
    return f"{pressing[0].why}{more}" + (f"; {riding} ride along" if riding else "")


def _end(row: Candidate) -> int:
    return _NEVER if row.deadline is None else row.deadline
