"""An anvil whose blocks are made by hand, so that one branch of them can take another's place."""

from chain import network
from chain.keccak import keccak
from chain.sync.node import Node
from chain.sync.provider import HttpProvider

_TIMEOUT = 30.0


class Branches:
    """While it is open, transactions wait in the node's pool until `mine`; another process may read meanwhile."""

    def __init__(self, url: str) -> None:
        self._node = Node(HttpProvider([url], network.load("local").chain_id, _TIMEOUT))
        self._node.ask("evm_setAutomine", False)

    def submit(self, raw: bytes) -> None:
        """Into the pool, for the next block."""
        self._node.send(raw)

    def drop(self, raw: bytes) -> None:
        """Out of the pool again, as if it had never been heard of."""
        self._node.ask("anvil_dropTransaction", "0x" + keccak(raw).hex())

    def mine(self, blocks: int = 1) -> None:
        """The first takes what waits."""
        if blocks:
            self._node.ask("anvil_mine", hex(blocks))

    def replace(self, depth: int, *first: bytes) -> None:
        """The last `depth` blocks make way for as many others, the first of them with these transactions alone."""
        self._node.ask("anvil_reorg", depth, [["0x" + raw.hex(), 0] for raw in first])

    def depth_of(self, tag: str) -> int:
        """How deep the block of that name is, itself counted; the pending one is 0 deep."""
        return self._node.block("latest").number - self._node.block(tag).number + 1

    def snapshot(self) -> str:
        """This moment, for `restore`."""
        return str(self._node.ask("evm_snapshot"))

    def restore(self, snapshot: str) -> None:
        """Everything since has not been, and nothing waits."""
        self._node.ask("anvil_dropAllTransactions")
        self._node.ask("evm_revert", snapshot)

    def close(self) -> None:
        """Every transaction is mined at once again."""
        self._node.ask("evm_setAutomine", True)
        self._node.close()
