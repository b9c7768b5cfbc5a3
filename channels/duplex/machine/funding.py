"""How deposits come in: the twin of DuplexFunding.sol."""

from dataclasses import replace
from typing import assert_never

from chain.permit2 import Method
from chain.refusals import InvalidAmount, TokenHasNoCode, WrongValue
from chain.units import MAX_AMOUNT, NOBODY, Address, Seconds
from channels.duplex.actions import Deposit, DepositBySig, Funding
from channels.duplex.duplex import LAST_EPOCH
from channels.duplex.errors import InvalidParty, NotParty
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine.guards import require_epoch
from channels.duplex.machine.payouts import Step
from channels.effects import Pull
from channels.errors import AllowanceIsNoAuthorization, DepositTooLarge, InvalidSigner, NoEpochLeft
from channels.lane.guards import require_before
from channels.periods import require_sound_periods


def step(ledger: DuplexLedger, action: Funding, now: Seconds) -> Step:
    """What `transition` says of these verbs."""
    match action:
        case Deposit():
            return _deposit(ledger, action)
        case DepositBySig():
            return _deposit_by_sig(ledger, action, now)
        case _:
            assert_never(action)


def _deposit(ledger: DuplexLedger, action: Deposit) -> Step:
    channel, amount = ledger.channel, action.amount
    if action.caller not in (channel.party_a, channel.party_b):
        raise NotParty(action.caller)
    newer = _added(ledger, action, by_a=action.caller == channel.party_a)
    expected = amount if channel.token == NOBODY else 0
    if action.value != expected:
        raise WrongValue(action.value, expected)
    return newer, [Pull(action.caller, amount)]


def _deposit_by_sig(ledger: DuplexLedger, action: DepositBySig, now: Seconds) -> Step:
    channel = ledger.channel
    newer = _added(ledger, action, action.by_a)
    if action.method is Method.ALLOWANCE:
        raise AllowanceIsNoAuthorization
    require_before(action.before, now)
    if channel.token == NOBODY:
        raise TokenHasNoCode(channel.token)
    return newer, [Pull(channel.party_a if action.by_a else channel.party_b, action.amount)]


def _added(ledger: DuplexLedger, action: Funding, by_a: bool) -> DuplexLedger:
    if action.amount == 0:
        raise InvalidAmount
    require_epoch(ledger, action.epoch)
    if not ledger.duplex.is_open:
        _require_sound(ledger)
    total = ledger.duplex.total + action.amount
    if total > MAX_AMOUNT:
        raise DepositTooLarge(total, MAX_AMOUNT)
    return replace(ledger, duplex=ledger.duplex.add(by_a, action.amount))


def _require_sound(ledger: DuplexLedger) -> None:
    channel = ledger.channel
    _require_party(ledger, channel.party_a)
    _require_party(ledger, channel.party_b)
    if channel.party_a == channel.party_b:
        raise InvalidParty(channel.party_b)
    if channel.signer_a == NOBODY:
        raise InvalidSigner(channel.signer_a)
    if channel.signer_b in (NOBODY, channel.signer_a):
        raise InvalidSigner(channel.signer_b)
    require_sound_periods(channel)
    if ledger.duplex.epoch == LAST_EPOCH:
        raise NoEpochLeft(channel.id)


def _require_party(ledger: DuplexLedger, party: Address) -> None:
    if party in (NOBODY, ledger.domain.contract, ledger.channel.token):
        raise InvalidParty(party)
