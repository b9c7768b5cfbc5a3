"""A payer, a payee, their channels on an embedded chain, and requests that pay: all made before the first fork."""

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

from chain import Chain, LocalChain, Signer, Token
from channels import Payer, SignedVoucher, WalletLane

CHANNELS = 4
DEPOSIT = "200"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A voucher for all so far in its channel, goods at this price, and so much of it back; it may be asked again."""

    channel: int
    key: str
    price: int
    back: int
    sent: SignedVoucher


class Market:
    """Requests are numbered, and the same seed makes the same ones but for their signatures' keys."""

    def __init__(self, chain: LocalChain, ann: Signer, shop: Signer, wallet: Payer) -> None:
        self.chain, self.ann, self.shop, self._wallet = chain, ann, shop, wallet
        self.usdc: Token = chain.token("USDC")
        self.salts = count()
        self.lanes: list[WalletLane] = [
            wallet.open(shop.address, self.usdc(DEPOSIT), HOUR, salt=next(self.salts)) for _ in range(CHANNELS)
        ]
        self._made = 0

    def requests(self, number: int, chance: random.Random) -> list[Request]:
        """New ones, in the order in which they were signed."""
        made: list[Request] = []
        for channel, lane in enumerate(self.lanes):
            prices = [chance.randint(1, 9) for _ in range(number // CHANNELS)]
            sent = self._wallet.pay_many(lane, [self.usdc.units(price) for price in prices])
            for price, voucher in zip(prices, sent, strict=True):
                self._made += 1
                back = max(chance.randint(-price, price), 0)
                made.append(Request(channel=channel, key=f"key {self._made}", price=price, back=back, sent=voucher))
        return made


@contextmanager
def opened(folder: Path) -> Iterator[Market]:
    """A market whose payer keeps its wallet in this folder."""
    ann, shop = Signer.generate(), Signer.generate()
    with Chain.local() as chain:
        for signer in (ann, shop):
            chain.fund(signer.address)
        with Payer(chain, ann, folder / "market.db") as wallet:
            market = Market(chain, ann, shop, wallet)
            gc.freeze()  # Children that never collect what the parent holds copy fewer pages.
            yield market
    gc.unfreeze()
