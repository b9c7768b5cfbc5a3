"""How a lane's deposit comes in."""

from dataclasses import dataclass

from chain.permit2 import Method
from chain.units import Address, Amount, Seconds
from channels.channel import Channel

_LATEST = Seconds(2**48 - 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Open:
    """The payer's deposit starts an epoch; `contract` is where the lanes live: it can't be a payee. `value` in wei."""

    caller: Address
    channel: Channel
    amount: Amount
    contract: Address
    value: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenBySig:
    """The same by the payer's authorization of the transfer; anyone may submit it before the second `before`."""

    channel: Channel
    amount: Amount
    contract: Address
    method: Method
    before: Seconds = _LATEST


@dataclass(frozen=True, kw_only=True, slots=True)
class TopUp:
    """The payer adds to the deposit; `value` in wei."""

    caller: Address
    channel: Channel
    amount: Amount
    value: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class TopUpBySig:
    """The same by the payer's authorization of the transfer; anyone may submit it before the second `before`."""

    channel: Channel
    amount: Amount
    method: Method
    before: Seconds = _LATEST


Funding = Open | OpenBySig | TopUp | TopUpBySig
