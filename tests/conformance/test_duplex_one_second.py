"""The histories of tests/vectors/duplex/one-second.json on the contract: several calls of one block, in their order."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chain.errors import EarnestError
from chain.units import NOBODY, Seconds
from channels.duplex.machine import transition
from tests.conformance.duplex_calls import call_of, kept
from tests.conformance.duplex_cases import HISTORIES, Case, left, told
from tests.conformance.duplex_words import HOME, PLACES, SIGNERS, START, moves, value
from tests.conformance.evm import Evm

RICH = 10**6
PEOPLE = {role: signer.address for role, signer in SIGNERS.items()}


@pytest.mark.parametrize("name", [name for name in HISTORIES if name.startswith("one-second")])
def test_the_contract_tells_the_history_in_one_second(name: str) -> None:
    case = Case.of(HISTORIES[name])
    world, ledger = Evm(PEOPLE.values(), RICH, "DuplexChannels", START, HOME.chain_id), case.fresh()
    ask: Callable[..., Any] = partial(world.send, NOBODY, "DuplexChannels")
    for step in case.steps:
        now, (action, shown) = Seconds(value(step["at"])), case.action(step)
        world.travel(now)
        before = {place: world.balance(case.channel.token, place) for place in (*PEOPLE.values(), PLACES["contract"])}
        call = call_of(case.channel, action, shown)
        if "refused" in step:
            with pytest.raises(EarnestError) as raised:
                world.send(PLACES[step["by"]], "DuplexChannels", call.function, *call.arguments)
            assert (type(raised.value).__name__, list(raised.value.facts.values())) == case.refusal(step)
            continue
        world.send(PLACES[step["by"]], "DuplexChannels", call.function, *call.arguments, value=call.value)
        moved = {place: world.balance(case.channel.token, place) - held for place, held in before.items()}
        assert {place: amount for place, amount in moved.items() if amount} == moves(step)
        ledger, _ = transition(ledger, action, now)
        assert told(kept(ask, ledger), case) == left(step, case)
