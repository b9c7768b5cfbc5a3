"""Ticks (PayWord): payments of one hash each inside a lane, folded into signed vouchers; all of it pure."""

from chain.hash_chain import Ticks
from channels.ticks import errors
from channels.ticks.fold import Fold, JudgedFold
from channels.ticks.meter import JUMP, Meter
from channels.ticks.opening import TicksOpening
from channels.ticks.reading import Reading
from channels.ticks.stretch import Stretch
from channels.ticks.tick_chain import TickChain
from channels.ticks.tick_payer import FOLD_EVERY, TickPayer

__all__ = [
    "FOLD_EVERY",
    "JUMP",
    "Fold",
    "JudgedFold",
    "Meter",
    "Reading",
    "Stretch",
    "TickChain",
    "TickPayer",
    "Ticks",
    "TicksOpening",
    "errors",
]
