"""A node on a branch of its own: what only it shows is served by nobody, and outvoted it stops nobody."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from chain import Chain, LocalChain, Signer
from chain.errors import NodesDisagree
from chain.finality import Finality
from chain.testing.anvil import Anvil
from channels import MemoryStore, Payee, Payer, SignedVoucher
from channels.errors import NotOpen
from tests.chain.follower.following import DEEP, MINTER, book, followed, mint, scan, told

pytestmark = pytest.mark.anvil

FINAL = Finality.confirmations(DEEP)
REFRESH = 31


class Replicas:
    """Three real nodes with one past: the first makes blocks, the second takes them over, the last is an attacker's."""

    def __init__(self, ends: ExitStack) -> None:
        self.honest = ends.enter_context(Chain.local("anvil"))
        self.honest.fund(MINTER.address, usdc="0")
        self._other, liar = Anvil(), Anvil()
        ends.callback(self._other.close)
        ends.callback(liar.close)
        self._ways = {url: ends.enter_context(Chain.connect("local", [url])) for url in (self._other.url, liar.url)}
        self.urls = [self.honest.serve(), *self._ways]
        self.agree()
        self.liar = ends.enter_context(LocalChain.attach(liar.url))

    def agree(self) -> None:
        """All take over the first one's chain; what the attacker had is gone."""
        for url in self._ways:
            self._take_over(url)

    def mine(self, blocks: int) -> None:
        """Honest ones, which the attacker's node doesn't take."""
        self.honest.mine(blocks)
        self._take_over(self._other.url)

    def undo(self, depth: int) -> None:
        """The attacker's node alone drops the last `depth` blocks, for others of its own."""
        self._take_over(self.urls[2], self.honest._node.block("latest").number - depth)

    def view(self, *order: int) -> Chain:
        """Two must say the same."""
        return Chain.connect("local", [self.urls[node] for node in order], finality=FINAL, quorum=2)

    def _take_over(self, url: str, up_to: int | None = None) -> None:
        node, upstream = self._ways[url]._node, {"jsonRpcUrl": self.urls[0]}
        node.ask("anvil_reset", {"forking": upstream if up_to is None else upstream | {"blockNumber": up_to}})
        node.ask("anvil_setBlockTimestampInterval", 1)


@pytest.fixture
def nodes() -> Iterator[Replicas]:
    with ExitStack() as ends:
        yield Replicas(ends)


@pytest.fixture
def shop() -> Signer:
    return Signer.generate()


@pytest.fixture
def payers(nodes: Replicas) -> tuple[Signer, Signer]:
    """One pays on the honest chain, one where only the attacker's node sees it; both have money on both."""
    ann, eve = Signer.generate(), Signer.generate()
    for payer in (ann, eve):
        nodes.honest.fund(payer.address)
    nodes.agree()
    return ann, eve


def till_over(view: Chain, shop: Signer) -> Payee:
    """Looks at the chain whenever it is asked."""
    return Payee(view, shop, MemoryStore(), clock=count(0, REFRESH).__next__)


def paid_on(chain: LocalChain, ann: Signer, shop: Signer) -> SignedVoucher:
    """For a deposit that is in this node's chain alone."""
    usdc = chain.token("USDC")
    with Payer(chain, ann, store=":memory:") as wallet:
        return wallet.pay(wallet.open(shop.address, deposit=usdc("10"), closing_period=timedelta(days=1)), usdc("1"))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_a_deposit_that_one_node_of_three_shows_is_none_and_the_others_go_on(
    nodes: Replicas, payers: tuple[Signer, Signer], shop: Signer, order: tuple[int, ...]
) -> None:
    ann, eve = payers
    false = paid_on(nodes.liar, eve, shop)
    nodes.liar.mine(3 * DEEP)
    with nodes.view(*order) as view, till_over(view, shop) as till:
        with pytest.raises(NotOpen):
            till.accept(false)

        true = paid_on(nodes.honest, ann, shop)
        nodes.mine(DEEP)
        assert till.accept(true).added == nodes.honest.token("USDC")("1")
        with pytest.raises(NotOpen):
            till.accept(false)


def test_of_two_nodes_that_differ_none_is_believed_until_they_agree(
    nodes: Replicas, payers: tuple[Signer, Signer], shop: Signer
) -> None:
    ann, eve = payers
    with nodes.view(0, 2) as view, till_over(view, shop) as till:
        false, true = paid_on(nodes.liar, eve, shop), paid_on(nodes.honest, ann, shop)
        for branch in (nodes.liar, nodes.honest):
            branch.mine(3 * DEEP)
        for voucher in (false, true):
            with pytest.raises(NodesDisagree) as caught:
                till.accept(voucher)
            assert len({said for _, said in caught.value.answers}) == 2

        nodes.agree()
        assert till.accept(true).added == nodes.honest.token("USDC")("1")
        with pytest.raises(NotOpen):
            till.accept(false)


def test_a_reorganisation_that_one_node_of_three_saw_undoes_nothing(nodes: Replicas, tmp_path: Path) -> None:
    minted = mint(nodes.honest, 1, 2, 3)
    nodes.agree()
    with nodes.view(2, 1, 0) as view, followed(view, tmp_path) as follower:
        follower.step()
        nodes.undo(2)
        mint(nodes.liar, 66, *range(70, 70 + DEEP))
        nodes.mine(DEEP)
        follower.step()

        assert book(follower, "final") == scan(nodes.honest, minted[-1].block)
        assert told(follower) == [1, 2, 3]


def test_a_reorganisation_that_one_node_of_two_saw_stops_the_follower(nodes: Replicas, tmp_path: Path) -> None:
    mint(nodes.honest, 1, 2, 3)
    nodes.agree()
    with nodes.view(0, 2) as view, followed(view, tmp_path) as follower:
        follower.step()
        nodes.undo(2)
        mint(nodes.liar, 66, *range(70, 70 + 3 * DEEP))
        nodes.mine(3 * DEEP)
        with pytest.raises(NodesDisagree):
            follower.step()
        assert told(follower, "final") == []

        nodes.agree()
        follower.step()
        assert told(follower, "final") == [1, 2, 3]
