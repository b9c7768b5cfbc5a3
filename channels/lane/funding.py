"""How a lane's deposit comes in: the twin of LaneFunding.sol."""

from dataclasses import replace
from typing import assert_never

from chain.permit2 import Method
from chain.refusals import InvalidAmount, InvalidPayee, TokenHasNoCode, WrongValue
from chain.units import MAX_AMOUNT, NOBODY, Address, Amount, Seconds
from channels.actions.funding import Funding, Open, OpenBySig, TopUp, TopUpBySig
from channels.channel import Channel
from channels.effects import Pull
from channels.errors import (
    AllowanceIsNoAuthorization,
    AlreadyOpen,
    DepositTooLarge,
    InvalidSigner,
    NoEpochLeft,
)
from channels.lane.guards import require_before, require_not_closing, require_open, require_payer
from channels.lane.lane import LAST_EPOCH, Lane
from channels.periods import require_sound_periods


def step(lane: Lane, action: Funding, now: Seconds) -> tuple[Lane, list[Pull]]:
    """What `transition` says of these verbs."""
    match action:
        case Open():
            require_payer(action.channel, action.caller)
            return _open(lane, action), _pull(action.channel, action.amount, action.value)
        case OpenBySig():
            return _open(lane, action), _take(action, now)
        case TopUp():
            require_payer(action.channel, action.caller)
            return _top_up(lane, action), _pull(action.channel, action.amount, action.value)
        case TopUpBySig():
            return _top_up(lane, action), _take(action, now)
        case _:
            assert_never(action)


def _open(lane: Lane, action: Open | OpenBySig) -> Lane:
    channel, amount = action.channel, action.amount
    _require_sound(channel, amount, action.contract)
    if lane.is_open:
        raise AlreadyOpen(channel.id)
    if lane.epoch == LAST_EPOCH:
        raise NoEpochLeft(channel.id)

    return replace(lane, deposit=amount)


def _top_up(lane: Lane, action: TopUp | TopUpBySig) -> Lane:
    channel, amount = action.channel, action.amount
    if amount == 0:
        raise InvalidAmount
    require_open(lane, channel)
    require_not_closing(lane, channel)
    deposit = lane.deposit + amount
    if deposit > MAX_AMOUNT:
        raise DepositTooLarge(deposit, MAX_AMOUNT)

    return replace(lane, deposit=Amount(deposit))


def _pull(channel: Channel, amount: Amount, value: int) -> list[Pull]:
    expected = amount if channel.token == NOBODY else 0
    if value != expected:
        raise WrongValue(value, expected)
    return [Pull(channel.payer, amount)]


def _take(action: OpenBySig | TopUpBySig, now: Seconds) -> list[Pull]:
    """Native currency can't be taken by a signature: nothing answers at its address."""
    if action.method is Method.ALLOWANCE:
        raise AllowanceIsNoAuthorization
    require_before(action.before, now)
    if action.channel.token == NOBODY:
        raise TokenHasNoCode(NOBODY)
    return [Pull(action.channel.payer, action.amount)]


def _require_sound(channel: Channel, amount: Amount, contract: Address) -> None:
    if amount == 0:
        raise InvalidAmount
    if channel.payee in (NOBODY, channel.payer, contract, channel.token):
        raise InvalidPayee(channel.payee)
    if channel.signer == NOBODY:
        raise InvalidSigner(channel.signer)
    require_sound_periods(channel)
