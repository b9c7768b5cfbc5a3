"""Payment channels: a deposit on chain, signed messages off chain, the newest of which decides.

Machines and sessions are pure; `Payer` and `Payee` are handed a chain, a key and a file, `Lanes` and `Duplexes` a chain
and a key.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from channels import errors
from channels.actions import CancelClose, Claim, Close, Open, RequestClose, TopUp, Withdraw
from channels.books import Books
from channels.chain_lane import ChainLane, LaneReserve
from channels.channel import Channel, ChannelId
from channels.claims import Claims
from channels.credit import Credit, Delivery, Refund
from channels.deposit import Deposit, SignedDeposit
from channels.duplex.chain_duplex import ChainDuplex, ChainDuplexReserve, ChainFight, Shares
from channels.duplex.channel import DuplexChannel
from channels.duplex.messages import State
from channels.duplex.party.limits import DuplexLimits
from channels.duplex.party.records import Heard, PartyDuplex
from channels.duplex.promise import DuplexPromise
from channels.duplex.signed_challenge import SignedChallenge
from channels.duplex.signed_state import SignedState
from channels.duplex.signed_together import SignedCloseTogether, SignedWithdrawTogether
from channels.fold_request import FoldRequest
from channels.lane import Lane, transition
from channels.lane_close import LaneClose, SignedLaneClose
from channels.limits import Limits
from channels.payee_session import PayeeSession
from channels.payer_session import PayerSession
from channels.promise import Promise
from channels.recorded import Recorded
from channels.records import TillLane, WalletLane
from channels.stores.opening import MemoryStore, SqliteStore
from channels.stores.postgres import PostgresStore
from channels.sync.duplex_party import DuplexParty
from channels.sync.duplexes import Duplexes
from channels.sync.lanes import Lanes
from channels.sync.payee import Payee
from channels.sync.payer import Payer
from channels.voucher import SignedVoucher, Voucher

if TYPE_CHECKING:
    from channels.aio.duplex_party import AsyncDuplexParty
    from channels.aio.duplexes import AsyncDuplexes
    from channels.aio.lanes import AsyncLanes
    from channels.aio.payee import AsyncPayee
    from channels.aio.payer import AsyncPayer

__all__ = [
    "AsyncDuplexParty",
    "AsyncDuplexes",
    "AsyncLanes",
    "AsyncPayee",
    "AsyncPayer",
    "Books",
    "CancelClose",
    "ChainDuplex",
    "ChainDuplexReserve",
    "ChainFight",
    "ChainLane",
    "Channel",
    "ChannelId",
    "Claim",
    "Claims",
    "Close",
    "Credit",
    "Delivery",
    "Deposit",
    "DuplexChannel",
    "DuplexLimits",
    "DuplexParty",
    "DuplexPromise",
    "Duplexes",
    "FoldRequest",
    "Heard",
    "Lane",
    "LaneClose",
    "LaneReserve",
    "Lanes",
    "Limits",
    "MemoryStore",
    "Open",
    "PartyDuplex",
    "Payee",
    "PayeeSession",
    "Payer",
    "PayerSession",
    "PostgresStore",
    "Promise",
    "Recorded",
    "Refund",
    "RequestClose",
    "Shares",
    "SignedChallenge",
    "SignedCloseTogether",
    "SignedDeposit",
    "SignedLaneClose",
    "SignedState",
    "SignedVoucher",
    "SignedWithdrawTogether",
    "SqliteStore",
    "State",
    "TillLane",
    "TopUp",
    "Voucher",
    "WalletLane",
    "Withdraw",
    "errors",
    "transition",
]

_LAZY = {
    "AsyncDuplexParty": "channels.aio.duplex_party",
    "AsyncDuplexes": "channels.aio.duplexes",
    "AsyncLanes": "channels.aio.lanes",
    "AsyncPayee": "channels.aio.payee",
    "AsyncPayer": "channels.aio.payer",
}


def __getattr__(name: str) -> Any:
    """Clients for asyncio bring asyncio, which a paying program may do without."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
