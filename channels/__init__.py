"""Payment channels: a deposit on chain, signed vouchers off chain, the newest of which is claimed.

Machines and sessions are pure; `Payer` and `Payee` are handed a chain, a key and a file.
"""

from channels import errors
from channels.actions import CancelClose, Claim, Close, Open, RequestClose, TopUp, Withdraw
from channels.books import Books
from channels.channel import Channel, ChannelId
from channels.claims import Claims
from channels.client.payee import Payee
from channels.client.payer import Payer
from channels.credit import Credit, Delivery
from channels.lane import Lane, transition
from channels.payee_session import PayeeSession
from channels.payer_session import PayerSession
from channels.records import TillLane, WalletLane
from channels.voucher import SignedVoucher, Voucher

__all__ = [
    "Books",
    "CancelClose",
    "Channel",
    "ChannelId",
    "Claim",
    "Claims",
    "Close",
    "Credit",
    "Delivery",
    "Lane",
    "Open",
    "Payee",
    "PayeeSession",
    "Payer",
    "PayerSession",
    "RequestClose",
    "SignedVoucher",
    "TillLane",
    "TopUp",
    "Voucher",
    "WalletLane",
    "Withdraw",
    "errors",
    "transition",
]
