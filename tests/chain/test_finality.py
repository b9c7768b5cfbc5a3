from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain import Chain, LocalChain, Signer, Token, address
from chain.double_spend import DEEPEST, ImpossibleRisk, chance
from chain.errors import InvalidValue, Malformed, NodeRefused, OtherChain, OutOfRange
from chain.finality import FinalBlockUnknown, Finality
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from chain.units import MAX_AMOUNT

GOLD = Token(address=address("0x" + "60" * 20), symbol="GOLD", decimals=6, chain_id=31337)
POLICIES = [
    Finality.instant(),
    Finality.safe(),
    Finality.finalized(),
    Finality.confirmations(12),
    Finality.risk(),
    Finality.risk(0.3, 1e-4, "nakamoto"),
    Finality.risk(stake=GOLD("100")),
]


@pytest.mark.parametrize(
    ("policy", "depth"),
    [
        (Finality.instant(), 1),
        (Finality.confirmations(1), 1),
        (Finality.confirmations(12), 12),
        (Finality.risk(), 6),
        (Finality.risk(0.1, 1e-3, "nakamoto"), 5),
        (Finality.risk(0.4, 1e-3), 133),
        (Finality.risk(0, 1e-3), 1),
    ],
)
def test_a_policy_is_a_depth_whatever_the_sum(policy: Finality, depth: int) -> None:
    assert policy.depth() == policy.depth(2**256 - 1) == depth
    assert policy.covering(MAX_AMOUNT) is policy


@given(st.integers(0, 2**128), st.floats(0.01, 0.4), st.floats(1e-9, 0.5))
def test_no_more_than_the_stakes_share_is_lost_on_average(unfinal: int, attacker: float, accept: float) -> None:
    stake = GOLD("100")
    depth = Finality.risk(attacker, accept, stake=stake).depth(unfinal)

    assert chance(attacker, depth) <= accept
    assert chance(attacker, depth) * unfinal <= accept * stake.units * (1 + 1e-9)
    before = 1.0 if depth == 1 else chance(attacker, depth - 1)
    assert depth == 1 or max(before, before * unfinal / stake.units) > accept, "one block less is not enough"


@given(st.floats(0.01, 0.49), st.integers(1, 300))
def test_money_that_was_settled_in_between_needs_no_depth_of_its_own(attacker: float, depth: int) -> None:
    """What is claimed frees its place when it is as deep again: a reorganisation of both undoes twice the sum."""
    once = chance(attacker, depth)
    assert once > 0.1 or 2 * chance(attacker, 2 * depth) <= once


def test_a_sum_above_the_stake_is_waited_for_longer() -> None:
    policy = Finality.risk(stake=GOLD("100"))
    assert [policy.depth(GOLD(text).units) for text in ("0", "100", "100.000001", "169", "200", "100000")] == [
        6,
        6,
        6,
        6,
        7,
        12,
    ]
    assert policy.covering(GOLD("100000").units) == Finality.confirmations(12)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_is_written_and_read(policy: Finality) -> None:
    assert Finality.from_json(policy.to_json(), GOLD) == policy


@pytest.mark.parametrize(
    "data",
    [
        "latest",
        "pending",
        None,
        12,
        [],
        {},
        {"confirmations": 12, "risk": {}},
        {"confirmations": 0},
        {"confirmations": "12"},
        {"confirmations": True},
        {"depth": 12},
        {"risk": 0.1},
        {"risk": {"attacker": 0.5}},
        {"risk": {"attacker": "0.1"}},
        {"risk": {"accept": 0}},
        {"risk": {"formula": "satoshi"}},
        {"risk": {"deep": 12}},
        {"risk": {"stake": "100"}},
        {"risk": {"stake": {"units": "-1", "token": GOLD.address}}},
        {"risk": {"stake": {"units": 1, "token": GOLD.address}}},
        {"risk": {"stake": {"units": "1", "token": "0x" + "61" * 20}}},
        {"risk": {"stake": {"units": "0", "token": GOLD.address}}},
        {"risk": {"stake": {"units": str(2**96), "token": GOLD.address}}},
    ],
)
def test_what_is_no_policy_is_refused(data: Any) -> None:
    with pytest.raises(InvalidValue):
        Finality.from_json(data, GOLD)


def test_a_stake_is_read_in_the_token_that_is_handed_in() -> None:
    with pytest.raises(Malformed):
        Finality.from_json(Finality.risk(stake=GOLD("1")).to_json())


@pytest.mark.parametrize("blocks", [0, -1, DEEPEST + 1, 1.0, True])
def test_confirmations_are_a_number_of_blocks(blocks: Any) -> None:
    with pytest.raises(OutOfRange):
        Finality.confirmations(blocks)


