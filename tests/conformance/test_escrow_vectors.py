"""The histories of tests/vectors/escrow on machine and contract: amounts, states, refusals and facts agree."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chain import LocalChain
from chain.errors import IllegalAction
from chain.money import Token
from chain.units import Address, Hash32
from escrow import Begin, Holding, transition
from tests.conformance.escrow_calls import call_of
from tests.conformance.escrow_cases import HISTORIES, PLACES, SIGNERS, Case, flows, holding, moves, second


@pytest.mark.parametrize("name", HISTORIES)
def test_the_machine_tells_the_history(name: str) -> None:
    case = Case.of(HISTORIES[name])
    for step in case.steps:
        payment, action = case.payment(step), case.action(step)
        if "refused" in step:
            with pytest.raises(IllegalAction) as raised:
                transition(payment, action, second(step))
            assert _told(raised.value) == case.refusal(step)
            continue
        newer, effects = transition(payment, action, second(step))
        assert flows(effects) == moves(step)
        assert newer.holding == holding(step["holding"])
        case.payments[step.get("of", "first")] = newer
        begun = [effect.payment for effect in effects if isinstance(effect, Begin)]
        assert [other.holding for other in begun] == [holding(words) for words in [step.get("begins")] if words]
        case.payments["to"] = begun[0] if begun else case.payments["to"]


@pytest.fixture(scope="module")
def local() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        usdc = chain.token("USDC")
        for role, signer in SIGNERS.items():
            most = usdc.units(2**96 - 1).text if role == "payer" else "1"
            chain.fund(signer.address, usdc=most)
            chain.approve(signer, usdc, PLACES["escrow"])
        yield chain


@pytest.fixture
def chain(local: LocalChain) -> Iterator[LocalChain]:
    before = local.snapshot()
    yield local
    local.restore(before)


@pytest.mark.parametrize("name", HISTORIES)
def test_the_contract_tells_the_history(chain: LocalChain, name: str) -> None:
    case = Case.of(HISTORIES[name])
    token = chain.token(case.token)
    before = _balances(chain, token)
    for step in case.steps:
        chain.travel(to=second(step))
        payment, signer = case.payment(step), SIGNERS[step["by"]]
        call = call_of(payment, case.action(step))
        if "refused" in step:
            with pytest.raises(IllegalAction) as raised:
                chain.send(signer, "Escrow", call.function, *call.arguments, value=call.value)
            assert _told(raised.value) == case.refusal(step)
            assert _balances(chain, token) == before or token.is_native
            continue
        receipt = chain.send(signer, "Escrow", call.function, *call.arguments, value=call.value)
        after = _balances(chain, token)
        moved = {place: after[place] - before[place] for place in after}
        moved[signer.address] += receipt.fee.units if token.is_native else 0
        assert {place: amount for place, amount in moved.items() if amount} == moves(step)
        found = _holding(chain, payment.payment_id)
        assert found == holding(step["holding"])
        case.payments[step.get("of", "first")] = replace(payment, holding=found)
        if "begins" in step:
            assert _holding(chain, case.payments["to"].payment_id) == holding(step["begins"])
        before = after


def _holding(chain: LocalChain, payment_id: Hash32) -> Holding:
    held, refundable, disputed_at, used = chain.call("Escrow", "holdingOf", payment_id)
    return Holding(held=held, refundable=refundable, disputed_at=disputed_at, used=used)


def _balances(chain: LocalChain, token: Token) -> dict[Address, int]:
    places = [signer.address for signer in SIGNERS.values()] + [PLACES["escrow"]]
    return {place: chain.balance(token, place).units for place in places}


def _told(error: IllegalAction) -> tuple[str, list[Any]]:
    return type(error).__name__, list(error.facts.values())
