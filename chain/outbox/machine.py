"""What to do about each intent, given what a node has shown.

At most once: every attempt of an intent has its one nonce, and another nonce is given only when a transaction that is
none of its own is final at the former one, so that none of its attempts can ever execute. Exactly once: until one of
them is final it is sent again, and bids more.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from chain.outbox.entry import Attempt, Entry, Stage
from chain.outbox.fees import Fees, Price
from chain.outbox.intent import Intent
from chain.outbox.sighting import AccountSeen, Mined, Seen, Taken

RESTORED = "a backup was restored, so it may have happened since"
_TRIES = 64
"""Simulations in one round: it has to end well within its lease."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A transaction at the intent's nonce: to be signed, kept, and only then handed to a node."""

    nonce: int
    price: Price
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Hand these bytes to a node; it may have them already."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Finding:
    """Something for a person to know: `stuck` (the bid may not rise further), `unknown`, `refused` by the node."""

    key: str
    name: str
    why: str


Effect = Sign | Send | Finding


def review(entry: Entry, seen: Seen, account: AccountSeen, fees: Fees) -> tuple[Entry, list[Effect]]:
    """The newer entry, to be kept first, then what to do."""
    if not entry.open:
        return entry, []
    if entry.nonce is None:
        return _queued(entry, account), []
    if seen.mined:
        return _mined(entry, seen.mined), []
    if seen.taken:
        return _taken(entry, seen.taken, account), []
    if account.head_count > entry.nonce:
        newer = _outside(entry, Stage.UNKNOWN)
        return newer, [Finding(entry.intent.key, "unknown", f"nonce {entry.nonce} is used by a transaction not ours")]
    newer = _outside(entry, Stage.SENT)
    if entry.stage is not Stage.SENT and not seen.pooled:
        # A reorg has put it out: its bid was good, so the same bytes.
        return newer, [Send(entry.newest)]
    return newer, _push(newer, entry.nonce, seen, account, fees)


def has_room(entries: Iterable[Entry], fees: Fees) -> bool:
    """Whether one more may have a nonce now."""
    return sum(entry.waiting for entry in entries) < fees.in_flight


def in_turn(entries: Iterable[Entry], after: str = "") -> list[Entry]:
    """The queued ones to be tried now, in the order in which they came, but first those behind the key `after`.

    What can't begin holds up nobody: the next round goes on behind it, and comes back to it.
    """
    queue = [entry for entry in entries if entry.stage is Stage.QUEUED and entry.intent.fills is None]
    start = next((place + 1 for place, entry in enumerate(queue) if entry.intent.key == after), 0)
    return (queue[start:] + queue[:start])[:_TRIES]


def is_first(entry: Entry, entries: Iterable[Entry]) -> bool:
    """Nothing is before it that it may build on: what a simulation says of it now, it would do."""
    before = takewhile(lambda other: other.intent.key != entry.intent.key, entries)
    return not any(other.waiting for other in entries) and not any(other.stage is Stage.QUEUED for other in before)


def next_nonce(used: Iterable[int], floor: int, account: AccountSeen) -> int:
    """The lowest that no open intent has, no transaction in a block or a node's pool, and nothing final (`floor`)."""
    taken, nonce = set(used), max(floor, account.head_count, account.pool_count)
    while nonce in taken:
        nonce += 1
    return nonce


def gap(entries: Collection[Entry], floor: int, account: AccountSeen) -> int | None:
    """A nonce below all that wait, which nobody uses (a foreign transaction was dropped): what waits can't move.

    For when the queued ones have had their turn: one of them would have taken it.
    """
    waiting = [entry.nonce for entry in entries if entry.stage is Stage.SENT and entry.nonce is not None]
    if not waiting:
        return None
    missing = next_nonce((entry.nonce for entry in entries if entry.nonce is not None), floor, account)
    return missing if missing < min(waiting) else None


def beginning(used: Iterable[int], floor: int, account: AccountSeen, fees: Fees) -> Sign:
    """The first transaction of an intent, at the next nonce."""
    return Sign(next_nonce(used, floor, account), fees.first(account.base_fee, account.tip))


def unpaid(
    entry: Entry, price: Price, account: AccountSeen, others: Iterable[Entry] = (), *, cancels: bool = False
) -> str:
    """Why nodes would not take it beside others that wait, or nothing. Signed, it would hold up all that comes after.

    `entry` with the gas that it needs.
    """
    waiting = sum(_cost(other, other.newest.price, other.newest.cancels) for other in others if other.waiting)
    cost, left = _cost(entry, price, cancels), account.balance - waiting
    return "" if cost <= left else f"insufficient funds: it may cost {cost} wei, and {max(left, 0)} are free"


