import sys
import time

import pytest

from chain import Chain, LocalChain, Seconds, Signer, Token, address
from chain.errors import ExtraMissing, Malformed, NodeRefused
from chain.sync.local import Backend
from chain.testing.anvil import ToolFailed

CLOCK = address("0x" + "cc" * 19 + "cd")
# Answers the time of the block to a call, and keeps it in slot 0 when a transaction calls it with a value.
CLOCK_CODE = bytes.fromhex("3415600857425f555b425f5260205ff3")


def seen(chain: LocalChain) -> int:
    return int(chain.call("TestToken", "totalSupply", at=CLOCK))


def kept(chain: LocalChain) -> int:
    return int(chain._node.ask("eth_getStorageAt", CLOCK, "0x0", "latest"), 16)


@pytest.mark.parametrize("ahead", [1, 2, 86_400, 10 * 365 * 86_400])
def test_reads_simulations_and_transactions_happen_at_exactly_the_second(
    chain: LocalChain, ann: Signer, ahead: int
) -> None:
    chain.set_code(CLOCK, CLOCK_CODE)
    moment = Seconds(chain.now() + ahead)

    chain.travel(to=moment)
    assert chain.now() == moment == seen(chain)

    receipt = chain.send(ann, "TestToken", "mint", ann.address, 1, at=CLOCK, value=1)
    assert kept(chain) == moment
    assert chain._node.block(receipt.block_number).time == moment
    assert chain.now() == moment + 1 == seen(chain)


def test_a_refused_transaction_leaves_the_second_to_the_next_one(chain: LocalChain, ann: Signer) -> None:
    chain.set_code(CLOCK, CLOCK_CODE)
    moment = chain.after(days=1)
    chain.travel(to=moment)

    with pytest.raises(Exception, match="credit"):
        chain.send(ann, "Escrow", "withdrawCredit", CLOCK, ann.address)

    chain.send(ann, "TestToken", "mint", ann.address, 1, at=CLOCK, value=1)
    assert kept(chain) == moment


def test_blocks_are_one_second_apart(chain: LocalChain, ann: Signer) -> None:
    blocks = [chain.send(ann, "TestToken", "mint", ann.address, 1).block_number for _ in range(3)]
    times = [chain._node.block(number).time for number in blocks]

    assert blocks == list(range(blocks[0], blocks[0] + 3))
    assert times == list(range(times[0], times[0] + 3))


def test_time_goes_forward_only(chain: LocalChain) -> None:
    with pytest.raises(NodeRefused):
        chain.travel(to=Seconds(chain.now() - 2))


def test_a_length_from_now_is_a_second(chain: LocalChain) -> None:
    assert chain.after(days=1, hours=2, minutes=3, seconds=4) == chain.now() + 93_784
    assert chain.after() == chain.now()


def test_empty_blocks_are_mined(chain: LocalChain) -> None:
    before, moment = chain._node.block("latest"), chain.now()
    chain.mine(3)

    assert chain._node.block("latest").number == before.number + 3
    assert chain.now() == moment + 3


def test_a_snapshot_brings_back_money_time_and_nonces(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    moment = chain.after(hours=1)
    chain.travel(to=moment)
    before = chain.snapshot()

    for _ in range(2):
        chain.transfer(ann, usdc("10"), CLOCK)
    chain.restore(before)

    assert chain.balance(usdc, ann.address) == usdc("1000")
    assert chain.now() == moment
    assert chain.transfer(ann, usdc("10"), CLOCK).block_number == chain._node.block("latest").number
    assert chain.balance(usdc, CLOCK) == usdc("10")


def test_what_was_undone_is_gone(chain: LocalChain, ann: Signer) -> None:
    before = chain.snapshot()
    receipt = chain.send(ann, "TestToken", "mint", ann.address, 1)
    chain.restore(before)
    chain.mine(2)

    assert chain._node.receipt(receipt.transaction) is None
    assert receipt.transaction not in [event.transaction for event in chain.events("TestToken")]


def test_what_was_undone_is_not_taken_for_what_came_instead(chain: LocalChain, ann: Signer) -> None:
    before = chain.snapshot()
    undone = chain.send(ann, "TestToken", "mint", ann.address, 1)
    chain.restore(before)
    instead = chain.send(ann, "TestToken", "mint", ann.address, 2)

    assert undone.block_number == instead.block_number
    assert chain._node.receipt(undone.transaction) is None
    assert chain.wait(instead.transaction).block_hash == instead.block_hash


def test_snapshots_nest_and_are_used_once(chain: LocalChain) -> None:
    outer = chain.snapshot()
    inner = chain.snapshot()

    chain.restore(outer)
    for used in (outer, inner):
        with pytest.raises(Malformed):
            chain.restore(used)


@pytest.mark.parametrize("backend", ["eth-tester", pytest.param("anvil", marks=pytest.mark.anvil)])
def test_a_chain_of_ones_own_is_ready_in_two_seconds(backend: Backend) -> None:
    begun = time.monotonic()
    with Chain.local(backend) as chain:
        assert chain.balance(chain.token("USDC"), CLOCK) == chain.token("USDC")("0")

    assert time.monotonic() - begun < 2


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "eth_tester", None)
    monkeypatch.delitem(sys.modules, "chain.testing.embedded", raising=False)

    with pytest.raises(ExtraMissing) as caught:
        Chain.local()

    assert caught.value.facts == {"extra": "local", "module": "eth_tester"}


def test_money_comes_from_nowhere_and_is_added(chain: LocalChain, usdc: Token) -> None:
    owner = Signer.generate().address
    chain.fund(owner, native="1.5", usdc="0")
    assert (chain.balance(chain.native, owner), chain.balance(usdc, owner)) == (chain.native("1.5"), usdc("0"))

    chain.fund(owner, native="0.5", usdc="2")
    assert (chain.balance(chain.native, owner), chain.balance(usdc, owner)) == (chain.native("2"), usdc("2"))


def test_fees_are_what_gas_has_cost_one_account(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    assert chain.fees(ann.address) == chain.native("0")
    fees = [chain.transfer(ann, usdc("1"), CLOCK).fee for _ in range(2)]

    assert chain.fees(ann.address) == fees[0] + fees[1]
    assert chain.balance(chain.native, ann.address) == chain.native("10") - chain.fees(ann.address)


def test_another_process_reaches_the_chain_by_its_url(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    url = chain.serve()

    with Chain.connect("local", [url]) as other, LocalChain.attach(url) as controller:
        assert other.token("USDC") == usdc
        other.transfer(ann, usdc("1"), CLOCK)
        controller.fund(CLOCK, native="1", usdc="1")
        assert controller.balance(usdc, CLOCK) == usdc("2") == chain.balance(usdc, CLOCK)
        with pytest.raises(Malformed):
            controller.serve()


@pytest.mark.anvil
def test_anvil_undoes_blocks() -> None:
    with Chain.local("anvil") as chain:
        ann = Signer.generate()
        chain.fund(ann.address)
        receipt = chain.send(ann, "TestToken", "mint", ann.address, 7)
        chain.mine(1)

        chain.reorg(2)

        assert chain._node.block("latest").number == receipt.block_number + 1
        assert chain.events("TestToken", "Transfer", from_block=receipt.block_number) == ()
        chain.send(ann, "TestToken", "mint", ann.address, 7)
        with pytest.raises(ToolFailed):
            chain.serve(port=1)


def test_the_embedded_chain_has_no_reorgs() -> None:
    with Chain.local() as chain, pytest.raises(NodeRefused):
        chain.reorg(1)
