"""Nodes that hide, invent, lag or take turns: what comes to be final is in the chain, or nothing does."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chain import Chain, LocalChain
from chain.errors import EarnestError, Malformed, NodesDisagree
from chain.finality import Finality
from chain.follower.errors import BlockGone, LogsDisagree
from chain.testing.serve import Server
from tests.chain.follower.following import DEEP, book, branch_off, followed, mint, scan, told
from tests.chain.follower.nodes import Change, Nodes, hidden, hidden_in, invented, nodes

__all__ = ["nodes"]


@pytest.fixture(scope="module")
def one_chain() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        yield chain


@pytest.mark.parametrize("lie", [hidden, invented, hidden_in("fromBlock"), hidden_in("blockHash")])
@pytest.mark.parametrize("liar", [0, 1, 2])
def test_of_three_nodes_one_that_lies_makes_nothing_final(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path, lie: Change, liar: int
) -> None:
    three = nodes(3)
    three.lie(lie, liar)
    minted = mint(chain, *range(1, DEEP + 3))
    with three.connect(quorum=2) as view, followed(view, tmp_path) as follower:
        follower.step()
        minted += mint(chain, 90, 91)
        follower.step()

        assert book(follower) == scan(chain, minted[-1].block)
        assert book(follower, "final") == scan(chain, minted[-1].block - DEEP + 1)


@pytest.mark.parametrize("lie", [hidden, invented])
def test_of_two_nodes_one_that_lies_stops_the_follower(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path, lie: Change
) -> None:
    two = nodes(2)
    two.lie(lie, 1)
    mint(chain, *range(1, DEEP + 3))
    with two.connect(quorum=2) as view, followed(view, tmp_path) as follower:
        for _ in range(2):
            with pytest.raises(NodesDisagree):
                follower.step()
        assert told(follower) == []

        two.lie(None, 1)
        follower.step()
        assert told(follower) == list(range(1, DEEP + 3))


def test_a_node_that_had_a_block_before_its_logs_is_corrected_before_they_are_final(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path
) -> None:
    one = nodes(1)
    with one.connect() as view, followed(view, tmp_path) as follower:
        follower.step()
        one.lie(hidden)
        mint(chain, 1, 2)
        follower.step()
        assert told(follower) == []

        one.lie(None)
        minted = mint(chain, *range(3, DEEP + 3))
        for _ in range(2):
            follower.step()

        assert book(follower) == scan(chain, minted[-1].block)
        assert told(follower, "final") == [1, 2, 3]


@pytest.mark.parametrize("way", ["fromBlock", "blockHash"])
def test_logs_that_a_range_and_their_blocks_tell_differently_do_not_become_final(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path, way: str
) -> None:
    one = nodes(1)
    with one.connect() as view, followed(view, tmp_path) as follower:
        follower.step()
        one.lie(hidden_in(way))
        mint(chain, 1)
        follower.step()
        mint(chain, *range(2, DEEP + 2))

        for _ in range(2):
            with pytest.raises(LogsDisagree) as caught:
                follower.step()
            assert caught.value.retryable
        assert told(follower, "final") == []


@pytest.mark.parametrize(("way", "change"), [("fromBlock", invented), ("blockHash", invented), ("blockHash", hidden)])
def test_logs_of_the_past_are_believed_where_their_blocks_tell_the_same(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path, way: str, change: Change
) -> None:
    one = nodes(1)
    one.lie(lambda method, params, result: change(method, params, result) if params and way in params[0] else result)
    mint(chain, *range(1, DEEP + 2))
    with one.connect() as view, followed(view, tmp_path) as follower:
        with pytest.raises(LogsDisagree):
            follower.step()
        assert told(follower) == []


def test_logs_of_a_block_that_is_not_in_the_chain_are_not_of_its_past(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path
) -> None:
    """A node that still serves a block that was replaced, by its hash, too."""
    one = nodes(1)
    elsewhere = "0x" + "13" * 32

    def orphaned(method: str, params: Any, result: Any) -> Any:
        return [log | {"blockHash": elsewhere} for log in result] if method == "eth_getLogs" else result

    host = one.troubles[0].node
    (event,) = mint(chain, 1)
    mint(chain, *range(2, DEEP + 1))
    one.lie(orphaned)
    honest = one.troubles[0].before

    def before(method: str, params: Any) -> Any:
        if method == "eth_getLogs" and params[0].get("blockHash") == elsewhere:
            params = [params[0] | {"blockHash": event.block_hash}]
            return {"result": orphaned(method, params, host.handle(method, params)["result"])}
        return honest(method, params)

    one.troubles[0].before = before
    with one.connect() as view, followed(view, tmp_path, from_block=event.block) as follower:
        with pytest.raises(LogsDisagree):
            follower.step()
        assert told(follower) == []


def test_a_final_block_that_changes_while_the_past_is_read_ends_the_reading(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path
) -> None:
    one = nodes(1)
    asked: list[str] = []

    def changing(method: str, params: Any, result: Any) -> Any:
        asked.append(method)
        late = method == "eth_getBlockByNumber" and "eth_getLogs" in asked
        return result | {"hash": "0x" + "13" * 32} if late else result

    first = chain._node.block("latest").number + 1
    chain.mine(DEEP + 2)  # Without events, which are checked one by one.
    with one.connect() as view, followed(view, tmp_path, from_block=first) as follower:
        one.lie(changing)
        with pytest.raises(BlockGone):
            follower.step()
        assert follower.final is not None
        assert follower.final.number == first - 1


def test_a_block_that_the_node_named_and_does_not_have_is_asked_for_again(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path
) -> None:
    one = nodes(1)
    mint(chain, 1, 2)
    with one.connect() as view, followed(view, tmp_path) as follower:
        one.lie(lambda method, params, result: None if method == "eth_getBlockByHash" else result)
        with pytest.raises(BlockGone) as caught:
            follower.step()
        assert caught.value.retryable
        one.lie(None)
        follower.step()
        assert told(follower) == [1, 2]


@pytest.mark.parametrize("member", ["number", "hash"])
def test_a_parent_is_the_block_before_by_its_hash(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path, member: str
) -> None:
    one = nodes(1)
    mint(chain, 1, 2)
    other = {"number": "0x1", "hash": "0x" + "13" * 32}[member]
    one.lie(lambda method, params, result: result | {member: other} if method == "eth_getBlockByHash" else result)
    with one.connect() as view, followed(view, tmp_path) as follower, pytest.raises(Malformed):
        follower.step()


def test_a_node_that_refuses_long_ranges_is_asked_for_shorter_ones(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path
) -> None:
    one = nodes(1)
    asked: list[int] = []

    def before(method: str, params: Any) -> Any:
        if method == "eth_getLogs" and "fromBlock" in params[0]:
            asked.append(int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1)
            if asked[-1] > 3:
                return {"error": {"code": -32000, "message": "too many blocks"}}
        return None

    one.troubles[0].before = before
    minted = mint(chain, *range(1, 30))
    with one.connect() as view, followed(view, tmp_path) as follower:
        follower.step()

        assert book(follower) == scan(chain, minted[-1].block)
    assert max(asked) > 3
    assert sum(length <= 3 for length in asked) > 5


def test_nodes_that_take_turns_undo_and_tell_again_and_end_with_one_book(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path
) -> None:
    """Two chains that have a past in common; the second node is asked when the first one is silent."""
    mint(chain, 1, 2)
    replace = branch_off(chain)
    mint(chain, 3, 4)
    frozen = _frozen(chain)
    old = Server(frozen)
    with followed(chain, tmp_path) as follower:
        follower.step()
        minted = replace(5)
        follower.step()
        assert told(follower) == [1, 2, 3, 4, -4, -3, 5]

    with (
        Chain.connect("local", [old.url], finality=Finality.confirmations(DEEP)) as view,
        followed(view, tmp_path) as follower,
    ):
        follower.step()
        assert told(follower)[-3:] == [-5, 3, 4]
    old.close()
    with followed(chain, tmp_path) as follower:
        follower.step()
        assert book(follower) == scan(chain, minted[-1].block)


def _frozen(chain: LocalChain) -> Callable[[str, Any], Any]:
    """A node that stays where the chain is now: its answers, recorded."""
    host: Any = chain._host
    newest = chain._node.block("latest").number
    known: dict[str, Any] = {}
    for number in range(newest + 1):
        block = host.handle("eth_getBlockByNumber", [hex(number), False])
        known[hex(number)] = known[block["result"]["hash"]] = block
    logs = host.handle("eth_getLogs", [{"fromBlock": "0x0", "toBlock": hex(newest)}])["result"]

    def handle(method: str, params: Any) -> Any:
        if method == "eth_chainId":
            return host.handle(method, params)
        if method.startswith("eth_getBlock"):
            return known.get(hex(newest) if params[0] == "latest" else params[0], {"result": None})
        wanted = params[0]
        first, last = (int(wanted.get(name, "0x0"), 16) for name in ("fromBlock", "toBlock"))
        found = [
            log
            for log in logs
            if log["blockHash"] == wanted.get("blockHash") or first <= int(log["blockNumber"], 16) <= last
        ]
        places = {place.lower() for place in wanted["address"]}
        return {"result": [log for log in found if log["address"].lower() in places]}

    return handle


def test_every_error_that_may_pass_says_so() -> None:
    passing = {name for name, kind in EarnestError.by_name.items() if kind.retryable}
    assert {"BlockGone", "FinalOnAnotherBranch", "LogsDisagree", "NodesDisagree", "NotFinal"} <= passing
    assert not {"FinalBlockUndone", "ParentMissing", "TransactionUndone"} & passing
