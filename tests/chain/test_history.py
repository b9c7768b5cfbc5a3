"""A node may refuse a long range of blocks, choke on it, or die: nothing is left out for it."""

from collections.abc import Iterator
from typing import Any

import pytest

from chain import Chain, LocalChain
from chain.contracts import TEST_TOKEN, interface
from chain.errors import NodeRefused, NodeUnreachable
from chain.keccak import keccak
from chain.signer import Signer
from chain.sync.history import History
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from chain.testing.trouble import LIMITED, Trouble

PAYERS = [Signer(keccak(bytes([number]))) for number in range(2)]
REFUSED = {"error": {"code": -32000, "message": "range too large"}}


@pytest.fixture(scope="module")
def past() -> Iterator[tuple[Trouble, str]]:
    """Five transfers of two payers, some blocks apart, and the node that tells of them."""
    trouble = Trouble(EmbeddedNode())
    server = Server(trouble.handle)
    with LocalChain.attach(server.url) as chain:
        for payer in PAYERS:
            chain.fund(payer.address)
        for number in range(5):
            payer = PAYERS[number % 2]
            chain.transfer(payer, chain.token("USDC").units(number + 1), PAYERS[1 - number % 2].address)
            chain.mine(3)
        yield trouble, server.url
    server.close()


@pytest.fixture
def trouble(past: tuple[Trouble, str]) -> Iterator[Trouble]:
    yield past[0]
    past[0].before = lambda method, params: None


@pytest.fixture
def chain(past: tuple[Trouble, str]) -> Iterator[Chain]:
    with Chain.connect("local", [past[1]]) as chain:
        yield chain


def asked(history: History, **options: Any) -> list[int]:
    topics = options.pop("topics", ([payer.address for payer in PAYERS],))
    found = history.events(TEST_TOKEN, ["Transfer", "Approval"], topics, from_block=options.pop("from_block", 0))
    return [event.block for event in found]


def longer_than(most: int, answer: Any) -> Any:
    def before(method: str, params: Any) -> Any:
        if method != "eth_getLogs":
            return None
        first, last = (int(params[0][name], 16) for name in ("fromBlock", "toBlock"))
        return answer if last - first + 1 > most else None

    return before


@pytest.mark.parametrize("answer", [REFUSED, LIMITED])
@pytest.mark.parametrize("most", [1, 2, 7, 1_000])
def test_every_event_is_found_once_and_in_order_whatever_range_the_node_takes(
    trouble: Trouble, chain: Chain, answer: Any, most: int
) -> None:
    whole = asked(History(chain))
    assert len(whole) == 5
    assert whole == sorted(whole)
    trouble.before = longer_than(most, answer)
    assert asked(History(chain)) == whole


def test_topics_choose_and_the_first_block_counts(trouble: Trouble, chain: Chain) -> None:
    history, whole = History(chain), asked(History(chain))
    assert asked(history, topics=(PAYERS[0].address,)) == whole[::2]
    assert asked(history, topics=([PAYERS[0].address, PAYERS[1].address], None)) == whole
    assert asked(history, topics=([PAYERS[1].address], PAYERS[0].address)) == whole[1::2]
    assert asked(history, from_block=whole[2]) == whole[2:]
    assert asked(history, from_block=whole[2] + 1) == whole[3:]
    assert asked(history, from_block=history.head() + 1) == []


def test_a_node_that_refuses_one_block_is_an_error(trouble: Trouble, chain: Chain) -> None:
    ranges = list[str]()

    def refuses(method: str, params: Any) -> Any:
        if method != "eth_getLogs":
            return None
        ranges.append(f"{params[0]['fromBlock']} to {params[0]['toBlock']}")
        return REFUSED

    trouble.before = refuses
    with pytest.raises(NodeRefused, match="range too large"):
        asked(History(chain))
    assert ranges[-1] == "0x0 to 0x0"
    assert len(ranges) == len(set(ranges)), "no range is asked for twice"


def test_a_node_that_died_is_not_asked_for_ever_smaller_ranges(trouble: Trouble, chain: Chain) -> None:
    requests = list[str]()

    def dies(method: str, params: Any) -> Any:
        requests.append(method)
        return LIMITED if "eth_getLogs" in requests else None

    trouble.before = dies
    with pytest.raises(NodeUnreachable):
        asked(History(chain))
    assert requests.count("eth_getLogs") == 1


def test_progress_ends_at_the_last_block(trouble: Trouble, chain: Chain) -> None:
    said = list[tuple[str, int, int]]()
    trouble.before = longer_than(7, REFUSED)
    history = History(chain, lambda *words: said.append(words))
    asked(history, from_block=10)
    blocks = history.head() - 9
    assert {words[0] for words in said} == {"reading Transfer and Approval"}
    assert [done for _, done, _ in said] == sorted({done for _, done, _ in said})
    assert said[-1][1:] == (blocks, blocks)


def test_the_input_of_a_transaction_is_what_it_was_called_with(chain: Chain) -> None:
    paid = History(chain).events(TEST_TOKEN, ["Transfer"], (PAYERS[0].address,), from_block=0)[0]
    called = History(chain).input_of(paid.transaction)
    assert called == interface(TEST_TOKEN).function("transfer", 2).call_data([PAYERS[1].address, 1])
    assert History(chain).input_of("0x" + "77" * 32) == b""
