"""`Chain.connect(..., outbox=path)`: what is sent goes through the outbox, over nodes that lose answers."""

from pathlib import Path
from typing import Any

import pytest

from chain import AsyncChain, Chain, LocalChain, Signer, Token
from chain.errors import Reverted
from chain.outbox import Stage
from chain.outbox.errors import (
    IntentGivenUp,
    IntentKeyReused,
    IntentOpen,
    IntentRestored,
    NoOutbox,
    OutboxOfAnotherChain,
    OutboxUnreadable,
)
from chain.refusals import ERC20InsufficientBalance
from chain.stores.outbox import OutboxStore
from chain.sync.outbox import Outbox
from chain.testing.trouble import LIMITED, Trouble, once
from tests.chain.outbox.conftest import TOKEN, minted
from tests.chain.outbox.connected.conftest import Connect


def test_a_repeat_under_one_key_pays_once(client: Chain, ann: Signer, shop: Signer, usdc: Token) -> None:
    receipts = [client.transfer(ann, usdc("600"), shop.address, key="rent") for _ in range(3)]
    assert receipts[0] == receipts[1] == receipts[2]
    assert client.balance(usdc, shop.address) == usdc("600")


def test_without_a_key_each_call_is_one_of_its_own(client: Chain, ann: Signer, shop: Signer, usdc: Token) -> None:
    for _ in range(2):
        client.transfer(ann, usdc("5"), shop.address)
    assert client.balance(usdc, shop.address) == usdc("10")


def test_every_way_to_send_takes_a_key(
    home: LocalChain, client: Chain, outbox: Outbox, ann: Signer, shop: Signer, usdc: Token
) -> None:
    for _ in range(2):
        client.send(ann, "TestToken", "mint", ann.address, 1, key="mint")
        client.execute(ann, TOKEN, minted(ann.address, 1), key="execute")
        client.approve(ann, usdc("5"), shop.address, key="approve")
        client.transfer(ann, client.native("1"), shop.address, key="native")
    assert [entry.intent.key for entry in outbox.entries()] == ["mint", "execute", "approve", "native"]
    assert home._node.nonce(ann.address) == 4
    assert client.allowance(usdc, ann.address, shop.address) == usdc("5").units


def test_a_key_with_another_payment_is_refused(client: Chain, ann: Signer, shop: Signer, usdc: Token) -> None:
    client.transfer(ann, usdc("5"), shop.address, key="rent")
    with pytest.raises(IntentKeyReused):
        client.transfer(ann, usdc("6"), shop.address, key="rent")


def test_a_key_without_an_outbox_is_refused(home: LocalChain, ann: Signer, shop: Signer, usdc: Token) -> None:
    with pytest.raises(NoOutbox):
        home.transfer(ann, usdc("5"), shop.address, key="rent")
    assert home.outbox is None


def test_what_would_fail_is_refused_by_its_name_takes_no_nonce_and_may_be_tried_again(
    home: LocalChain, client: Chain, outbox: Outbox, ann: Signer, shop: Signer, usdc: Token
) -> None:
    for _ in range(2):
        with pytest.raises(ERC20InsufficientBalance):
            client.send(ann, "TestToken", "transfer", shop.address, 2_000_000_000, key="rent")
    assert (outbox.entry("rent").stage, home._node.nonce(ann.address)) == (Stage.REFUSED, 0)
    home.fund(ann.address, usdc="5000")

    client.send(ann, "TestToken", "transfer", shop.address, 2_000_000_000, key="rent")

    assert client.balance(usdc, shop.address) == usdc("2000")


def test_what_was_refused_and_would_work_by_now_has_still_not_happened(
    home: LocalChain, client: Chain, outbox: Outbox, ann: Signer, shop: Signer
) -> None:
    with pytest.raises(ERC20InsufficientBalance):
        client.send(ann, "TestToken", "transfer", shop.address, 2_000_000_000, key="rent")
    home.fund(ann.address, usdc="5000")
    with pytest.raises(IntentGivenUp):
        outbox.result("rent")


def test_a_failure_after_all_tells_why(
    home: LocalChain, client: Chain, ann: Signer, shop: Signer, usdc: Token, trouble: Trouble
) -> None:
    def overtaken(method: str, params: Any) -> None:
        home.transfer(shop, usdc("5"), ann.address)

    home.fund(shop.address, usdc="5")
    home.approve(shop, usdc("5"), ann.address)
    trouble.before = once("eth_sendRawTransaction", overtaken)
    with pytest.raises(ERC20InsufficientBalance):
        client.send(ann, "TestToken", "transferFrom", shop.address, ann.address, 5_000_000)


def test_out_of_gas_is_said(client: Chain, ann: Signer, trouble: Trouble) -> None:
    trouble.before = once("eth_estimateGas", lambda method, params: {"result": hex(22_000)})
    with pytest.raises(Reverted, match="out of gas"):
        client.send(ann, "TestToken", "mint", ann.address, 1)


