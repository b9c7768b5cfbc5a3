"""An action as a call of the contract, and what the contract keeps as the twin has it: written apart from the twin."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, assert_never

from channels.duplex.actions import (
    Action,
    Answer,
    Challenge,
    ChallengeBySig,
    CloseTogether,
    Collect,
    Deposit,
    DepositBySig,
    PayOut,
    Record,
    Sweep,
    WithdrawTogether,
)
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.fight import Fight
from channels.duplex.ledger import DuplexLedger, DuplexRecord
from channels.duplex.messages import State
from channels.duplex.reserve import DuplexReserve

ZEROS = bytes(32)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a call brings, of which the twin is told only the outcome."""

    signatures: tuple[bytes, ...] = (ZEROS,) * 4
    own: tuple[bytes, ...] = ()
    """The challenger's, where somebody else brings its word."""
    data: bytes = b""
    proof: bytes = b""
    authorization: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Call:
    """A function of the contract with its arguments, and the native currency that comes with it."""

    function: str
    arguments: tuple[Any, ...]
    value: int = 0


def call_of(channel: DuplexChannel, action: Action, shown: Shown) -> Call:
    name = type(action).__name__
    function = name[0].lower() + name[1:]
    arguments = _arguments(action, shown)
    first = channel.id if isinstance(action, Record) else channel.calldata
    return Call(function, (first, *arguments), getattr(action, "value", 0))


def _arguments(action: Action, shown: Shown) -> tuple[Any, ...]:  # noqa: C901 -- one case a verb
    match action:
        case Deposit():
            return action.epoch, action.amount
        case DepositBySig():
            return action.epoch, action.by_a, action.amount, (int(action.method), *shown.authorization)
        case CloseTogether(message=said):
            return (said.epoch, said.net, said.deadline), shown.signatures
        case WithdrawTogether(message=said):
            return (said.epoch, said.net, said.to_a, said.to_b, said.deadline), shown.signatures
        case Challenge() | Answer():
            return _state(action.state), shown.signatures
        case ChallengeBySig():
            return _state(action.state), shown.signatures, action.by_a, action.deadline, *shown.own
        case PayOut():
            return (action.promises,)
        case Record():
            return action.epoch, action.promise, shown.data, shown.proof
        case Collect():
            return action.epoch, action.promises, list(action.leaves)
        case Sweep():
            return (action.epoch,)
        case _:
            assert_never(action)


def _state(state: State) -> tuple[int, int, int, bytes]:
    return state.epoch, state.version, state.net, state.promises


def kept(call: Callable[..., Any], ledger: DuplexLedger) -> DuplexLedger:
    """What the contract says of the channel: of the last epochs, and of the promises that `ledger` has records of."""
    channel_id = ledger.channel.id
    deposit_a, deposit_b, epoch = call("duplexOf", channel_id)
    net, version, deadline, promises = call("fightOf", channel_id, epoch)
    reserves = {number: _reserve(*call("reserveOf", channel_id, number)) for number in range(max(epoch - 9, 0), epoch)}
    return replace(
        ledger,
        duplex=Duplex(deposit_a=deposit_a, deposit_b=deposit_b, epoch=epoch),
        fight=Fight(net=net, version=version, deadline=deadline, promises=promises),
        reserves={number: reserve for number, reserve in reserves.items() if reserve.until},
        records={
            subject: DuplexRecord(released=call("recordedOf", subject), from_a=record.from_a)
            for subject, record in ledger.records.items()
        },
    )


def _reserve(from_a: Any, paid_from_a: Any, from_b: Any, paid_from_b: Any, until: Any, promises: Any) -> DuplexReserve:
    return DuplexReserve(
        from_a=from_a, from_b=from_b, until=until, promises=promises, paid_from_a=paid_from_a, paid_from_b=paid_from_b
    )
