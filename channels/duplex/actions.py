"""What can be asked of a two-way channel; one class a function of the contract, its calldata as fields.

`signer_a` and `signer_b` are whose signatures a message bears, the zero address where it bears none: of a party that
calls itself none is looked at. `value` is in wei.
"""

from dataclasses import dataclass

from chain.permit2 import Method
from chain.units import NOBODY, Address, Amount, Hash32, Seconds
from channels.duplex import messages
from channels.duplex.messages import State
from channels.duplex.promise import DuplexPromise, DuplexPromises

_LATEST = Seconds(2**48 - 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class _ByBoth:
    caller: Address
    signer_a: Address = NOBODY
    signer_b: Address = NOBODY


@dataclass(frozen=True, kw_only=True, slots=True)
class Deposit:
    """A party adds to its own deposit; the first one starts the epoch."""

    caller: Address
    epoch: int
    amount: Amount
    value: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class DepositBySig:
    """The same by the party's authorization of the transfer; anyone may submit it before the second `before`."""

    epoch: int
    by_a: bool
    amount: Amount
    method: Method = Method.ERC3009
    before: Seconds = _LATEST


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseTogether(_ByBoth):
    """Both end the epoch now."""

    message: messages.CloseTogether


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawTogether(_ByBoth):
    """Both take some out, and go on in the next epoch."""

    message: messages.WithdrawTogether


@dataclass(frozen=True, kw_only=True, slots=True)
class Challenge(_ByBoth):
    """A party starts the window, with a state, or with version 0 and without one."""

    state: State


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeBySig(_ByBoth):
    """The same by the party's `messages.Challenge`, which `signer` signed; anyone brings it before `deadline`."""

    state: State
    by_a: bool
    deadline: Seconds
    signer: Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer(_ByBoth):
    """Anyone posts a newer state before the window is over."""

    state: State


@dataclass(frozen=True, kw_only=True, slots=True)
class PayOut:
    """Anyone ends the epoch once the window is over; `promises` are not looked at where the state has none."""

    promises: DuplexPromises


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Anyone proves a promise: its condition says `released`, which is asked with data of `data_hash`."""

    epoch: int
    promise: DuplexPromise
    data_hash: Hash32
    released: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Collect:
    """Anyone pays what is recorded of an ended epoch's promises; `leaves` are their hashes, rising."""

    epoch: int
    promises: DuplexPromises
    leaves: tuple[Hash32, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sweep:
    """Anyone gives back what promises have not taken, once their reserve is over."""

    epoch: int


Funding = Deposit | DepositBySig
Together = CloseTogether | WithdrawTogether
Fighting = Challenge | ChallengeBySig | Answer | PayOut
Promising = Record | Collect | Sweep
Action = Funding | Together | Fighting | Promising