def signed(entry: Entry, nonce: int, gas: int, attempt: Attempt) -> Entry:
    """With its first or next attempt, to be kept before a node gets it."""
    return replace(entry, stage=Stage.SENT, nonce=nonce, gas=gas, attempts=(*entry.attempts, attempt), why="")


def refused(entry: Entry, why: str) -> Entry:
    """It would revert: queued, it has used no nonce."""
    return replace(entry, stage=Stage.REFUSED, why=why)


def given_up(entry: Entry, why: str) -> Entry:
    """Only for one that never had a nonce, or whose nonce is final without its call."""
    return replace(entry, stage=Stage.GIVEN_UP, why=why)


def _cost(entry: Entry, price: Price, cancels: bool) -> int:
    """At most, in wei."""
    return (0 if cancels else entry.intent.value) + entry.gas * price.max_fee


def _payable(entry: Entry, account: AccountSeen) -> Attempt:
    """The newest that the account could pay: nodes refuse the others."""
    bids = (one for one in reversed(entry.attempts) if _cost(entry, one.price, one.cancels) <= account.balance)
    return next(bids, entry.newest)


def _queued(entry: Entry, account: AccountSeen) -> Entry:
    if why := _unwanted(entry, account):
        return given_up(entry, why)
    return entry


def _unwanted(entry: Entry, account: AccountSeen) -> str:
    """Why it should not happen any more, or nothing."""
    intent: Intent = entry.intent
    if entry.cancelled:
        return "cancelled"
    if intent.expiry is not None and account.time >= intent.expiry:
        return "expired"
    if intent.fills is not None and account.final_count > intent.fills:
        return "the gap is filled"
    return ""


def _mined(entry: Entry, mined: Mined) -> Entry:
    newer = replace(
        entry,
        stage=Stage.INCLUDED,
        transaction=mined.transaction,
        block=mined.block,
        block_hash=mined.block_hash,
        why="",
    )
    if not mined.final:
        return newer
    if mined.cancels:
        return given_up(newer, "cancelled")
    return replace(newer, stage=Stage.DONE if mined.succeeded else Stage.REVERTED)


def _taken(entry: Entry, taken: Taken, account: AccountSeen) -> Entry:
    """None of its attempts can execute any more: a new nonce is no second payment, unless one was given before."""
    found = replace(entry, transaction=taken.transaction, block=taken.block, block_hash=taken.block_hash, why="")
    if taken.same:
        return replace(found, stage=Stage.DONE if taken.succeeded else Stage.REVERTED)
    if entry.intent.fills is not None:
        return given_up(found, "the gap is filled")
    without = replace(entry, stage=Stage.QUEUED, nonce=None, gas=0, attempts=())
    if entry.restored:
        return refused(_outside(without, Stage.QUEUED), RESTORED)
    if why := _unwanted(entry, account):
        return given_up(found, why)
    return _outside(without, Stage.QUEUED)


def _outside(entry: Entry, stage: Stage) -> Entry:
    """In no block that counts, whatever was seen before."""
    return replace(entry, stage=stage, transaction="", block=0, block_hash="")


def _push(entry: Entry, nonce: int, seen: Seen, account: AccountSeen, fees: Fees) -> list[Effect]:
    """The same bytes again; or a higher bid, where they had their time and are next in turn, or are to be cancelled."""
    again: list[Effect] = [] if seen.pooled else [Send(_payable(entry, account))]
    cancels = entry.newest.cancels or bool(_unwanted(entry, account))
    begins_cancel = cancels and not entry.newest.cancels
    late = nonce == account.head_count and account.head - entry.newest.block >= fees.patience
    if not begins_cancel and not late:
        return again
    price = fees.replacing(entry.newest.price, account.base_fee, account.tip, cancels=cancels)
    if price and (why := unpaid(entry, price, account, cancels=cancels)):
        return [*again, Finding(entry.intent.key, "stuck", why)]
    if price is None:
        bid = entry.newest.price
        why = f"it bids {bid.max_fee} wei with a tip of {bid.tip}: {fees.max_fee} with {fees.max_tip} is the most"
        return [*again, Finding(entry.intent.key, "stuck", why)]
    return [Sign(nonce, price, cancels)]
