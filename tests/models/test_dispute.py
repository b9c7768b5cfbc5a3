"""An honest party that is awake once in the window never loses, whatever the other does in the last second.

Bounds: window 3 s, deposits of 1 each and one top-up of 1, versions to 3 (so up to three states signed, of any net that
the deposits cover), one close that lasts 2 s; the honest party sees the chain 1 s late. All of it is searched. Where
something is left out or broken, versions to 2 are enough to find what is lost.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.units import Address, Seconds
from channels.duplex import actions
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine import Step, transition
from tests.models.dispute import Dispute, Rules
from tests.models.dispute_world import WINDOW, A, B, Law, World
from tests.models.search import Found, search


def played(dispute: Dispute) -> Found[World]:
    return search(World(), dispute.moves, dispute.lost)


@pytest.mark.parametrize("honest", [A, B])
def test_an_honest_party_never_loses(honest: Address) -> None:
    found = played(Dispute(honest=honest))

    assert found.way == ()
    assert found.loss is None
    assert found.worlds > 60_000, "the search has looked at less than it should"


@pytest.mark.parametrize(
    "left_out",
    [
        "offers_never_rise",
        "silent_in_a_fight",
        "silent_after_a_close",
        "one_state_a_version",
        "wakes",
        "posts_its_newest",
    ],
)
def test_every_rule_that_it_keeps_is_needed(left_out: str) -> None:
    law: dict[str, Any] = {left_out: False}
    assert played(Dispute(law=Law(**law), last_version=2)).loss


def fought(ledger: DuplexLedger, **changes: Any) -> DuplexLedger:
    return replace(ledger, fight=replace(ledger.fight, **changes))


def moving(ledger: DuplexLedger, action: Any, now: Seconds) -> Step:
    newer, effects = transition(ledger, action, now)
    if isinstance(action, actions.Answer):
        return fought(newer, deadline=Seconds(now + WINDOW)), effects
    return newer, effects


def challenging_again(ledger: DuplexLedger, action: Any, now: Seconds) -> Step:
    if not (isinstance(action, actions.Challenge) and ledger.fight.is_on):
        return transition(ledger, action, now)
    newer, effects = transition(replace(ledger, fight=NO_FIGHT), action, now)
    return fought(newer, deadline=ledger.fight.deadline), effects


def believing_version_0(ledger: DuplexLedger, action: Any, now: Seconds) -> Step:
    if not (isinstance(action, actions.Challenge) and action.state.version == 0):
        return transition(ledger, action, now)
    newer, effects = transition(ledger, replace(action, state=replace(action.state, net=0)), now)
    return fought(newer, net=action.state.net), effects


def posting_anything(ledger: DuplexLedger, action: Any, now: Seconds) -> Step:
    if isinstance(action, actions.Challenge | actions.Answer):
        return transition(ledger, replace(action, signer_a=A, signer_b=B), now)
    return transition(ledger, action, now)


def answering_as_if(change: Callable[[Fight], int]) -> Rules:
    """Another version stood in the fight."""

    def answering(ledger: DuplexLedger, action: Any, now: Seconds) -> Step:
        if isinstance(action, actions.Answer):
            return transition(fought(ledger, version=change(ledger.fight)), action, now)
        return transition(ledger, action, now)

    return answering


def another_second(kind: type, seconds: int) -> Rules:
    """The verb is done as if it were later, or earlier."""

    def shifted(ledger: DuplexLedger, action: Any, now: Seconds) -> Step:
        return transition(ledger, action, Seconds(now + seconds if isinstance(action, kind) else now))

    return shifted


BROKEN: dict[str, Rules] = {
    "the deadline moves": moving,
    "one may challenge again": challenging_again,
    "version 0 may owe something": believing_version_0,
    "an equal version answers": answering_as_if(lambda fight: max(fight.version - 1, 0)),
    "an older version answers": answering_as_if(lambda fight: 0),
    "an answer counts at the deadline": another_second(actions.Answer, -1),
    "an answer is too late a second early": another_second(actions.Answer, 1),
    "the payout comes a second early": another_second(actions.PayOut, 1),
    "the payout comes a second late": another_second(actions.PayOut, -1),
    "nobody's signature is looked at": posting_anything,
    "a close counts after its deadline": another_second(actions.CloseTogether, -9),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_search_sees_when_a_rule_of_the_chain_is_broken(name: str) -> None:
    assert played(Dispute(rules=BROKEN[name], last_version=2)).loss
