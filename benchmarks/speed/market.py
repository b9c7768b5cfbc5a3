"""Many clients at one payee, each with a channel and a key of its own, on a chain that all of them know."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from benchmarks.speed.harness import Run, Task
from benchmarks.speed.scene import PRICE, key, text_of
from chain import AsyncChain, AsyncLocalChain, Signer
from chain.typed_data import Domain
from chain.units import Address, Amount, Seconds
from channels import AsyncLanes, AsyncPayee, Channel, SignedVoucher, Voucher
from channels.stores.opening import Store

DEPOSIT = "1000000"
"""Whole USDC a channel: more than all runs pay."""
FRESH = timedelta(days=1)
"""The chain is asked once a channel, and not in the timed part: as the peers' cached state is taken for fresh."""
_DAY = Seconds(86_400)


@dataclass(frozen=True, slots=True)
class Client:
    """Who pays through `channel`; its vouchers are signed before the clock starts."""

    channel: Channel
    signer: Signer

    def vouchers(self, domain: Domain, first: int, count: int) -> list[bytes]:
        """As requests bring them: from the voucher of number `first` on, each for `PRICE` more."""
        return [text_of(self._sent(domain, number)) for number in range(first, first + count)]

    def _sent(self, domain: Domain, number: int) -> SignedVoucher:
        voucher = Voucher(channel_id=self.channel.id, epoch=0, cumulative_amount=Amount(number * PRICE))
        signature = self.signer.sign(domain, voucher).signature
        return SignedVoucher(channel=self.channel, voucher=voucher, signature=signature)


class Market:
    """A chain with open channels to one shop; everything runs in the one `loop`."""

    def __init__(self, loop: asyncio.Runner, chain: AsyncLocalChain, token: Address) -> None:
        self.loop, self.chain, self.shop, self._funder = loop, chain, key("shop"), key("funder")
        self.domain = chain.domain("VoucherChannels")
        self._token = token

    @classmethod
    def start(cls, loop: asyncio.Runner) -> Self:
        """On a new chain."""
        chain = loop.run(AsyncChain.local())
        return cls(loop, chain, loop.run(chain.token("USDC")).address)

    def close(self) -> None:
        """Ends the chain."""
        self.loop.run(self.chain.close())

    def clients(self, first: int, count: int) -> list[Client]:
        """So many from number `first` on, whose channels no chain has seen."""
        return [self._client(number) for number in range(first, first + count)]

    def opened(self, count: int) -> list[Client]:
        """The first so many, with open channels that one funder has paid for."""
        clients = self.clients(0, count)
        self.loop.run(self._open(clients))
        return clients

    def till(self, store: Store) -> "Till":
        """The shop's, over one store."""
        return Till(self, AsyncPayee(self.chain, self.shop, store, refresh=FRESH))

    def _client(self, number: int) -> Client:
        signer = key(f"client {number}")
        channel = Channel(
            payer=self._funder.address,
            payee=self.shop.address,
            token=self._token,
            signer=signer.address,
            window=_DAY,
            promise_window=_DAY,
        )
        return Client(channel, signer)

    async def _open(self, clients: Sequence[Client]) -> None:
        await self.chain.fund(self._funder.address, usdc=str(int(DEPOSIT) * len(clients)))
        lanes, usdc = AsyncLanes(self.chain, self._funder), await self.chain.token("USDC")
        for client in clients:
            await lanes.open(client.channel, usdc(DEPOSIT))


class Till:
    """One payee, and how many vouchers each client has sent it."""

    def __init__(self, market: Market, payee: AsyncPayee) -> None:
        self._market, self._payee = market, payee
        self._paid = 0

    def task(self, clients: Sequence[Client]) -> Task:
        """All of them at once, each sending its next voucher when the last is answered."""

        def ready(count: int) -> Run:
            each = -(-count // len(clients))
            queues = self.queues(clients, each)
            return lambda: self.run(queues)

        return ready

    def queues(self, clients: Sequence[Client], each: int) -> list[list[bytes]]:
        """The next vouchers of each client."""
        first, self._paid = self._paid + 1, self._paid + each
        return [client.vouchers(self._market.domain, first, each) for client in clients]

    def skip(self, count: int) -> None:
        """The store has so many vouchers of each client already."""
        self._paid += count

    def run(self, queues: Sequence[Sequence[bytes]]) -> int:
        """Every queue at once, each in its order; how many were accepted. One that is refused ends the run."""
        self._market.loop.run(_serve(self._payee, queues))
        return sum(map(len, queues))

    def close(self) -> None:
        """Ends the connection to the store."""
        self._market.loop.run(self._payee.disconnect())


async def _serve(payee: AsyncPayee, queues: Sequence[Sequence[bytes]]) -> None:
    await asyncio.gather(*(_pay(payee, queue) for queue in queues))


async def _pay(payee: AsyncPayee, queue: Sequence[bytes]) -> None:
    for voucher in queue:
        credit = await payee.accept(voucher)
        if not credit.added.units:
            raise RuntimeError("a newer voucher added nothing")
