"""`Payer` and `Payee` as programs call them, over the memory store: what the peers' client and server stand beside."""

from datetime import timedelta

from benchmarks.speed.harness import Run, Task
from benchmarks.speed.market import DEPOSIT, FRESH
from benchmarks.speed.scene import PRICE, key, text_of
from chain import LocalChain
from channels import MemoryStore, Payee, Payer


def tasks(chain: LocalChain) -> dict[str, Task]:
    """A new voucher each time, of a higher amount: what the client makes, and what the server makes of that."""
    shells = _Shells(chain)
    return {"client": shells.client, "server": shells.server}


class _Shells:
    def __init__(self, chain: LocalChain) -> None:
        ann, shop = key("ann"), key("shop")
        chain.fund(ann.address, usdc=DEPOSIT)
        usdc = chain.token("USDC")
        self._wallet = Payer(chain, ann, MemoryStore())
        self._till = Payee(chain, shop, MemoryStore(), refresh=FRESH)
        self._lane = self._wallet.open(shop.address, usdc(DEPOSIT), timedelta(days=1))
        self._price = usdc.units(PRICE)

    def client(self, count: int) -> Run:
        """From the price to the bytes that are sent."""

        def run() -> int:
            for _ in range(count):
                text_of(self._wallet.pay(self._lane, self._price))
            return count

        return run

    def server(self, count: int) -> Run:
        """From those bytes to the kept voucher."""
        told = [text_of(sent) for sent in self._wallet.pay_many(self._lane, [self._price] * count)]

        def run() -> int:
            for text in told:
                self._till.accept(text)
            return count

        return run
