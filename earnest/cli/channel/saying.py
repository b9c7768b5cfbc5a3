"""A channel in words, and what a step has left."""

from collections.abc import Iterable, Iterator
from typing import Any

from channels import ChainLane, TillLane, WalletLane
from channels.lane import Lane as Word
from channels.reserve import Reserve
from earnest.cli.answer import done
from escrow.dates import date

Lane = ChainLane | TillLane | WalletLane


def told(verb: str, lane: Lane, lines: Iterable[str] = (), *, as_json: bool) -> None:
    """What has moved, what it cost, and the channel as it is then."""
    done({"verb": verb, "lane": plain(lane)}, [*lines, *_end(lane), *state(lane)], lane.receipt, as_json=as_json)


def plain(shown: Any) -> dict[str, Any]:
    """As JSON without its receipt, which stands apart."""
    return {name: value for name, value in shown.to_json().items() if name != "receipt"}


def _end(lane: Lane) -> Iterator[str]:
    """Where the deposit went, if the step has ended an epoch: by the contract's own word."""
    words = {event.name: event.args for event in lane.receipt.events} if lane.receipt else {}
    units, kept = lane.deposit.token.units, Reserve()
    for name in words.keys() & {"Closed", "Withdrawn"}:
        ended = Word.from_word(words[name]["lane"])
        if "Reserved" in words:
            kept = Reserve.from_word(words["Reserved"]["reserve"])
        rest = units(ended.deposit - ended.settled - kept.left)
        yield f"In all {units(ended.settled)} was the payee's; {rest} back to the payer"
        if kept.left:
            yield f"{units(kept.left)} is kept for promises until {date(kept.time)}"


def state(lane: Lane) -> Iterator[str]:
    """For people."""
    yield f"Channel 0x{lane.id.hex()}, epoch {lane.epoch}"
    if not lane.deposit:
        yield "It is not open"
        return
    yield f"Deposit: {lane.deposit}; settled: {lane.settled}"
    match lane:
        case WalletLane():
            yield f"Promised: {lane.promised}; left: {lane.left}"
        case TillLane():
            yield f"Accepted: {lane.accepted}; delivered: {lane.delivered}; owed: {lane.owed}"
        case ChainLane():
            pass
    if lane.closes_at:
        yield f"It is closing: the payee has to claim before {date(lane.closes_at)}"
