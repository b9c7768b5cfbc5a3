"""Waiting until a transaction is final, through reorganisations."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from chain import Chain, LocalChain, Receipt, Signer
from chain.aio.chain import AsyncChain
from chain.contracts import address_of, interface
from chain.finality import Finality
from chain.follower.errors import NotFinal, TransactionUndone
from chain.testing.serve import Server
from chain.testing.trouble import LIMITED, Trouble
from chain.units import Address

DEEP = 3


def seen(chain: LocalChain, finality: Finality | None = None) -> Chain:
    network = replace(chain.network, final=finality or Finality.confirmations(DEEP))
    return Chain(network, chain._node, patience=10)


def minted(chain: LocalChain, ann: Signer) -> Receipt:
    return chain.send(ann, "TestToken", "mint", ann.address, 1)


@pytest.mark.parametrize(("blocks", "deep_enough"), [(0, False), (DEEP - 2, False), (DEEP - 1, True), (DEEP, True)])
def test_a_receipt_is_final_at_the_depth_of_the_policy(
    chain: LocalChain, ann: Signer, blocks: int, deep_enough: bool
) -> None:
    receipt = minted(chain, ann)
    if blocks:
        chain.mine(blocks)

    if deep_enough:
        assert seen(chain).wait_final(receipt, timeout=0) == receipt
        return
    with pytest.raises(NotFinal) as caught:
        seen(chain).wait_final(receipt, timeout=0)
    assert caught.value.retryable
    assert (caught.value.transaction, caught.value.depth, caught.value.needed) == (
        receipt.transaction,
        blocks + 1,
        DEEP,
    )


def test_instant_finality_waits_for_nothing(chain: LocalChain, ann: Signer) -> None:
    receipt = minted(chain, ann)
    assert seen(chain, Finality.instant()).wait_final(receipt, timeout=0).block_hash == receipt.block_hash


def test_a_wait_ends_when_the_blocks_come(chain: LocalChain, ann: Signer) -> None:
    receipt = minted(chain, ann)
    later = threading.Timer(0.2, chain.mine, (DEEP,))
    later.start()

    assert seen(chain).wait_final(receipt, timeout=30).block_hash == receipt.block_hash
    later.join()


def test_a_transaction_whose_block_was_replaced_is_undone(chain: LocalChain, ann: Signer) -> None:
    before = chain.snapshot()
    receipt = minted(chain, ann)
    chain.restore(before)
    chain.mine(DEEP + 1)

    with pytest.raises(TransactionUndone) as caught:
        seen(chain).wait_final(receipt, timeout=30)
    assert (caught.value.transaction, caught.value.block_hash) == (receipt.transaction, receipt.block_hash)


def test_a_transaction_that_another_block_has_is_final_there(chain: LocalChain, ann: Signer) -> None:
    before = chain.snapshot()
    raw = ann.sign_transaction(order(chain, ann))
    receipt = chain.broadcast(raw)
    chain.restore(before)
    chain.mine()
    again = chain.broadcast(raw)
    assert again.transaction == receipt.transaction
    assert again.block_hash != receipt.block_hash
    chain.mine(DEEP)

    assert seen(chain).wait_final(receipt, timeout=0).block_hash == again.block_hash


def test_a_transaction_that_fails_in_another_block_is_undone(chain: LocalChain, ann: Signer) -> None:
    bob = Signer.generate()
    chain.fund(bob.address, usdc="0")
    before = chain.snapshot()
    minted(chain, ann)
    raw = ann.sign_transaction(order(chain, ann, to=bob.address, nonce=1))
    receipt = chain.broadcast(raw)
    chain.restore(before)
    chain.execute(ann, bob.address, b"")  # In place of the mint: the transfer has no money now.
    chain.broadcast(raw)
    chain.mine(DEEP)

    with pytest.raises(TransactionUndone):
        seen(chain).wait_final(receipt, timeout=0)


def order(chain: LocalChain, signer: Signer, to: Address | None = None, nonce: int = 0) -> dict[str, object]:
    """A mint of one unit, or the transfer of it and all that the signer was given."""
    given = chain.balance(chain.token("USDC"), signer.address, as_of="latest").units
    name, args = ("transfer", (to, given)) if to else ("mint", (signer.address, 1))
    return {
        "to": address_of("TestToken"),
        "data": interface("TestToken").function(name, 2).call_data(args),
        "value": 0,
        "nonce": nonce,
        "chainId": chain.chain_id,
        "type": 2,
        "gas": 200_000,
        "maxFeePerGas": 10**10,
        "maxPriorityFeePerGas": 10**9,
    }


@pytest.fixture(scope="module")
def one_chain() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        yield chain


@contextmanager
def troubled(chain: LocalChain) -> Iterator[tuple[Trouble, str]]:
    trouble = Trouble(chain._host)  # type: ignore[arg-type]
    server = Server(trouble.handle)
    yield trouble, server.url
    server.close()


def test_a_node_that_does_not_answer_is_asked_again(chain: LocalChain, ann: Signer) -> None:
    receipt = minted(chain, ann)
    chain.mine(DEEP)

    async def wait(url: str, trouble: Trouble) -> Receipt:
        async with await AsyncChain.connect("local", [url], finality=Finality.confirmations(DEEP)) as view:
            failing = iter([LIMITED] * 3)
            trouble.before = lambda method, params: next(failing, None)
            return await view.wait_final(receipt, timeout=30)

    with troubled(chain) as (trouble, url):
        assert asyncio.run(wait(url, trouble)).block_hash == receipt.block_hash


def test_a_node_that_lags_undoes_nothing(chain: LocalChain, ann: Signer) -> None:
    """It has neither the receipt nor a block of that height."""
    before = chain.snapshot()
    receipt = minted(chain, ann)
    chain.restore(before)

    with pytest.raises(NotFinal) as caught:
        seen(chain).wait_final(receipt, timeout=0)
    assert caught.value.depth == 0


def test_a_transaction_that_waits_for_a_block_again_is_not_undone(chain: LocalChain, ann: Signer) -> None:
    before = chain.snapshot()
    receipt = minted(chain, ann)
    chain.restore(before)
    chain.mine(DEEP)
    pending = {"result": {"hash": receipt.transaction, "blockHash": None}}
    with troubled(chain) as (trouble, url), Chain.connect("local", [url], finality=Finality.instant()) as view:
        trouble.before = lambda method, params: pending if method == "eth_getTransactionByHash" else None
        with pytest.raises(NotFinal):
            view.wait_final(receipt, timeout=0)
        trouble.before = lambda method, params: None
        with pytest.raises(TransactionUndone):
            view.wait_final(receipt, timeout=0)


def test_a_receipt_of_a_block_that_is_not_in_the_chain_is_not_believed(chain: LocalChain, ann: Signer) -> None:
    receipt = minted(chain, ann)
    elsewhere = "0x" + "13" * 32

    with troubled(chain) as (trouble, url), Chain.connect("local", [url], finality=Finality.instant()) as view:

        def lying(method: str, params: object) -> object:
            if method != "eth_getTransactionReceipt":
                return None
            answer = trouble.node.handle(method, params)
            return {"result": {**answer["result"], "blockHash": elsewhere}}

        trouble.before = lying
        with pytest.raises(NotFinal):
            view.wait_final(receipt, timeout=0)
        trouble.before = lambda method, params: LIMITED
        with pytest.raises(NotFinal):
            view.wait_final(receipt, timeout=0)