def test_a_policy_is_one_thing() -> None:
    with pytest.raises(Malformed):
        Finality(tag="safe", blocks=3)
    with pytest.raises(Malformed):
        Finality(blocks=3, odds=Finality.risk().odds)
    with pytest.raises(Malformed):
        Finality(tag="latest")  # type: ignore[arg-type]
    with pytest.raises(ImpossibleRisk):
        Finality.risk(attacker=0.5)
    with pytest.raises(OutOfRange):
        Finality.risk().depth(-1)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (Finality.instant(), ["newest"]),
        (Finality.safe(), ["`safe`", "validators"]),
        (Finality.finalized(), ["`finalized`", "third"]),
        (Finality.confirmations(12), ["12 blocks"]),
        (Finality.risk(), ["6 blocks", "0.1 of the power", "0.00059", "0.001 is accepted", "Rosenfeld 2014"]),
        (Finality.risk(0.3, 1e-3, "nakamoto"), ["24 blocks", "Nakamoto 2008"]),
        (Finality.risk(stake=GOLD("100")), ["at most 100 GOLD"]),
    ],
)
def test_a_policy_says_its_reason(policy: Finality, words: list[str]) -> None:
    for word in words:
        assert word in policy.explain()


@pytest.fixture
def served() -> Iterator[LocalChain]:
    with Chain.local() as chain:
        yield chain


def told(chain: LocalChain, owner: Signer, *, blocks: int) -> None:
    """The owner has one gold more in each of so many blocks."""
    for _ in range(blocks):
        chain.send(owner, "TestToken", "mint", owner.address, 1)


def test_reads_are_of_the_block_that_is_deep_enough(served: LocalChain) -> None:
    ann, usdc, url = Signer.generate(), served.token("USDC"), served.serve()
    served.fund(ann.address, usdc="0")
    told(served, ann, blocks=8)

    for depth in range(1, 9):
        with Chain.connect("local", [url], finality=Finality.confirmations(depth)) as chain:
            assert chain.balance(usdc, ann.address).units == 9 - depth
            assert chain.call("TestToken", "balanceOf", ann.address) == 9 - depth
            assert chain.balance(usdc, ann.address, as_of="latest").units == 8
            assert chain.balance(usdc, ann.address, as_of=Finality.confirmations(2)).units == 7
            assert chain.now(as_of="final") == served._node.block(served._node.block("latest").number + 1 - depth).time


def test_a_chain_younger_than_the_depth_is_read_at_its_first_block(served: LocalChain) -> None:
    with Chain.connect("local", [served.serve()], finality=Finality.confirmations(DEEPEST)) as chain:
        assert chain.now(as_of="final") == served._node.block(0).time
        assert chain.code(served.address_of("Escrow")) == b""
        assert chain.code(served.address_of("Escrow"), as_of="latest") != b""


def without(node: EmbeddedNode, tag: str, answer: dict[str, Any]) -> Callable[[str, Any], Any]:
    """The node as if it didn't know the tag."""
    return lambda method, params: answer if tag in (params or []) else node.handle(method, params)


@pytest.mark.parametrize("tag", ["safe", "finalized"])
@pytest.mark.parametrize(
    "answer",
    [
        {"result": None},
        {"error": {"code": -32602, "message": "invalid argument 0: hex string without 0x prefix"}},
        {"error": {"code": -39001, "message": "finalized block not found"}},
    ],
    ids=["null", "unknown word", "not yet"],
)
def test_a_node_that_names_no_final_block_is_refused_at_once(tag: str, answer: dict[str, Any]) -> None:
    node = EmbeddedNode()
    server = Server(without(node, tag, answer))
    with pytest.raises(FinalBlockUnknown) as caught:
        Chain.connect("local", [server.url], finality=Finality.from_json(tag))
    with Chain.connect("local", [server.url], finality=Finality.confirmations(3)) as chain:
        assert chain.now(as_of="final")
        with pytest.raises(NodeRefused):
            chain.now(as_of=Finality.from_json(tag))
    server.close()

    assert caught.value.tag == tag


def test_a_stake_is_in_money_of_the_same_chain(served: LocalChain) -> None:
    url = served.serve()
    Chain.connect("local", [url], finality=Finality.risk(stake=GOLD("1"))).close()
    elsewhere = Token(address=GOLD.address, symbol="GOLD", decimals=6, chain_id=1)
    with pytest.raises(OtherChain):
        Chain.connect("local", [url], finality=Finality.risk(stake=elsewhere("1")))
