"""How one party alone ends an epoch: the twin of Fights.sol."""

from dataclasses import replace
from typing import assert_never

from chain.units import NO_HASH, Seconds
from channels.duplex.actions import Answer, Challenge, ChallengeBySig, Fighting, PayOut
from channels.duplex.errors import (
    AlreadyChallenged,
    FightNotOver,
    FightOver,
    NoState,
    NotChallenged,
    NotParty,
    VersionNotNewer,
)
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine.guards import (
    require_both,
    require_current,
    require_open,
    require_own,
)
from channels.duplex.machine.payouts import Step, pay_parties
from channels.duplex.machine.reserves import reserved
from channels.duplex.messages import State
from channels.lane.guards import require_before, require_signed


def step(ledger: DuplexLedger, action: Fighting, now: Seconds) -> Step:
    """What `transition` says of these verbs."""
    match action:
        case Challenge():
            return _challenge(ledger, action, now)
        case ChallengeBySig():
            return _challenge_by_sig(ledger, action, now)
        case Answer():
            return _answer(ledger, action, now)
        case PayOut():
            return _pay_out(ledger, action, now)
        case _:
            assert_never(action)


def _challenge(ledger: DuplexLedger, action: Challenge, now: Seconds) -> Step:
    if action.caller not in (ledger.channel.party_a, ledger.channel.party_b):
        raise NotParty(action.caller)
    _require_challengeable(ledger, action.state)
    return _started(ledger, action, now)


def _challenge_by_sig(ledger: DuplexLedger, action: ChallengeBySig, now: Seconds) -> Step:
    channel = ledger.channel
    require_before(action.deadline, now)
    _require_challengeable(ledger, action.state)
    require_signed(channel.signer_a if action.by_a else channel.signer_b, action.signer)
    return _started(ledger, action, now)


def _answer(ledger: DuplexLedger, action: Answer, now: Seconds) -> Step:
    fight, state = ledger.fight, action.state
    require_own(ledger, state.channel_id)
    require_current(ledger, state.epoch)
    _require_challenged(ledger)
    if fight.is_over(now):
        raise FightOver(now, fight.deadline)
    if state.version <= fight.version:
        raise VersionNotNewer(state.version, fight.version)
    require_both(ledger, action)
    return replace(ledger, fight=Fight.posted(state, fight.deadline)), []


def _pay_out(ledger: DuplexLedger, action: PayOut, now: Seconds) -> Step:
    duplex, fight = ledger.duplex, ledger.fight
    require_open(ledger)
    _require_challenged(ledger)
    if not fight.is_over(now):
        raise FightNotOver(now, fight.deadline)
    share_a, share_b = duplex.shares(fight.net)
    newer = replace(ledger, duplex=duplex.ended(), fight=NO_FIGHT)
    kept = reserved(ledger, action.promises, now) if fight.promises != NO_HASH else None
    if kept is None:
        return newer, pay_parties(ledger.channel, share_a, share_b)
    newer = replace(newer, reserves={**ledger.reserves, duplex.epoch: kept})
    return newer, pay_parties(ledger.channel, share_a - kept.from_a, share_b - kept.from_b)


def _started(ledger: DuplexLedger, action: Challenge | ChallengeBySig, now: Seconds) -> Step:
    state = action.state
    if state.version != 0:
        require_both(ledger, action)
    elif state.net != 0 or state.promises != NO_HASH:
        raise NoState
    deadline = Seconds(now + ledger.channel.window)
    return replace(ledger, fight=Fight.posted(state, deadline)), []


def _require_challengeable(ledger: DuplexLedger, state: State) -> None:
    require_own(ledger, state.channel_id)
    require_current(ledger, state.epoch)
    if ledger.fight.is_on:
        raise AlreadyChallenged(ledger.channel.id, state.epoch)


def _require_challenged(ledger: DuplexLedger) -> None:
    if not ledger.fight.is_on:
        raise NotChallenged(ledger.channel.id, ledger.duplex.epoch)
