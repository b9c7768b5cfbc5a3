"""What counts once two of three nodes say so: nodes that lie, lag, fall silent or stand on another branch."""

from collections.abc import Callable
from typing import Any

import pytest

from chain import Chain, LocalChain, Signer, Token
from chain.errors import Malformed, NodeRefused, NodesDisagree, NodeUnreachable, OutOfRange, WrongChain
from chain.quorum import TAGS, said
from chain.refusals import ERC20InsufficientAllowance
from chain.testing.trouble import LIMITED, Trouble
from tests.chain.quorum.conftest import Answer, Nodes, altered, view


def behind(blocks: int) -> Callable[[Trouble], Answer]:
    """A node that lags: it has no newer blocks, whatever it is asked."""

    def of(trouble: Trouble) -> Answer:
        def before(method: str, params: Any) -> Any:
            newest = (
                int(trouble.node.handle("eth_getBlockByNumber", ["latest", False])["result"]["number"], 16) - blocks
            )
            if method != "eth_getBlockByNumber":
                return None
            if params[0] in {"latest", "finalized", "safe"}:
                return trouble.node.handle(method, [hex(newest), False])
            return {"result": None} if int(params[0], 16) > newest else None

        return before

    return of


OTHER_HASH = altered("eth_getBlockByNumber", lambda block: block and block | {"hash": "0x" + "13" * 32})
FAR_AHEAD = altered("eth_getBlockByNumber", lambda block: block and block | {"number": hex(10**9)})
RICH = altered("eth_call", lambda result: "0x" + "ff" * 32)
NO_LOGS = altered("eth_getLogs", lambda logs: [])
SILENT: Callable[[Trouble], Answer] = lambda trouble: lambda method, params: LIMITED  # noqa: E731


@pytest.mark.parametrize("where", [0, 1, 2])
@pytest.mark.parametrize("lie", [OTHER_HASH, FAR_AHEAD, RICH, NO_LOGS, SILENT, behind(2)])
def test_one_node_that_lies_lags_or_is_silent_changes_nothing(
    chain: LocalChain, nodes: Nodes, lie: Callable[[Trouble], Answer], where: int
) -> None:
    troubles, urls = nodes
    ann = Signer.generate()
    chain.fund(ann.address)
    chain.mine(3)
    newest = chain._node.block("latest")
    troubles[where].before = lie(troubles[where])

    with view(urls) as agreed:
        assert agreed._node.block("latest") == newest
        assert agreed._node.block("finalized") == newest
        assert agreed.balance(agreed.token("USDC"), ann.address).units == 1_000_000_000
        assert agreed.events("TestToken") == chain.events("TestToken") != ()


@pytest.mark.parametrize(
    ("lie", "ask"),
    [
        (OTHER_HASH, lambda agreed, usdc: agreed._node.block("latest")),
        (RICH, lambda agreed, usdc: agreed.balance(usdc, usdc.address)),
        (RICH, lambda agreed, usdc: agreed.token(usdc.address)),
        (NO_LOGS, lambda agreed, usdc: agreed.events("TestToken")),
    ],
)
def test_two_nodes_that_differ_are_an_error_that_says_who_says_what(
    chain: LocalChain, nodes: Nodes, lie: Callable[[Trouble], Answer], ask: Callable[[Chain, Token], object]
) -> None:
    troubles, urls = nodes
    chain.fund(Signer.generate().address)
    usdc = chain.token("USDC")
    with view(urls[:2]) as agreed:
        troubles[1].before = lie(troubles[1])
        with pytest.raises(NodesDisagree) as caught:
            ask(agreed, usdc)

    assert caught.value.retryable
    assert caught.value.needed == 2
    assert [host for host, _ in caught.value.answers] == [url.removeprefix("http://") for url in urls[:2]]
    assert caught.value.answers[0][1] != caught.value.answers[1][1]


def test_the_newest_block_is_one_that_enough_nodes_have(chain: LocalChain, nodes: Nodes) -> None:
    troubles, urls = nodes
    chain.mine(5)
    newest = chain._node.block("latest").number
    for trouble, blocks in zip(troubles, (0, 1, 4), strict=True):
        trouble.before = behind(blocks)(trouble)

    for quorum, expected in ((2, newest - 1), (3, newest - 4)):
        with view(urls, quorum) as agreed:
            assert agreed._node.block("latest").number == expected
            assert agreed._node.block("pending").number == expected


AT_A_BLOCK = {"eth_call", "eth_getCode", "eth_getBalance", "eth_getTransactionCount"}


