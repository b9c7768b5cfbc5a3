"""The async client does what the sync one does; what they share is tested there."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from chain import AsyncChain, AsyncLocalChain, Signer
from chain.errors import NodeUnreachable, NotIncluded, UnknownToken
from chain.refusals import ERC20InsufficientBalance
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from chain.testing.trouble import Trouble

Story = Callable[[AsyncLocalChain, Signer], Awaitable[None]]
backends = pytest.mark.parametrize("backend", ["eth-tester", pytest.param("anvil", marks=pytest.mark.anvil)])


def told(story: Story, backend: str) -> None:
    async def tell() -> None:
        async with await AsyncChain.local(backend) as chain:  # type: ignore[arg-type]
            ann = Signer.generate()
            await chain.fund(ann.address)
            await story(chain, ann)

    asyncio.run(tell())


@backends
def test_money_moves_and_events_tell_of_it(backend: str) -> None:
    async def story(chain: AsyncLocalChain, ann: Signer) -> None:
        usdc, shop = await chain.token("USDC"), Signer.generate().address
        await chain.approve(ann, usdc("5"), shop)
        receipt = await chain.transfer(ann, usdc("10"), shop)

        assert await chain.balance(usdc, ann.address) == usdc("990")
        assert await chain.allowance(usdc, ann.address, shop) == 5_000_000
        assert await chain.call("TestToken", "balanceOf", shop) == 10_000_000
        found = await chain.events("TestToken", "Transfer", from_block=receipt.block_number)
        assert [event.transaction for event in found] == [receipt.transaction]
        with pytest.raises(ERC20InsufficientBalance):
            await chain.transfer(ann, usdc("991"), shop)
        with pytest.raises(UnknownToken):
            await chain.token("DOGE")

    told(story, backend)


@backends
def test_tasks_share_an_account_without_gaps(backend: str) -> None:
    async def story(chain: AsyncLocalChain, ann: Signer) -> None:
        mints = [chain.send(ann, "TestToken", "mint", ann.address, amount) for amount in range(10)]
        receipts = await asyncio.gather(*mints)

        assert await chain._node.nonce(ann.address) == len({receipt.transaction for receipt in receipts}) == 10

    told(story, backend)


@backends
def test_a_task_that_is_cancelled_leaves_no_gap(backend: str) -> None:
    async def story(chain: AsyncLocalChain, ann: Signer) -> None:
        cancelled = asyncio.create_task(chain.send(ann, "TestToken", "mint", ann.address, 1))
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)

        for _ in range(2):
            await chain.send(ann, "TestToken", "mint", ann.address, 1)

    told(story, backend)


@backends
def test_time_and_history_are_ours(backend: str) -> None:
    async def story(chain: AsyncLocalChain, ann: Signer) -> None:
        moment = await chain.after(days=3)
        await chain.travel(to=moment)
        before = await chain.snapshot()
        receipt = await chain.send(ann, "TestToken", "mint", ann.address, 1)
        assert (await chain._node.block(receipt.block_number)).time == moment

        await chain.restore(before)
        assert await chain.now() == moment
        await chain.mine(2)
        assert await chain.now() == moment + 2

    told(story, backend)


def test_a_chain_of_another_process_is_attached_to() -> None:
    async def story(chain: AsyncLocalChain, ann: Signer) -> None:
        url = chain.serve()
        async with await AsyncLocalChain.attach(url) as other:
            await other.fund(ann.address, native="1", usdc="1")
            assert await other.balance(await other.token("USDC"), ann.address) == (await chain.token("USDC"))("1001")

    told(story, "eth-tester")


def test_waiting_has_an_end() -> None:
    node = EmbeddedNode()
    server = Server(node.handle)

    async def ask() -> None:
        async with await AsyncChain.connect("local", [server.url], patience=0.1) as chain:
            await chain.wait("0x" + "01" * 32)

    with pytest.raises(NotIncluded):
        asyncio.run(ask())
    server.close()


def test_what_is_asked_while_or_after_it_is_closed_is_typed_and_opens_nothing() -> None:
    """Who asks twice in one breath must not be told of a session, nor open one that nobody ends."""

    async def tell() -> None:
        async with await AsyncChain.local() as home:
            assert isinstance(home._host, EmbeddedNode)
            trouble, loop = Trouble(home._host), asyncio.get_running_loop()
            server = Server(trouble.handle)
            chain, asked, answer = await AsyncChain.connect("local", [server.url]), asyncio.Event(), threading.Event()

            def slow(method: str, params: object) -> None:
                loop.call_soon_threadsafe(asked.set)
                answer.wait(10)

            trouble.before = slow
            under_way = asyncio.create_task(chain.now())
            await asked.wait()
            await chain.close()
            answer.set()
            for asking in (under_way, chain.now()):
                with pytest.raises(NodeUnreachable):
                    await asking
            server.close()

    asyncio.run(tell())
