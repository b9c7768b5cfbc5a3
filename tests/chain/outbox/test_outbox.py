"""On a real node with a pool and reorganisations: three confirmations are final here."""

import pytest

from chain import LocalChain, Signer
from chain.keccak import keccak
from chain.outbox import Fees, Stage
from chain.outbox.errors import IntentGivenUp, IntentOpen
from chain.outbox.intent import filling
from chain.outbox.machine import Finding
from chain.refusals import ERC20InsufficientBalance
from chain.sync.outbox import Outbox
from chain.units import Seconds
from tests.chain.outbox.conftest import TOKEN, Processes, minted, paid

pytestmark = pytest.mark.anvil
SHOP = Signer.generate().address
GWEI = 10**9


def submit(outbox: Outbox, ann: Signer, key: str = "a", amount: int = 5, expiry: Seconds | None = None) -> None:
    outbox.submit(ann, key, TOKEN, minted(SHOP, amount), expiry=expiry)


def amounts(anvil: LocalChain) -> list[int]:
    return [event.args["value"] for event in anvil.events("TestToken", "Transfer") if event.args["to"] == SHOP]


def finished(anvil: LocalChain, outbox: Outbox, key: str = "a") -> Stage:
    """After enough blocks and rounds."""
    for _ in range(12):
        outbox.step()
        anvil.mine()
    return outbox.entry(key).stage


def by_hand(anvil: LocalChain, ann: Signer, nonce: int, data: bytes = b"", to: str = SHOP) -> str:
    """Another program with the same key, and more to bid."""
    order = {"to": to, "data": data, "value": 0, "gas": 100_000, "nonce": nonce, "type": 2, "chainId": anvil.chain_id}
    raw = ann.sign_transaction({**order, "maxFeePerGas": 900 * GWEI, "maxPriorityFeePerGas": 900 * GWEI})
    anvil._node.send(raw)
    return "0x" + keccak(raw).hex()


