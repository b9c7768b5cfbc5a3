"""Which claims may share a transaction."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from chain.units import Address
from channels.channel import Channel
from channels.settlement.gas import fits

T = TypeVar("T")
Receiver = tuple[Address, Address]
"""Payee and token: the claims of both are one push."""


def receiver_of(channel: Channel) -> Receiver:
    """To whom its claims are pushed, and in which token."""
    return channel.payee, channel.token


def by_receiver(rows: Iterable[T], channel: Callable[[T], Channel]) -> list[list[T]]:
    """One list for each payee and token: what their code does befalls no row of another list."""

    def receiver(row: T) -> Receiver:
        return receiver_of(channel(row))

    return [list(group) for _, group in groupby(sorted(rows, key=receiver), key=receiver)]


def in_transactions(rows: Iterable[T], channel: Callable[[T], Channel]) -> Iterator[list[T]]:
    """The rows in their order, cut where a transaction could become too large."""
    found, receivers = list[T](), set[Receiver]()
    for row in rows:
        receiver = receiver_of(channel(row))
        if not fits(len(found) + 1, len(receivers | {receiver})):
            yield found
            found, receivers = [], set()
        found.append(row)
        receivers.add(receiver)
    if found:
        yield found
