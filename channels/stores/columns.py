"""Values as they lie in a store's columns."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from chain.signing import Signed
from chain.typed_data import unhex
from chain.units import Amount, Seconds
from channels.channel import Channel
from channels.lane import Lane
from channels.payee_session import PayeeSession
from channels.promise import Promise, promises_hash
from channels.proven import Proven
from channels.stores.book import Book
from channels.voucher import Voucher

ZERO = bytes(12)


def blob(amount: int, size: int = 12) -> bytes:
    """An amount as it is stored."""
    return amount.to_bytes(size, "big")


def amount(stored: bytes) -> Amount:
    """The inverse of `blob`."""
    return Amount(int.from_bytes(stored, "big"))


def lane_of(epoch: int, deposit: bytes, settled: bytes, closes_at: int) -> Lane:
    """The lane in columns of these names."""
    return Lane(epoch=epoch, deposit=amount(deposit), settled=amount(settled), closes_at=Seconds(closes_at))


def lane_values(lane: Lane) -> tuple[int, bytes, bytes, int]:
    """The inverse of `lane_of`."""
    return lane.epoch, blob(lane.deposit), blob(lane.settled), lane.closes_at


def descriptor(channel: Channel) -> str:
    """A channel as it is stored."""
    return json.dumps(channel.to_json())


@lru_cache(maxsize=4096)
def channel_of(text: str) -> Channel:
    """The inverse of `descriptor`; four addresses are dear to check, and a channel never changes."""
    return Channel.from_json(json.loads(text))


def promises_text(promises: Iterable[Promise]) -> str:
    """Promises as they are stored; no promises are an empty text."""
    listed = [promise.to_json() for promise in promises]
    return json.dumps(listed) if listed else ""


def promises_of(text: str) -> tuple[Promise, ...]:
    """The inverse of `promises_text`."""
    return tuple(Promise.from_json(data) for data in json.loads(text)) if text else ()


def proven_text(proven: Iterable[Proven]) -> str:
    """What is proven, as it is stored."""
    listed = [
        {
            "promise": known.promise.to_json(),
            "data": "0x" + known.data.hex(),
            "proof": "0x" + known.proof.hex(),
            "released": str(known.released),
            "recorded": str(known.recorded),
            "isLast": known.is_last,
        }
        for known in proven
    ]
    return json.dumps(listed) if listed else ""


def proven_of(text: str) -> tuple[Proven, ...]:
    """The inverse of `proven_text`."""
    return tuple(map(_proven, json.loads(text))) if text else ()


def book_of(text: str, *columns: Any) -> Book:
    """The book in the columns that `aio/base.py` selects."""
    *lane, unconfirmed, pending, accepted, delivered, refunded, stopped = columns[:10]
    cumulative, signature, promised, proven, included, at, since = columns[10:]
    channel, seen, promises = channel_of(text), lane_of(*lane), promises_of(promised)
    session = PayeeSession(
        channel=channel,
        lane=seen,
        accepted=amount(accepted),
        delivered=amount(delivered),
        refunded=amount(refunded),
        newest=_newest(channel, seen.epoch, cumulative, signature, promises) if signature else None,
        promises=promises,
        proven=proven_of(proven),
        pending=amount(pending),
        unconfirmed=amount(unconfirmed),
        stopped=stopped,
    )
    return Book(session=PayeeSession.checked(session), included=amount(included), seen_at=at, unsettled_since=since)


def _newest(
    channel: Channel, epoch: int, cumulative: bytes, signature: bytes, promises: tuple[Promise, ...]
) -> Signed[Voucher]:
    voucher = Voucher(
        channel_id=channel.id,
        epoch=epoch,
        cumulative_amount=amount(cumulative),
        promises=promises_hash(promises),
    )
    return Signed(voucher, channel.signer, signature)


def _proven(data: Any) -> Proven:
    return Proven(
        promise=Promise.from_json(data["promise"]),
        data=unhex("data", data["data"]),
        proof=unhex("proof", data["proof"]),
        released=Amount(int(data["released"])),
        recorded=Amount(int(data["recorded"])),
        is_last=data["isLast"],
    )
