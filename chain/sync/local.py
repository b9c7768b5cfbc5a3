# Generated from chain/aio/local.py by make fix; edit that one.
"""A chain of one's own: time, money and history are ours to set."""

from typing import TYPE_CHECKING, Literal, Self

from chain import create2, network
from chain.block import Snapshot
from chain.contracts import CORE, TEST_TOKEN, address_of, init_code
from chain.errors import ExtraMissing, Malformed
from chain.money import Money
from chain.signer import Signer
from chain.sync.chain import Chain
from chain.sync.node import Node
from chain.sync.provider import EmbeddedProvider, HttpProvider
from chain.testing.anvil import Anvil
from chain.units import Address, Seconds, address

if TYPE_CHECKING:
    from chain.testing.embedded import EmbeddedNode

Backend = Literal["eth-tester", "anvil"]
_TIMEOUT = 30.0
_LOCAL = network.load("local")


class LocalChain(Chain):
    """Mines a block for every transaction, one second after the last, unless `travel` says when."""

    def __init__(self, node: Node, host: "Anvil | EmbeddedNode | None") -> None:
        super().__init__(_LOCAL, node, patience=_TIMEOUT)
        self._host = host
        self._faucet = Signer.generate()

    @classmethod
    def start(cls, backend: Backend) -> Self:
        """With contracts and a test USDC in their usual places. Raises `ToolMissing`, `ToolFailed`, `ExtraMissing`."""
        if backend == "anvil":
            anvil = Anvil()
            return cls(_over_http(anvil.url), anvil).prepare()
        try:
            from chain.testing.embedded import EmbeddedNode
        except ModuleNotFoundError as missing:
            raise ExtraMissing("local", str(missing.name)) from None
        embedded = EmbeddedNode()
        return cls(Node(EmbeddedProvider(embedded)), embedded).prepare()

    @classmethod
    def attach(cls, url: str) -> Self:
        """A local chain of another process, served or an anvil; contracts that it lacks are deployed."""
        return cls(_over_http(url), None).prepare()

    def serve(self, port: int = 0) -> str:
        """The URL under which other processes reach this chain until `close`; 0 takes a free port."""
        if self._host is None:
            raise Malformed("port", "this chain is served by another process")
        return self._host.serve(port)

    def fund(self, owner: Address, native: str = "10", usdc: str = "1000") -> None:
        """Adds money from nowhere, in whole tokens."""
        self._give(address(owner), self.native(native).units)
        if amount := (self.token("USDC"))(usdc):
            self.send(self._faucet, TEST_TOKEN, "mint", owner, amount.units)

    def fees(self, owner: Address) -> Money:
        """What `owner` has paid for gas since the chain began, which its balance alone doesn't show."""
        newest = self._node.block("latest")
        paid = [self._fees_in(number, owner.lower()) for number in range(newest.number + 1)]
        return self.native.units(sum(paid))

    def set_code(self, place: Address, code: bytes) -> None:
        """Puts runtime code at an address."""
        self._node.ask("anvil_setCode", place, "0x" + code.hex())

    def mine(self, blocks: int = 1) -> None:
        """Empty blocks, one second apart."""
        self._node.ask("anvil_mine", hex(blocks))

    def travel(self, *, to: Seconds) -> None:
        """The next block, and until then every call, is at exactly this second. Raises `NodeRefused` if it is past."""
        self._node.ask("evm_setNextBlockTimestamp", hex(to))

    def snapshot(self) -> Snapshot:
        """This moment, to be passed to `restore` once."""
        moment = self.now()
        return Snapshot(self._node.ask("evm_snapshot"), moment)

    def restore(self, snapshot: Snapshot) -> None:
        """Everything since has not been; the snapshot is used up. Raises `Malformed` for one that was used."""
        if not self._node.ask("evm_revert", snapshot.id):
            raise Malformed("snapshot", f"{snapshot.id} is used up or of another chain")
        self._sender.forget()
        self.travel(to=snapshot.next_time)

    def reorg(self, depth: int) -> None:
        """Replaces the last `depth` blocks by empty ones; anvil only, else `NodeRefused`."""
        self._node.ask("anvil_reorg", depth, [])
        self._sender.forget()

    def close(self) -> None:
        """Ends the connections, and the node if it is ours."""
        super().close()
        if self._host:
            self._host.close()

    def prepare(self) -> Self:
        """Deploys what is missing; done already by `start` and `attach`."""
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise
        return self

    def _set_up(self) -> None:
        if isinstance(self._host, Anvil):
            self._node.ask("anvil_setBlockTimestampInterval", 1)
        self._give(self._faucet.address, self.native("1000000").units)
        for name in (*CORE, TEST_TOKEN):
            if not self._node.code(address_of(name), "latest"):
                self._sender.send(self._faucet, create2.PROXY, create2.call_data(init_code(name)), 0)

    def _fees_in(self, number: int, owner: str) -> int:
        block = self._node.ask("eth_getBlockByNumber", hex(number), True)
        sent = [transaction["hash"] for transaction in block["transactions"] if transaction["from"].lower() == owner]
        receipts = [self._node.ask("eth_getTransactionReceipt", transaction) for transaction in sent]
        return sum(int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16) for receipt in receipts)

    def _give(self, owner: Address, wei: int) -> None:
        self._node.ask("anvil_setBalance", owner, hex(self._node.balance(owner, "latest") + wei))


def _over_http(url: str) -> Node:
    return Node(HttpProvider([url], _LOCAL.chain_id, _TIMEOUT))
