"""Channels as their `Opened` events describe them: a description that isn't its id's is refused."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from chain.copies import Ignored
from chain.errors import EarnestError, Malformed
from chain.receipt import Event
from chain.units import Seconds
from channels.channel import Channel, ChannelId
from channels.duplex.channel import DuplexChannel

C = TypeVar("C", Channel, DuplexChannel)
_ALL_96, _ALL_32 = 2**96 - 1, 2**32 - 1


def described(
    events: Iterable[Event], read: Callable[[Mapping[str, Any]], C]
) -> tuple[dict[ChannelId, C], list[Ignored]]:
    """Every channel once, and the blocks of events that describe another one than they name."""
    found, refused = dict[ChannelId, C](), list[Ignored]()
    for event in events:
        try:
            channel = read(event.args)
        except EarnestError as why:
            refused.append(Ignored(source="chain", line=event.block, why=f"{type(why).__name__}: {why}"))
        else:
            found[channel.id] = channel
    return found, refused


def lane_of(args: Mapping[str, Any]) -> Channel:
    """A one-way channel. Raises `Malformed`."""
    channel = Channel(
        payer=args["payer"], payee=args["payee"], token=args["token"], signer=args["signer"], **_periods(args)
    )
    return _same(channel, args)


def duplex_of(args: Mapping[str, Any]) -> DuplexChannel:
    """A two-way channel. Raises `Malformed`."""
    channel = DuplexChannel(
        party_a=args["partyA"],
        party_b=args["partyB"],
        token=args["token"],
        signer_a=args["signerA"],
        signer_b=args["signerB"],
        **_periods(args),
    )
    return _same(channel, args)


def _periods(args: Mapping[str, Any]) -> dict[str, Any]:
    word = args["periods"]
    return {
        "window": Seconds(word >> 128 & _ALL_32),
        "promise_window": Seconds(word >> 96 & _ALL_32),
        "salt": word & _ALL_96,
    }


def _same(channel: C, args: Mapping[str, Any]) -> C:
    if channel.id != args["channelId"]:
        raise Malformed("Opened", f"0x{args['channelId'].hex()} is not the id of what it describes")
    return channel
