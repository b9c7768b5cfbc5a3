"""A node that has another block in a final one's place, and ours again: nothing goes on before a person has looked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chain import Chain, LocalChain
from chain.follower.errors import FinalBlockUndone
from chain.sync.follower import Follower
from tests.chain.follower.following import followed, mint, told
from tests.chain.follower.nodes import Nodes, nodes, replaced_at

__all__ = ["nodes"]


@pytest.fixture(scope="module")
def one_chain() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        yield chain


@pytest.fixture
def node(nodes: Callable[[int], Nodes]) -> Nodes:
    return nodes(1)


@pytest.fixture
def view(node: Nodes) -> Iterator[Chain]:
    """Its newest block is final."""
    with node.connect(deep=1) as view:
        yield view


def never_late(view: Chain, path: Path) -> Follower:
    return followed(view, path, max_lag=1e12)


def stop(chain: LocalChain, node: Nodes, follower: Follower) -> None:
    """The follower finds its final block, the second one minted, replaced; then the node has it again."""
    mint(chain, 1, 2)
    follower.step()
    assert follower.final
    node.lie(replaced_at(follower.final.number))
    mint(chain, 3)
    with pytest.raises(FinalBlockUndone):
        follower.step()
    node.lie(None)


def test_nothing_goes_on_in_any_process_until_a_person_has_looked(
    chain: LocalChain, node: Nodes, view: Chain, tmp_path: Path
) -> None:
    with never_late(view, tmp_path) as follower, never_late(view, tmp_path) as beside:
        stop(chain, node, follower)
        with never_late(view, tmp_path) as after_a_restart:
            for one in (follower, beside, after_a_restart):
                refused: list[Callable[[], object]] = [
                    one.step,
                    one.require_awake,
                    lambda one=one: told(one, "final"),  # type: ignore[misc]
                    lambda one=one: told(one, cursor="shop"),  # type: ignore[misc]
                ]
                for ask in refused:
                    with pytest.raises(FinalBlockUndone) as caught:
                        ask()
                    assert follower.final
                    assert (caught.value.number, caught.value.ours) == (follower.final.number, follower.final.hash)

        beside.resume()

        for one in (follower, beside):
            one.step()
            one.require_awake()
            assert told(one, "final") == [1, 2, 3]


def test_where_the_node_still_has_another_block_it_is_stopped_again(
    chain: LocalChain, node: Nodes, view: Chain, tmp_path: Path
) -> None:
    with never_late(view, tmp_path) as follower:
        stop(chain, node, follower)
        assert follower.final
        node.lie(replaced_at(follower.final.number))

        follower.resume()

        with pytest.raises(FinalBlockUndone):
            follower.step()
        node.lie(None)
        with pytest.raises(FinalBlockUndone):
            follower.require_awake()


def test_what_was_being_read_stops_where_it_is(chain: LocalChain, node: Nodes, view: Chain, tmp_path: Path) -> None:
    with never_late(view, tmp_path) as follower:
        mint(chain, 7, 8)
        follower.step()
        reading = iter(follower.events("shop"))
        next(reading)
        stop(chain, node, follower)

        with pytest.raises(FinalBlockUndone):
            next(reading)


def test_a_step_with_nothing_new_is_refused_too(chain: LocalChain, view: Chain, tmp_path: Path) -> None:
    with never_late(view, tmp_path) as follower:
        mint(chain, 1)
        follower.step()
        follower._store.halt(FinalBlockUndone(1, "0xa", "0xb"))

        with pytest.raises(FinalBlockUndone):
            follower.step()
