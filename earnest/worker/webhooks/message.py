"""What an endpoint is told: one change of one event's standing."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from chain.receipt import Event
from earnest.worker.news import Finality, Seen

_IDS = ("paymentId", "channelId", "fromId")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """`id` is the same for ever, so that who gets it twice knows; `body` is the JSON that is signed."""

    id: str
    subject: str
    finality: Finality
    body: str


def subject_of(event: Event) -> str:
    """What deliveries are in order about: the payment or channel, else the contract's address."""
    found = (event.args[name] for name in _IDS if isinstance(event.args.get(name), bytes))
    return next(("0x" + bytes(value).hex() for value in found), event.address)


def names(event: Event, party: str) -> bool:
    """Whether one of the arguments is this address."""
    return any(value == party for value in event.args.values())


def message_of(seen: Seen, chain_id: int, made_at: float, reading: int = 0) -> Message:
    """The type is the contract's name and the event's; `timestamp` is when it was read, in UTC."""
    event = seen.event
    body = {
        "type": f"{event.contract}.{event.name}",
        "timestamp": _utc(made_at),
        "finality": seen.finality,
        "chainId": str(chain_id),
        "subject": subject_of(event),
        "data": event.to_json(),
    }
    found = _id_of(chain_id, event.block_hash, event.log_index, seen.finality, seen.position, reading)
    return Message(id=found, subject=subject_of(event), finality=seen.finality, body=json.dumps(body))


def message_undoing(told: str, reading: int, made_at: float) -> Message:
    """Of the body that said `latest`, where a follower that was made anew does not have the event."""
    body = json.loads(told)
    body |= {"timestamp": _utc(made_at), "finality": "undone"}
    place = body["data"]["blockHash"], body["data"]["logIndex"]
    found = _id_of(int(body["chainId"]), *place, "undone", 0, reading)
    return Message(id=found, subject=body["subject"], finality="undone", body=json.dumps(body))


def _utc(second: float) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat(timespec="milliseconds")


def _id_of(*facts: str | int) -> str:
    """Of chain, block hash, log index, finality, position and reading.

    The position tells apart an event that came back, in the same block, after it was undone. Another reading has other
    positions: the same one in it says nothing about what was told before.
    """
    return "msg_" + hashlib.sha256(repr(facts).encode()).hexdigest()[:32]
