"""What can be asked of a lane; one class a function of the contract, its calldata as fields."""

from dataclasses import dataclass

from chain.units import Address, Amount
from channels.channel import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Open:
    """The payer's deposit starts an epoch; `contract` is where the lanes live: it can't be a payee. `value` in wei."""

    caller: Address
    channel: Channel
    amount: Amount
    contract: Address
    value: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class TopUp:
    """The payer adds to the deposit; `value` in wei."""

    caller: Address
    channel: Channel
    amount: Amount
    value: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Anyone shows a voucher; `signer` is whose signature it bears, the zero address if it bears none."""

    channel: Channel
    epoch: int
    cumulative_amount: Amount
    signer: Address


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
    """Anyone gives the payer back what is not settled, once the window is over."""

    channel: Channel


Action = Open | TopUp | Claim | Close | RequestClose | CancelClose | Withdraw
