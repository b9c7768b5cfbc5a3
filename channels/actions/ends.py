"""How an epoch of a lane ends, and what is left of it."""

from dataclasses import dataclass

from chain.units import Address, Amount, Seconds
from channels.channel import Channel
from channels.promising import PromisingVoucher


@dataclass(frozen=True, kw_only=True, slots=True)
class Close:
    """The payee ends the epoch with `take` in all; a voucher is needed, and looked at, only above what is settled."""

    caller: Address
    channel: Channel
    epoch: int
    take: Amount
    cumulative_amount: Amount
    signer: Address


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseBySig:
    """The same by the payee's `LaneClose`, or by its own call, with promises or without.

    `signer` is whose signature the `LaneClose` bears, `voucher_signer` whose the voucher does.
    """

    caller: Address
    channel: Channel
    voucher: PromisingVoucher
    take: Amount
    deadline: Seconds
    signer: Address
    voucher_signer: Address


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestClose:
    """The payer starts the window."""

    caller: Address
    channel: Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelClose:
    """The payer takes its request back."""

    caller: Address
    channel: Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdraw:
    """Anyone gives the payer back what is neither settled nor reserved, once the window is over."""

    channel: Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Sweep:
    """Anyone gives the payer back what is left of an ended epoch's reserve, once that is over."""

    channel: Channel
    epoch: int


Ending = Close | CloseBySig | RequestClose | CancelClose | Withdraw | Sweep
