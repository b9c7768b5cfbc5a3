"""Ticks in a database that machines share."""

from collections.abc import Callable
from contextlib import ExitStack

from chain import LocalChain, Signer, Token
from channels import Payee, Payer, WalletLane
from channels.stores.postgres import PostgresStore
from channels.sync.meter import TillMeter
from channels.ticks import TickPayer

Tick = Callable[[TickPayer, TillMeter, int], None]


def test_wallets_and_tills_on_postgresql_count_and_fold_as_on_sqlite(
    dsn: str,
    chain: LocalChain,
    ann: Signer,
    wallet: Payer,
    lane: WalletLane,
    new_till: Callable[..., Payee],
    tick: Tick,
    usdc: Token,
    ends: ExitStack,
) -> None:
    store = PostgresStore(dsn)
    shared = ends.enter_context(Payer(chain, ann, store))
    shared._wallet.add(wallet._wallet.session(lane.id))
    ticks = shared.ticks(lane, each=usdc("0.001"), count=100)
    till, other_till = new_till(store=store), new_till(store=store)
    meter, other = till.meter(ticks.opening), other_till.meter(ticks.opening)
    tick(ticks, meter, 3)
    assert other.tick(ticks.again(3)) == 0
    tick(ticks, other, 3)
    meter.fold(shared.fold_ticks(ticks))
    (left,) = shared.ticks_left(lane)
    tick(left, other, 2)
    till.close(lane)
    shown = till.books()[usdc]
    assert (shown.settled, shown.delivered) == (usdc("0.008"), usdc("0.008"))
    till.ledger()
