"""Runs that meet trouble, and their end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chain import Chain, LocalChain
from chain.errors import NodeRefused
from chain.finality import Finality
from chain.sync.follower import Follower
from chain.testing.serve import Server
from chain.testing.trouble import LIMITED, Trouble
from tests.chain.follower.following import followed, mint, told


@pytest.fixture(scope="module")
def one_chain() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        yield chain


@contextmanager
def troubled(chain: LocalChain) -> Iterator[tuple[Trouble, Chain]]:
    """The same chain, over HTTP and through what may go wrong there."""
    trouble = Trouble(chain._host)  # type: ignore[arg-type]
    server = Server(trouble.handle)
    try:
        with Chain.connect("local", [server.url], finality=Finality.confirmations(2)) as view:
            yield trouble, view
    finally:
        server.close()


def running(follower: Follower) -> threading.Thread:
    thread = threading.Thread(target=follower.run, args=(0.01,), daemon=True)
    thread.start()
    return thread


def until(condition: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(1000):
        if condition():
            return
        waiting.wait(0.01)
    raise AssertionError("it never came to be")


def test_a_run_goes_on_over_what_can_be_tried_again_until_it_is_closed(chain: LocalChain, tmp_path: Path) -> None:
    with troubled(chain) as (trouble, view):
        failing = iter([LIMITED] * 5)
        trouble.before = lambda method, params: next(failing, None)
        follower = followed(view, tmp_path)
        thread = running(follower)
        mint(chain, 1, 2, 3)
        until(lambda: told(follower) == [1, 2, 3])
        follower.close()
        thread.join(10)
        assert not thread.is_alive()

    with followed(chain, tmp_path) as follower:
        assert told(follower) == [1, 2, 3]


def test_a_run_ends_with_what_can_not_be_tried_again(chain: LocalChain, tmp_path: Path) -> None:
    with troubled(chain) as (trouble, view), followed(view, tmp_path) as follower:
        refused = {"error": {"code": -32601, "message": "no such method"}}
        trouble.before = lambda method, params: refused if method == "eth_getLogs" else None
        with pytest.raises(NodeRefused):
            follower.run()


def test_a_closed_follower_does_not_step(chain: LocalChain, tmp_path: Path) -> None:
    follower = followed(chain, tmp_path)
    follower.close()
    follower.close()
    follower.step()
    follower.run()
