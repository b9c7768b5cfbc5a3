"""The histories of tests/vectors/channels whose steps share a second, in an EVM without blocks."""

import pytest

from chain.errors import EarnestError
from chain.units import Address
from tests.conformance.lane_cases import HISTORIES, Case, books, has_a_block_each
from tests.conformance.lane_words import PLACES, SIGNERS, START, moves, second, told
from tests.conformance.lane_world import HOME, LaneWorld

PEOPLE = [signer.address for signer in SIGNERS.values()]
RICH = 2**100
SHARED = [name for name, history in HISTORIES.items() if not has_a_block_each(history["steps"])]


@pytest.fixture(scope="module")
def world() -> LaneWorld:
    return LaneWorld(PEOPLE, RICH, START)


@pytest.mark.parametrize("name", SHARED)
def test_the_contract_tells_the_history(world: LaneWorld, name: str) -> None:
    world.rewind()
    case = Case.of(HISTORIES[name], HOME.chain_id)
    leaves = [promise.struct_hash() for promise in case.promises.values()]
    before = balances(world, case.channel.token)
    for step in case.steps:
        world.travel(second(step))
        caller, value = PLACES[step["by"]], int(step.get("value", "0"))
        call = (caller, "VoucherChannels", step["do"], *case.arguments(step))
        if "moves" not in step:
            with pytest.raises(EarnestError) as raised:
                world.send(*call, value=value)
            assert told(raised.value) == case.refusal(step)
            continue
        world.send(*call, value=value)
        after = balances(world, case.channel.token)
        moved = {place: after[place] - before[place] for place in after}
        assert {place: amount for place, amount in moved.items() if amount} == moves(step)
        assert world.books(case.channel, leaves) == books(case, step)
        before = after


def balances(world: LaneWorld, token: Address) -> dict[Address, int]:
    return {place: world.balance(token, place) for place in [*PEOPLE, PLACES["contract"]]}
