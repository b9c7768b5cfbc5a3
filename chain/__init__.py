"""The ground floor: one chain behind one API, money that knows its token, keys that are never shown, typed errors.

What stands on web3 or eth-abi is loaded when it is first named: that takes a second or two, and a payer needs none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chain import errors, refusals
from chain.errors import (
    ChainError,
    EarnestError,
    IllegalAction,
    InvalidMessage,
    InvalidSignature,
    InvalidValue,
    Refused,
    StoreError,
    ToolError,
)
from chain.finality import Finality
from chain.money import Money, Token
from chain.network import Network
from chain.signer import Signer
from chain.signing import Signed
from chain.typed_data import Domain, TypedData
from chain.units import NOBODY, Address, Amount, Hash32, Seconds, address

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain
    from chain.aio.follower import AsyncFollower
    from chain.aio.local import AsyncLocalChain
    from chain.aio.outbox import AsyncOutbox
    from chain.aio.preflight import AsyncPreflight
    from chain.follower.undone import Undone
    from chain.outbox.fees import Fees
    from chain.receipt import Event, Receipt
    from chain.sync.chain import Chain
    from chain.sync.follower import Follower
    from chain.sync.local import LocalChain
    from chain.sync.outbox import Outbox
    from chain.sync.preflight import Preflight

__all__ = [
    "NOBODY",
    "Address",
    "Amount",
    "AsyncChain",
    "AsyncFollower",
    "AsyncLocalChain",
    "AsyncOutbox",
    "AsyncPreflight",
    "Chain",
    "ChainError",
    "Domain",
    "EarnestError",
    "Event",
    "Fees",
    "Finality",
    "Follower",
    "Hash32",
    "IllegalAction",
    "InvalidMessage",
    "InvalidSignature",
    "InvalidValue",
    "LocalChain",
    "Money",
    "Network",
    "Outbox",
    "Preflight",
    "Receipt",
    "Refused",
    "Seconds",
    "Signed",
    "Signer",
    "StoreError",
    "Token",
    "ToolError",
    "TypedData",
    "Undone",
    "address",
    "errors",
    "refusals",
]

_LAZY = {
    "Event": "chain.receipt",
    "Receipt": "chain.receipt",
    "AsyncChain": "chain.aio.chain",
    "AsyncLocalChain": "chain.aio.local",
    "Chain": "chain.sync.chain",
    "LocalChain": "chain.sync.local",
    "AsyncFollower": "chain.aio.follower",
    "Follower": "chain.sync.follower",
    "Undone": "chain.follower.undone",
    "AsyncOutbox": "chain.aio.outbox",
    "Outbox": "chain.sync.outbox",
    "Fees": "chain.outbox.fees",
    "AsyncPreflight": "chain.aio.preflight",
    "Preflight": "chain.sync.preflight",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