def test_what_is_read_at_a_tag_is_read_at_the_block_agreed_on(chain: LocalChain, nodes: Nodes) -> None:
    """Else one node would answer for a newer block than the other, and they would seem to disagree."""
    troubles, urls = nodes
    ann = Signer.generate()
    chain.fund(ann.address)
    newest, usdc = chain._node.block("latest").number, chain.token("USDC")
    asked: list[str] = []

    def listening(method: str, params: Any) -> Any:
        asked.extend(params[1:] if method in AT_A_BLOCK else ())

    troubles[0].before, troubles[1].before = listening, behind(1)(troubles[1])
    with view(urls[:2]) as agreed:
        for as_of in ("final", "latest"):
            agreed.balance(usdc, ann.address, as_of=as_of)
            agreed.balance(chain.native, ann.address, as_of=as_of)
        agreed._node.nonce(ann.address, "latest")

    assert set(asked) == {hex(newest - 1)}


def absent(trouble: Trouble) -> Answer:
    """A node that claims a height and has no block there."""

    def before(method: str, params: Any) -> Any:
        if method != "eth_getBlockByNumber":
            return None
        newest = trouble.node.handle(method, ["latest", False])["result"]
        return {"result": newest | {"number": hex(10**6)} if params[0] in TAGS else None}

    return before


@pytest.mark.parametrize("where", [0, 1, 2])
def test_a_block_that_two_nodes_do_not_have_is_no_newest_one(chain: LocalChain, nodes: Nodes, where: int) -> None:
    """One claims to be far ahead, an honest one lags: both have no block where the other honest one has its newest."""
    troubles, urls = nodes
    chain.mine(3)
    newest = chain._node.block("latest").number
    troubles[where].before = absent(troubles[where])
    troubles[where - 1].before = behind(1)(troubles[where - 1])
    with view(urls) as agreed:
        assert agreed._node.block("latest").number == newest - 1


GARBLED = altered(
    "eth_getBlockByNumber",
    lambda block: block and block | {"logsBloom": "0x" + "11" * 300, "extraData": "zz", "sha3Uncles": "0x123456"},
)


@pytest.mark.parametrize("where", [0, 1, 2])
def test_what_nobody_compares_is_not_handed_on(chain: LocalChain, nodes: Nodes, where: int) -> None:
    troubles, urls = nodes
    troubles[where].before = GARBLED(troubles[where])
    with view(urls) as agreed:
        assert agreed._node.block("latest") == chain._node.block("latest")


def test_logs_are_in_the_chain_s_order_however_nodes_tell_them(chain: LocalChain, nodes: Nodes) -> None:
    troubles, urls = nodes
    for _ in range(20):
        chain.fund(Signer.generate().address)
    for trouble in troubles:
        trouble.before = altered("eth_getLogs", lambda logs: logs[::-1])(trouble)
    with view(urls) as agreed:
        assert agreed.events("TestToken") == chain.events("TestToken")


@pytest.mark.parametrize("where", [0, 1, 2])
def test_a_node_that_turns_out_to_be_of_another_chain_has_no_say(chain: LocalChain, nodes: Nodes, where: int) -> None:
    troubles, urls = nodes
    elsewhere: Answer = lambda method, params: {"result": "0x5"} if method == "eth_chainId" else None  # noqa: E731
    troubles[where].before = elsewhere
    with view(urls) as agreed:
        assert agreed._node.block("latest") == chain._node.block("latest")
    troubles[where - 1].before = elsewhere
    with pytest.raises(WrongChain):
        view(urls)


def test_nodes_on_branches_agree_on_the_block_before_these(chain: LocalChain, nodes: Nodes) -> None:
    troubles, urls = nodes
    chain.mine(5)
    newest = chain._node.block("latest").number

    def forked(trouble: Trouble, since: int, mark: str) -> Answer:
        def change(block: Any) -> Any:
            return block and block | ({"hash": mark * 32} if int(block["number"], 16) >= since else {})

        return altered("eth_getBlockByNumber", change)(trouble)

    troubles[0].before, troubles[1].before = (
        forked(troubles[0], newest - 2, "11"),
        forked(troubles[1], newest - 2, "22"),
    )
    with view(urls[:2]) as agreed:
        assert agreed._node.block("latest").number == newest - 3

    troubles[0].before, troubles[1].before = (
        forked(troubles[0], newest - 8, "11"),
        forked(troubles[1], newest - 8, "22"),
    )
    with pytest.raises(NodesDisagree):
        view(urls[:2])


def test_too_few_nodes_that_answer_are_no_quorum(nodes: Nodes) -> None:
    troubles, urls = nodes
    with view(urls) as agreed:
        for trouble in troubles[1:]:
            trouble.before = SILENT(trouble)
        for at in ("latest", 1):
            with pytest.raises(NodeUnreachable) as caught:
                agreed._node.block(at)
            assert caught.value.host.count("127.0.0.1") == 2