def test_what_was_signed_is_on_disk_before_a_node_has_it(
    client: Chain, ann: Signer, trouble: Trouble, path: Path
) -> None:
    found: list[bool] = []

    def look(method: str, params: Any) -> None:
        store = OutboxStore(path, client.chain_id)
        entry = store.entry("rent")
        found.append((entry.nonce, "0x" + entry.newest.raw.hex()) == (0, params[0]))
        store.close()

    trouble.before = once("eth_sendRawTransaction", look)
    client.send(ann, "TestToken", "mint", ann.address, 1, key="rent")
    assert found == [True]


@pytest.mark.parametrize("arrives", [True, False])
def test_a_lost_answer_is_no_second_payment(
    home: LocalChain, client: Chain, ann: Signer, trouble: Trouble, arrives: bool
) -> None:
    trouble.before = once("eth_sendRawTransaction", trouble.lost if arrives else lambda *_: LIMITED)
    client.send(ann, "TestToken", "mint", ann.address, 1)
    assert (home._node.nonce(ann.address), len(set(trouble.sent))) == (1, 1)


def test_what_a_node_declines_stays_open_and_is_said(
    client: Chain, outbox: Outbox, ann: Signer, trouble: Trouble
) -> None:
    poor = {"error": {"code": -32000, "message": "insufficient funds"}}
    trouble.before = lambda method, params: poor if method == "eth_estimateGas" else None
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    with pytest.raises(IntentOpen, match="insufficient funds") as caught:
        outbox.result("rent", wait=0)
    assert caught.value.stage == "queued"

    trouble.before = lambda method, params: None
    assert client.send(ann, "TestToken", "mint", ann.address, 1, key="rent").gas_used
    assert outbox.entry("rent").stage is Stage.DONE


def test_what_a_backup_had_open_says_so_and_is_sent_when_somebody_says_so(
    home: LocalChain, outbox: Outbox, connect: Connect, ann: Signer, path: Path
) -> None:
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    outbox.close()
    OutboxStore(path, home.chain_id, restored=True).close()
    again = connect()
    with pytest.raises(IntentRestored):
        again.send(ann, "TestToken", "mint", ann.address, 1, key="rent")
    assert home._node.nonce(ann.address) == 0
    assert again.outbox
    assert again.outbox.resubmit("rent").stage is Stage.QUEUED
    assert again.send(ann, "TestToken", "mint", ann.address, 1, key="rent").gas_used


def test_a_node_that_is_away_for_a_moment_is_asked_again(client: Chain, ann: Signer, trouble: Trouble) -> None:
    trouble.before = once("eth_getBlockByNumber", lambda *_: LIMITED)
    assert client.send(ann, "TestToken", "mint", ann.address, 1).gas_used


def test_who_slept_through_its_lease_writes_nothing_more(
    home: LocalChain, connect: Connect, ann: Signer, trouble: Trouble, path: Path
) -> None:
    """Another one has taken over while it looked at the chain."""
    asleep, awake = connect().outbox, connect().outbox
    assert asleep
    assert awake
    awake.use(ann)

    def overtaken(method: str, params: Any) -> None:
        store = OutboxStore(path, home.chain_id)
        store.change("UPDATE accounts SET until = 0")
        store.close()
        awake.step()

    asleep.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    trouble.before = once("eth_estimateGas", overtaken)
    assert asleep.step() == ()
    assert len(awake.entry("rent").attempts) == 1
    assert (home._node.nonce(ann.address), len(trouble.sent)) == (1, 1)


def test_another_process_finishes_what_one_began(connect: Connect, ann: Signer, trouble: Trouble) -> None:
    trouble.before = lambda method, params: LIMITED if method == "eth_sendRawTransaction" else None
    first = connect()
    assert first.outbox
    first.outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    assert [finding.name for finding in first.outbox.step()] == ["unreachable"]
    first.close()
    trouble.before = lambda method, params: None

    second = connect()
    assert second.send(ann, "TestToken", "mint", ann.address, 1, key="rent").gas_used
    assert len(set(trouble.sent)) == 1


def test_the_outbox_of_another_chain_or_program_is_refused(connect: Connect, path: Path) -> None:
    OutboxStore(path, 1).close()
    with pytest.raises(OutboxOfAnotherChain):
        connect()
    path.write_bytes(b"no database" * 1_000)
    with pytest.raises(OutboxUnreadable):
        connect()


async def test_so_it_is_for_asyncio(home: LocalChain, path: Path, ann: Signer) -> None:
    async with await AsyncChain.connect("local", [home.serve()], outbox=path) as chain:
        receipts = [await chain.send(ann, "TestToken", "mint", ann.address, 1, key="rent") for _ in range(2)]
        assert receipts[0] == receipts[1]
        assert chain.outbox
        assert (await chain.outbox.result("rent")).transaction == receipts[0].transaction
