"""The histories of tests/vectors/channels on machine and contract: amounts, states, refusals and facts agree."""

from collections.abc import Iterator

import pytest

from chain import LocalChain, contracts
from chain.errors import EarnestError
from chain.money import Token
from chain.units import Address, Seconds
from channels import Lane, transition
from channels.lane import LaneBooks
from channels.reserve import Reserve
from tests.conformance.lane_cases import HISTORIES, Case, books, has_a_block_each
from tests.conformance.lane_words import PLACES, SIGNERS, flows, moves, second, told


@pytest.mark.parametrize("name", HISTORIES)
def test_the_machine_tells_the_history(name: str) -> None:
    case, seen = Case.of(HISTORIES[name]), LaneBooks()
    for step in case.steps:
        if "refusedByToken" in step:
            continue
        if "refused" in step:
            with pytest.raises(EarnestError) as raised:
                transition(seen, case.action(step), second(step))
            assert told(raised.value) == case.refusal(step)
            continue
        seen, effects = transition(seen, case.action(step), second(step))
        assert flows(effects) == moves(step)
        assert seen.lane == books(case, step).lane
        assert {epoch: kept for epoch, kept in seen.reserves.items() if kept.word} == books(case, step).reserves
        assert seen.records == books(case, step).records


@pytest.fixture(scope="module")
def local() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        usdc = chain.token("USDC")
        for role, signer in SIGNERS.items():
            most = usdc.units(2**96 - 1).text if role == "payer" else "1"
            chain.fund(signer.address, usdc=most)
        chain.approve(SIGNERS["payer"], usdc, PLACES["contract"])
        yield chain


@pytest.fixture
def chain(local: LocalChain) -> Iterator[LocalChain]:
    before = local.snapshot()
    yield local
    local.restore(before)


@pytest.mark.parametrize("name", [name for name in HISTORIES if has_a_block_each(HISTORIES[name]["steps"])])
def test_the_contract_tells_the_history(chain: LocalChain, name: str) -> None:
    case = Case.of(HISTORIES[name])
    token = chain.token(case.channel.token)
    before = _balances(chain, token)
    for step in case.steps:
        chain.travel(to=Seconds(second(step)))
        signer, value = SIGNERS[step["by"]], int(step.get("value", "0"))
        call = (signer, "VoucherChannels", step["do"], *case.arguments(step))
        if "moves" not in step:
            with pytest.raises(EarnestError) as raised:
                chain.send(*call, value=value)
            assert told(raised.value) == case.refusal(step)
            continue
        receipt = chain.send(*call, value=value)
        after = _balances(chain, token)
        moved = {place: after[place] - before[place] for place in after}
        moved[signer.address] += receipt.fee.units if token.is_native else 0
        assert {place: amount for place, amount in moved.items() if amount} == moves(step)
        before = after
        assert _books(chain, case) == books(case, step)


@pytest.mark.parametrize("name", [name for name in HISTORIES if name.startswith("open")])
def test_the_contracts_id_is_ours(chain: LocalChain, name: str) -> None:
    channel = Case.of(HISTORIES[name]).channel
    assert chain.call("VoucherChannels", "channelIdOf", channel.calldata) == channel.id


def _books(chain: LocalChain, case: Case) -> LaneBooks:
    """What the contract has of every epoch so far; what is recorded, of the next one, too."""
    deposit, settled, closes_at, epoch, reserved = chain.call("VoucherChannels", "laneOf", case.channel.id)
    lane = Lane(deposit=deposit, settled=settled, closes_at=closes_at, epoch=epoch, reserved=reserved)
    kept = {number: _reserve(chain, case, number) for number in range(epoch + 1)}
    leaves = [promise.struct_hash() for promise in case.promises.values()]
    recorded = {
        (number, leaf): chain.call("VoucherChannels", "recordedOf", case.subject(number, leaf))
        for number in range(epoch + 2)
        for leaf in leaves
    }
    return LaneBooks(
        lane=lane,
        reserves={number: reserve for number, reserve in kept.items() if reserve.word},
        records={place: released for place, released in recorded.items() if released},
    )


def _reserve(chain: LocalChain, case: Case, epoch: int) -> Reserve:
    ceiling, settled, time, withdrawn = chain.call("VoucherChannels", "reservedOf", case.channel.id, epoch)
    return Reserve(ceiling=ceiling, settled=settled, time=time, withdrawn=withdrawn)


def _balances(chain: LocalChain, token: Token) -> dict[Address, int]:
    places = [signer.address for signer in SIGNERS.values()] + [PLACES["contract"]]
    if token.is_native:
        return {place: chain.balance(token, place).units for place in places}
    return {place: chain.call(contracts.ERC20, "balanceOf", place, at=token.address) for place in places}
