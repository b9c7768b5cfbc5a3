"""Escrow: money that is held until consent, a condition or the clock lets it go."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from escrow import actions, conditions, errors
from escrow.effects import Effect, Pay, Pull
from escrow.holding import Holding
from escrow.machine import transition
from escrow.payment import Payment
from escrow.phase import Phase
from escrow.presets import PayeeShare
from escrow.terms import Terms

if TYPE_CHECKING:
    from escrow.aio.client import AsyncEscrow
    from escrow.sync.client import Escrow

__all__ = [
    "AsyncEscrow",
    "Effect",
    "Escrow",
    "Holding",
    "Pay",
    "PayeeShare",
    "Payment",
    "Phase",
    "Pull",
    "Terms",
    "actions",
    "conditions",
    "errors",
    "transition",
]


_LAZY = {"AsyncEscrow": "escrow.aio.client", "Escrow": "escrow.sync.client"}


def __getattr__(name: str) -> Any:
    """The clients bring web3, which takes seconds to import: only who names them waits for it."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