def test_a_silent_node_is_left_alone_for_a_while(nodes: Nodes) -> None:
    troubles, urls = nodes
    asked: list[str] = []

    def silent(method: str, params: Any) -> Any:
        asked.append(method)
        return LIMITED

    troubles[0].before = silent
    with view(urls) as agreed:
        for _ in range(5):
            agreed._node.block("latest")
            agreed._node.has("0x" + "13" * 32)

    assert asked == ["eth_chainId"]


def test_refusals_and_reverts_are_told_as_they_are(nodes: Nodes) -> None:
    troubles, urls = nodes
    refused = {"error": {"code": -32000, "message": "range too large"}}
    for trouble in troubles[1:]:
        trouble.before = lambda method, params: refused if method == "eth_getLogs" else None
    with view(urls) as agreed:
        with pytest.raises(NodeRefused, match="range too large"):
            agreed.events("TestToken")
        with pytest.raises(ERC20InsufficientAllowance):
            agreed.call("TestToken", "transferFrom", agreed.address_of("Escrow"), agreed.address_of("Escrow"), 1)


def test_a_receipt_that_nodes_disagree_on_is_not_there_yet(chain: LocalChain, nodes: Nodes) -> None:
    troubles, urls = nodes
    ann = Signer.generate()
    chain.fund(ann.address)
    sent = chain.send(ann, "TestToken", "mint", ann.address, 1).transaction
    with view(urls[:2]) as agreed:
        assert agreed._node.receipt(sent) is not None
        troubles[0].before = lambda method, params: {"result": None} if "Receipt" in method else None
        assert agreed._node.receipt(sent) is None


@pytest.mark.parametrize("quorum", [0, 4, -1, True, 1.0])
def test_a_quorum_is_a_number_of_the_nodes(nodes: Nodes, quorum: int) -> None:
    with pytest.raises(OutOfRange):
        view(nodes[1], quorum)


def test_a_node_has_one_vote(nodes: Nodes) -> None:
    with pytest.raises(Malformed):
        view([nodes[1][0], nodes[1][0]])


@pytest.mark.parametrize(
    ("method", "left", "right"),
    [
        ("eth_call", {"result": "0xAB"}, {"result": "0xab"}),
        ("eth_getBlockByHash", {"result": {"hash": "0x1", "size": 1}}, {"result": {"hash": "0x1", "size": 2}}),
        ("eth_getLogs", {"result": [{"data": "0x1"}, {"data": "0x2"}]}, {"result": [{"data": "0x2"}, {"data": "0x1"}]}),
        ("eth_call", {"error": {"code": 3, "data": "0x1"}}, {"error": {"code": -32000, "message": "m", "data": "0x1"}}),
    ],
)
def test_answers_are_the_same_in_all_that_is_read(method: str, left: Any, right: Any) -> None:
    assert said(method, left) == said(method, right) is not None


_RECEIPT: dict[str, Any] = {"transactionHash": "0x1", "blockHash": "0x2", "status": "0x1", "logs": [{"data": "0x1"}]}


@pytest.mark.parametrize(
    ("method", "left", "right"),
    [
        ("eth_call", {"result": "0xab"}, {"result": "0xac"}),
        ("eth_call", {"result": "0x"}, {"error": {"code": 3, "data": "0x"}}),
        ("eth_getBlockByNumber", {"result": {"hash": "0x1", "parentHash": "0x1"}}, {"result": {"hash": "0x1"}}),
        ("eth_getBlockByNumber", {"result": {"hash": "0x1"}}, {"result": None}),
        ("eth_getLogs", {"result": [{"data": "0x1"}]}, {"result": []}),
        ("eth_getLogs", {"result": [{"data": "0x1"}] * 2}, {"result": [{"data": "0x1"}]}),
        ("eth_getTransactionReceipt", {"result": _RECEIPT}, {"result": _RECEIPT | {"blockHash": "0x3"}}),
        ("eth_getTransactionReceipt", {"result": _RECEIPT}, {"result": _RECEIPT | {"status": "0x0"}}),
        ("eth_getTransactionReceipt", {"result": _RECEIPT}, {"result": _RECEIPT | {"logs": []}}),
        ("eth_getTransactionReceipt", {"result": _RECEIPT}, {"result": _RECEIPT | {"logs": [{"data": "0x2"}]}}),
    ],
)
def test_answers_differ_in_what_is_read(method: str, left: Any, right: Any) -> None:
    assert said(method, left) != said(method, right)


@pytest.mark.parametrize("error", [{"code": -32000, "message": "no"}, "no", 5, {"code": 3.5}])
def test_a_refusal_says_nothing(error: Any) -> None:
    assert said("eth_call", {"error": error}) is None
