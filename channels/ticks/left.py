"""What a payer's newest voucher still promises of a chain: the voucher alone says how far it is folded."""

from collections.abc import Iterable

from chain.units import Amount, Hash32
from channels.promise import Promise
from channels.ticks.stretch import Stretch
from channels.ticks.tick_chain import TickChain


def ticks_left(chain: TickChain, each: Amount, salt: Hash32, promises: Iterable[Promise]) -> Stretch | None:
    """The ticks of `chain` that one of `promises` is for; None where none is. The chain is walked only if it may be."""
    for promise in promises:
        left = promise.amount // each
        if promise.salt != salt or left > chain.ticks.count:
            continue
        position = chain.ticks.count - left
        stretch = Stretch(each=each, count=chain.ticks.count, position=position, anchor=chain.tip(position))
        if promise == stretch.promise(promise.expiry, salt):
            return stretch
    return None
