"""A chain of one's own: time, money and history are ours to set."""

from typing import TYPE_CHECKING, Literal, Self

from chain import create2, network
from chain.aio.chain import AsyncChain
from chain.aio.node import AsyncNode
from chain.aio.provider import AsyncEmbeddedProvider, AsyncHttpProvider
from chain.block import Snapshot
from chain.contracts import CORE, TEST_TOKEN, address_of, init_code
from chain.errors import ExtraMissing, Malformed
from chain.money import Money
from chain.signer import Signer
from chain.testing.anvil import Anvil
from chain.units import Address, Seconds, address

if TYPE_CHECKING:
    from chain.testing.embedded import EmbeddedNode

Backend = Literal["eth-tester", "anvil"]
_TIMEOUT = 30.0
_LOCAL = network.load("local")


class AsyncLocalChain(AsyncChain):
    """Mines a block for every transaction, one second after the last, unless `travel` says when."""

    def __init__(self, node: AsyncNode, host: "Anvil | EmbeddedNode | None") -> None:
        super().__init__(_LOCAL, node, patience=_TIMEOUT)
        self._host = host
        self._faucet = Signer.generate()

    @classmethod
    async def start(cls, backend: Backend) -> Self:
        """With contracts and a test USDC in their usual places. Raises `ToolMissing`, `ToolFailed`, `ExtraMissing`."""
        if backend == "anvil":
            anvil = Anvil()
            return await cls(_over_http(anvil.url), anvil).prepare()
        try:
            from chain.testing.embedded import EmbeddedNode
        except ModuleNotFoundError as missing:
            raise ExtraMissing("local", str(missing.name)) from None
        embedded = EmbeddedNode()
        return await cls(AsyncNode(AsyncEmbeddedProvider(embedded)), embedded).prepare()

    @classmethod
    async def attach(cls, url: str) -> Self:
        """A local chain of another process, served or an anvil; contracts that it lacks are deployed."""
        return await cls(_over_http(url), None).prepare()

    def serve(self, port: int = 0) -> str:
        """The URL under which other processes reach this chain until `close`; 0 takes a free port."""
        if self._host is None:
            raise Malformed("port", "this chain is served by another process")
        return self._host.serve(port)

    async def fund(self, owner: Address, native: str = "10", usdc: str = "1000") -> None:
        """Adds money from nowhere, in whole tokens."""
        await self._give(address(owner), self.native(native).units)
        if amount := (await self.token("USDC"))(usdc):
            await self.send(self._faucet, TEST_TOKEN, "mint", owner, amount.units)

    async def fees(self, owner: Address) -> Money:
        """What `owner` has paid for gas since the chain began, which its balance alone doesn't show."""
        newest = await self._node.block("latest")
        paid = [await self._fees_in(number, owner.lower()) for number in range(newest.number + 1)]
        return self.native.units(sum(paid))

    async def set_code(self, place: Address, code: bytes) -> None:
        """Puts runtime code at an address."""
        await self._node.ask("anvil_setCode", place, "0x" + code.hex())

    async def mine(self, blocks: int = 1) -> None:
        """Empty blocks, one second apart."""
        await self._node.ask("anvil_mine", hex(blocks))

    async def travel(self, *, to: Seconds) -> None:
        """The next block, and until then every call, is at exactly this second. Raises `NodeRefused` if it is past."""
        await self._node.ask("evm_setNextBlockTimestamp", hex(to))

    async def snapshot(self) -> Snapshot:
        """This moment, to be passed to `restore` once."""
        moment = await self.now()
        return Snapshot(await self._node.ask("evm_snapshot"), moment)

    async def restore(self, snapshot: Snapshot) -> None:
        """Everything since has not been; the snapshot is used up. Raises `Malformed` for one that was used."""
        if not await self._node.ask("evm_revert", snapshot.id):
            raise Malformed("snapshot", f"{snapshot.id} is used up or of another chain")
        self._sender.forget()
        await self.travel(to=snapshot.next_time)

    async def reorg(self, depth: int) -> None:
        """Replaces the last `depth` blocks by empty ones; anvil only, else `NodeRefused`."""
        await self._node.ask("anvil_reorg", depth, [])
        self._sender.forget()

    async def close(self) -> None:
        """Ends the connections, and the node if it is ours."""
        await super().close()
        if self._host:
            self._host.close()

    async def prepare(self) -> Self:
        """Deploys what is missing; done already by `start` and `attach`."""
        try:
            await self._set_up()
        except BaseException:
            await self.close()
            raise
        return self

    async def _set_up(self) -> None:
        if isinstance(self._host, Anvil):
            await self._node.ask("anvil_setBlockTimestampInterval", 1)
        await self._give(self._faucet.address, self.native("1000000").units)
        for name in (*CORE, TEST_TOKEN):
            if not await self._node.code(address_of(name), "latest"):
                await self._sender.send(self._faucet, create2.PROXY, create2.call_data(init_code(name)), 0)

    async def _fees_in(self, number: int, owner: str) -> int:
        block = await self._node.ask("eth_getBlockByNumber", hex(number), True)
        sent = [transaction["hash"] for transaction in block["transactions"] if transaction["from"].lower() == owner]
        receipts = [await self._node.ask("eth_getTransactionReceipt", transaction) for transaction in sent]
        return sum(int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16) for receipt in receipts)

    async def _give(self, owner: Address, wei: int) -> None:
        await self._node.ask("anvil_setBalance", owner, hex(await self._node.balance(owner, "latest") + wei))


def _over_http(url: str) -> AsyncNode:
    return AsyncNode(AsyncHttpProvider([url], _LOCAL.chain_id, _TIMEOUT))