def test_an_intent_goes_from_queued_to_done(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    assert outbox.entry("a").stage is Stage.QUEUED
    stages = []
    for _ in range(4):
        assert outbox.step() == ()
        stages.append(outbox.entry("a").stage)
        anvil.mine()
    assert stages == [Stage.SENT, Stage.INCLUDED, Stage.INCLUDED, Stage.DONE]
    receipt = outbox.result("a")
    assert (receipt.transaction, amounts(anvil)) == (outbox.entry("a").transaction, [5])


def test_a_dropped_transaction_is_sent_again_the_same(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    outbox.step()
    sent = outbox.entry("a").newest.transaction
    anvil._node.ask("anvil_dropTransaction", sent)
    assert not anvil._node.has(sent)
    outbox.step()
    assert anvil._node.has(sent)
    assert finished(anvil, outbox) is Stage.DONE
    assert [attempt.transaction for attempt in outbox.entry("a").attempts] == [sent]


@pytest.mark.parametrize("depth", [1, 2])
def test_an_undone_transaction_is_sent_again_the_same(
    anvil: LocalChain, outbox: Outbox, ann: Signer, depth: int
) -> None:
    submit(outbox, ann)
    outbox.step()
    anvil.mine(depth)
    outbox.step()
    assert outbox.entry("a").stage is Stage.INCLUDED
    anvil.reorg(depth)
    outbox.step()
    assert outbox.entry("a").stage is Stage.SENT
    assert amounts(anvil) == []
    assert finished(anvil, outbox) is Stage.DONE
    assert amounts(anvil) == [5]


def test_a_stuck_transaction_bids_more_until_a_block_takes_it(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    outbox.step()
    for _ in range(3):
        anvil._node.ask("anvil_setNextBlockBaseFeePerGas", hex(100 * GWEI))
        anvil.mine()
    assert outbox.step() == ()
    bids = [attempt.price for attempt in outbox.entry("a").attempts]
    assert len(bids) == 2
    assert bids[1].max_fee >= 100 * GWEI
    assert finished(anvil, outbox) is Stage.DONE
    assert amounts(anvil) == [5]


def test_an_older_bid_that_a_block_took_after_all_counts_as_well(
    anvil: LocalChain, outbox: Outbox, ann: Signer
) -> None:
    submit(outbox, ann)
    outbox.step()
    anvil._node.ask("anvil_setNextBlockBaseFeePerGas", hex(100 * GWEI))
    anvil.mine(2)
    outbox.step()
    older, newer = outbox.entry("a").attempts
    anvil._node.ask("anvil_dropTransaction", newer.transaction)
    anvil._node.ask("anvil_setNextBlockBaseFeePerGas", hex(1))
    anvil.mine()
    anvil._node.send(older.raw)
    anvil._node.ask("anvil_setNextBlockBaseFeePerGas", hex(1))
    anvil.mine()
    outbox.step()
    assert (outbox.entry("a").stage, outbox.entry("a").transaction) == (Stage.INCLUDED, older.transaction)


def test_a_bid_at_its_bound_is_reported_and_waits_for_cheaper_blocks(
    anvil: LocalChain, processes: Processes, ann: Signer
) -> None:
    outbox = processes.new(fees=Fees(max_fee=4 * GWEI, patience=1))
    submit(outbox, ann)
    outbox.step()
    findings: set[str] = set()
    for _ in range(12):
        anvil._node.ask("anvil_setNextBlockBaseFeePerGas", hex(100 * GWEI))
        anvil.mine()
        findings |= {finding.name for finding in outbox.step()}
    assert "stuck" in findings
    assert all(attempt.price.max_fee <= 4 * GWEI for attempt in outbox.entry("a").attempts)
    anvil._node.ask("anvil_setNextBlockBaseFeePerGas", hex(GWEI))
    assert finished(anvil, outbox) is Stage.DONE


def test_a_foreign_transaction_at_the_nonce_leaves_it_unknown_until_that_is_final(
    anvil: LocalChain, outbox: Outbox, ann: Signer
) -> None:
    submit(outbox, ann)
    outbox.step()
    by_hand(anvil, ann, nonce=0)
    anvil.mine()
    assert outbox.step() == (Finding("a", "unknown", "nonce 0 is used by a transaction not ours"),)
    assert outbox.entry("a").stage is Stage.UNKNOWN
    anvil.mine()
    outbox.step()
    assert outbox.entry("a").nonce == 0
    anvil.mine()
    outbox.step()
    assert (outbox.entry("a").stage, outbox.entry("a").nonce) == (Stage.SENT, 1)
    assert finished(anvil, outbox) is Stage.DONE
    assert amounts(anvil) == [5]


def test_an_unknown_one_whose_rival_is_undone_is_sent_again(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    outbox.step()
    by_hand(anvil, ann, nonce=0)
    anvil.mine()
    outbox.step()
    anvil.reorg(1)
    outbox.step()
    assert (outbox.entry("a").stage, outbox.entry("a").nonce) == (Stage.SENT, 0)
    assert finished(anvil, outbox) is Stage.DONE
    assert amounts(anvil) == [5]


def test_the_same_call_sped_up_by_a_wallet_is_the_payment(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    outbox.step()
    wallet = by_hand(anvil, ann, nonce=0, data=minted(SHOP, 5), to=TOKEN)
    assert finished(anvil, outbox) is Stage.DONE
    assert outbox.result("a").transaction == wallet
    assert amounts(anvil) == [5]


def test_a_gap_that_others_left_is_filled(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    dropped = by_hand(anvil, ann, nonce=0)
    submit(outbox, ann)
    outbox.step()
    assert outbox.entry("a").nonce == 1
    anvil._node.ask("anvil_dropTransaction", dropped)
    assert finished(anvil, outbox) is Stage.DONE
    assert [entry.intent.fills for entry in outbox.entries()] == [None, 0]


def test_a_gap_is_filled_though_there_is_no_room_and_others_can_not_begin(
    anvil: LocalChain, processes: Processes, ann: Signer
) -> None:
    outbox, dropped = processes.new(fees=Fees(in_flight=2)), by_hand(anvil, ann, nonce=0)
    for amount in (1, 2, 3):
        submit(outbox, ann, f"{amount}", amount)
    outbox.submit(ann, "too much", SHOP, value=10**30)
    outbox.step()
    anvil._node.ask("anvil_dropTransaction", dropped)
    assert finished(anvil, outbox, "3") is Stage.DONE
    assert amounts(anvil) == [1, 2, 3]
    assert outbox.entry("too much").stage is Stage.QUEUED


def test_what_can_not_begin_holds_up_nobody(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    for number in range(63):
        outbox.submit(ann, f"too much {number}", SHOP, value=10**30)
    for amount in (1, 2, 3):
        submit(outbox, ann, f"{amount}", amount)
    outbox.step()
    outbox.step()
    assert [outbox.entry(key).nonce for key in ("1", "2", "3")] == [0, 1, 2]
    assert {entry.stage for entry in outbox.entries()} == {Stage.QUEUED, Stage.SENT}


def test_a_filler_whose_nonce_was_used_in_a_block_that_is_undone_is_needed_again(
    anvil: LocalChain, outbox: Outbox, ann: Signer
) -> None:
    dropped = by_hand(anvil, ann, nonce=0)
    submit(outbox, ann)
    outbox.step()
    anvil._node.ask("anvil_dropTransaction", dropped)
    outbox._store.add(filling(anvil.chain_id, ann.address, 0))  # And there it was killed.
    by_hand(anvil, ann, nonce=0)
    anvil.mine()
    outbox.step()
    anvil.reorg(1)
    anvil._node.ask("anvil_dropAllTransactions")
    assert finished(anvil, outbox) is Stage.DONE


def test_a_cancelled_one_competes_and_the_chain_decides(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    outbox.step()
    outbox.cancel("a")
    outbox.step()
    assert [attempt.cancels for attempt in outbox.entry("a").attempts] == [False, True]
    assert outbox.entry("a").gas == 25_200  # Of a transfer to oneself, not of the call.
    assert finished(anvil, outbox) is Stage.GIVEN_UP
    assert amounts(anvil) == []
    with pytest.raises(IntentGivenUp, match="cancelled"):
        outbox.result("a")


def test_a_cancellation_in_a_block_is_not_what_was_asked_for(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    outbox.step()
    outbox.cancel("a")
    outbox.step()
    anvil.mine()
    with pytest.raises(IntentOpen):
        outbox.result("a", until="included", wait=0)
    assert outbox.entry("a").stage is Stage.INCLUDED


def test_a_cancellation_that_comes_too_late_is_none(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    outbox.step()
    anvil.mine()
    outbox.cancel("a")
    assert finished(anvil, outbox) is Stage.DONE
    assert amounts(anvil) == [5]


def test_what_has_expired_is_called_off_by_the_chain_s_clock(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann, expiry=Seconds(anvil.now() + 30))
    outbox.step()
    anvil._node.ask("anvil_dropTransaction", outbox.entry("a").newest.transaction)
    anvil.travel(to=Seconds(anvil.now() + 60))
    anvil.mine()
    assert finished(anvil, outbox) is Stage.GIVEN_UP
    assert amounts(anvil) == []


def test_an_open_one_says_so_and_may_be_asked_again(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    with pytest.raises(IntentOpen) as caught:
        outbox.result("a", wait=0)
    assert (caught.value.key, caught.value.stage, caught.value.retryable) == ("a", "sent", True)
    anvil.mine(3)
    assert outbox.result("a").transaction == outbox.entry("a").transaction


def test_included_is_enough_for_who_asks_for_no_more(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    submit(outbox, ann)
    outbox.step()
    anvil.mine()
    assert outbox.result("a", until="included").block_number == anvil._node.block("latest").number
    with pytest.raises(IntentOpen):
        outbox.result("a", until="final", wait=0)


def test_what_builds_on_one_that_waits_is_not_refused_before_it(anvil: LocalChain, outbox: Outbox, ann: Signer) -> None:
    """A node that simulates on its newest block can't see the mint that is still in its pool."""
    outbox._simulation._head = "latest"
    outbox.submit(ann, "mint", TOKEN, minted(ann.address, 5))
    outbox.submit(ann, "pay", TOKEN, paid(SHOP, 5))
    outbox.step()
    assert [entry.stage for entry in outbox.entries()] == [Stage.SENT, Stage.QUEUED]
    assert finished(anvil, outbox, "pay") is Stage.DONE
    assert amounts(anvil) == [5]


def test_a_failure_in_its_block_is_final_as_reverted_and_never_tried_again(
    anvil: LocalChain, outbox: Outbox, ann: Signer
) -> None:
    outbox.submit(ann, "mint", TOKEN, minted(ann.address, 5))
    outbox.step()
    anvil.mine()
    outbox.step()
    for key in ("first", "second"):  # Each alone would succeed.
        outbox.submit(ann, key, TOKEN, paid(SHOP, 5))
    outbox._simulation._head = "latest"
    outbox.step()
    assert finished(anvil, outbox, "second") is Stage.REVERTED
    with pytest.raises(ERC20InsufficientBalance):
        outbox.result("second")
    assert (outbox.entry("first").stage, amounts(anvil)) == (Stage.DONE, [5])
    assert len(outbox.entry("second").attempts) == 1


def test_many_wait_in_order_and_no_more_than_the_node_keeps(
    anvil: LocalChain, processes: Processes, ann: Signer
) -> None:
    outbox = processes.new(fees=Fees(in_flight=3))
    for amount in range(1, 8):
        submit(outbox, ann, f"{amount}", amount)
    outbox.step()
    assert [entry.nonce for entry in outbox.entries()] == [0, 1, 2, None, None, None, None]
    assert finished(anvil, outbox, "7") is Stage.DONE
    assert amounts(anvil) == [1, 2, 3, 4, 5, 6, 7]


def test_only_the_holder_sends_and_another_goes_on_when_it_is_gone(
    anvil: LocalChain, processes: Processes, ann: Signer
) -> None:
    one, two = processes.new(), processes.new()
    submit(one, ann, "a", 1)
    one.step()
    submit(two, ann, "b", 2)
    two.step()
    assert [entry.stage for entry in two.entries()] == [Stage.SENT, Stage.QUEUED]
    one.close()
    two.step()
    assert [(entry.stage, entry.nonce) for entry in two.entries()] == [(Stage.SENT, 0), (Stage.SENT, 1)]
    assert finished(anvil, two, "b") is Stage.DONE
    assert amounts(anvil) == [1, 2]
