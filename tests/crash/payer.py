"""A payer's life: it pays one voucher after the other, and sends each as soon as it is signed, until it is killed."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chain.errors import StoreError
from channels import Payer, WalletLane
from tests.crash.deaths import Deaths
from tests.crash.life import Say, Word
from tests.crash.market import HOUR, Market
from tests.crash.opening import PAUSE, using
from tests.crash.place import Place


@dataclass(slots=True)
class Left:
    """Every message that ever left the payer, and whether it was for a payment or just shown again.

    No amount is signed for two payments, none is signed twice with other words, and what was signed stays promised.
    """

    by_amount: dict[int, Any] = field(default_factory=dict)
    failed: int = 0

    def hear(self, word: Word) -> None:
        match word:
            case {"promised": promised, "newest": newest}:
                assert promised >= max(self.by_amount, default=0), "what was signed stays promised"
                self._same(newest)
            case {"paid": voucher}:
                amount = _amount(voucher)
                assert amount > max(self.by_amount, default=0), "no amount is signed for two payments"
                self.by_amount[amount] = voucher
            case {"failed": _}:
                self.failed += 1
            case {"done": True}:
                pass
            case _:
                raise AssertionError(word)

    def _same(self, newest: Any) -> None:
        if newest is not None:
            known = self.by_amount.setdefault(_amount(newest), newest)
            assert newest == known, "no amount is signed twice with other words"


class PayerCampaign:
    """One lane of a wallet that lies in this place, and one seed."""

    def __init__(self, market: Market, place: Place, chance: random.Random) -> None:
        self._market, self._store, self._chance = market, place.store, chance
        with self._wallet() as wallet:
            self._lane = wallet.open(market.shop.address, market.usdc("100"), HOUR, salt=next(market.salts))
        self.left = Left()
        self.deaths = Deaths(place, self.left.hear)

    def run(self, kills: int) -> None:
        """Until so many lives have ended by SIGKILL."""
        while self.deaths.kills.total() < kills:
            self.deaths.one(self._paying(self._chance.randrange(1 << 32)))

    def _wallet(self) -> Payer:
        return Payer(self._market.chain, self._market.ann, self._store)

    def _paying(self, seed: int) -> Callable[[Say], None]:
        def work(wallet: Payer, say: Say) -> None:
            chance = random.Random(seed)
            _show(wallet, self._lane, say)
            while True:
                try:
                    paid = wallet.pay(self._lane, self._market.usdc.units(chance.randint(1, 9)))
                    say(paid=paid.to_json())
                except StoreError as failed:
                    say(failed=type(failed).__name__)
                    time.sleep(PAUSE)

        return using(self._wallet, work)


def _show(wallet: Payer, lane: WalletLane, say: Say) -> None:
    (mine,) = (known for known in wallet.lanes() if known.id == lane.id)
    newest = wallet.latest(lane)
    say(promised=mine.promised.units, newest=newest and newest.to_json())


def _amount(voucher: Any) -> int:
    return int(voucher["voucher"]["cumulativeAmount"])
