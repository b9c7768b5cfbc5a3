"""The histories of tests/vectors/duplex on machine and contract: amounts, states, refusals and facts agree."""

from collections.abc import Iterator
from typing import Any

import pytest

from chain import LocalChain, contracts
from chain.errors import EarnestError
from chain.money import Token
from chain.units import Address, Seconds
from channels.duplex.machine import transition
from tests.conformance.duplex_calls import call_of, kept
from tests.conformance.duplex_cases import HISTORIES, Case, left, told
from tests.conformance.duplex_words import PLACES, SIGNERS, flows, moves, value


@pytest.mark.parametrize("name", HISTORIES)
def test_the_machine_tells_the_history(name: str) -> None:
    case = Case.of(HISTORIES[name])
    ledger = case.fresh()
    for step in case.steps:
        now, (action, _) = Seconds(value(step["at"])), case.action(step)
        if "refused" in step:
            with pytest.raises(EarnestError) as raised:
                transition(ledger, action, now)
            assert _facts(raised.value) == case.refusal(step)
            continue
        ledger, effects = transition(ledger, action, now)
        assert flows(effects) == moves(step)
        assert told(ledger, case) == left(step, case)


@pytest.fixture(scope="module")
def local() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        usdc = chain.token("USDC")
        for role, signer in SIGNERS.items():
            most = usdc.units(2**96 - 1).text if role in {"a", "b"} else "1"
            chain.fund(signer.address, usdc=most)
            chain.approve(signer, usdc, PLACES["contract"])
        yield chain


@pytest.fixture
def chain(local: LocalChain) -> Iterator[LocalChain]:
    before = local.snapshot()
    yield local
    local.restore(before)


@pytest.mark.parametrize("name", [name for name in HISTORIES if not name.startswith("one-second")])
def test_the_contract_tells_the_history(chain: LocalChain, name: str) -> None:
    case = Case.of(HISTORIES[name])
    token = chain.token(case.channel.token)
    before, ledger = _balances(chain, token), case.fresh()
    for step in case.steps:
        now, (action, shown) = Seconds(value(step["at"])), case.action(step)
        chain.travel(to=now)
        signer, call = SIGNERS[step["by"]], call_of(case.channel, action, shown)
        if "refused" in step:
            with pytest.raises(EarnestError) as raised:
                chain.send(signer, "DuplexChannels", call.function, *call.arguments, value=call.value)
            assert _facts(raised.value) == case.refusal(step)
            continue
        receipt = chain.send(signer, "DuplexChannels", call.function, *call.arguments, value=call.value)
        after = _balances(chain, token)
        moved = {place: after[place] - before[place] for place in after}
        moved[signer.address] += receipt.fee.units if token.is_native else 0
        assert {place: amount for place, amount in moved.items() if amount} == moves(step)
        ledger, _ = transition(ledger, action, now)
        found = kept(lambda function, *args: chain.call("DuplexChannels", function, *args), ledger)
        assert told(found, case) == left(step, case)
        before = after


@pytest.mark.parametrize("name", [name for name in HISTORIES if name.startswith("deposit")])
def test_the_contracts_id_is_ours(chain: LocalChain, name: str) -> None:
    channel = Case.of(HISTORIES[name]).channel
    assert chain.call("DuplexChannels", "channelIdOf", channel.calldata) == channel.id


def _balances(chain: LocalChain, token: Token) -> dict[Address, int]:
    places = [signer.address for signer in SIGNERS.values()] + [PLACES["contract"]]
    if token.is_native:
        return {place: chain.balance(token, place).units for place in places}
    return {place: chain.call(contracts.ERC20, "balanceOf", place, at=token.address) for place in places}


def _facts(error: EarnestError) -> tuple[str, list[Any]]:
    return type(error).__name__, list(error.facts.values())
