"""Part 4: a channel: many payments, each on two disks before it is answered, and two transactions on chain."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from chain import Money
from chain.signing import compact
from chain.units import Amount
from channels import Payee, Payer, SignedVoucher, Voucher, WalletLane
from channels.errors import AmountExceedsDeposit, WrongEpoch
from earnest.cli.demo.merchant import Merchant
from earnest.cli.demo.stage import CONTRACTS, Stage, gas_of

CONTRACT = CONTRACTS["channels"]
PRICE = "0.001"
SINGLY, BURST = 100, 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """Buys through one lane; `advance` is told how many orders were answered."""

    wallet: Payer
    shop: Merchant
    lane: WalletLane
    price: Money
    advance: Callable[[int], None]

    def buy(self, orders: range, *, at_once: int) -> tuple[float, SignedVoucher]:
        """How many a second, and the newest voucher."""
        began = time.perf_counter()
        for start in range(orders.start, orders.stop, at_once):
            burst = range(start, min(start + at_once, orders.stop))
            newest = self.wallet.pay_many(self.lane, [self.price] * len(burst))[-1]
            self.shop.sell({f"order {number}": self.price for number in burst}, newest)
            self.advance(len(burst))
        return len(orders) / (time.perf_counter() - began), newest


def lane(stage: Stage, payments: int, plain: int) -> None:
    """Ann pays the shop; `plain` is what one transfer's gas is."""
    usdc, chain = stage.usdc, stage.chain
    deposit = usdc.units(usdc(PRICE).units * payments)
    stage.teller.part(f"A channel: one deposit of {deposit}, {payments:,} payments of {usdc(PRICE)}.")
    args = (stage.ann.signer, usdc, chain.address_of(CONTRACT))
    stage.step("Ann lets the channels take USDC, once", chain.approve, *args, moves={})
    opened = _open(stage, "Ann opens it", deposit)
    with Payee(chain, stage.shop.signer, stage.folder / "till.db") as till:
        stale, newest = _pay(stage, Merchant(till), opened, payments)
        _refuse_what_is_worth_nothing(stage, till, opened, stale)
        moves = {"shop": f"+{deposit.text}", "channels": f"-{deposit.text}"}
        closed = stage.step("the shop closes it", till.close, opened, moves=moves)
        _open(stage, "Ann opens it again, for its next epoch", usdc("1"))
        _refuse_the_old_epoch(stage, till, newest)
    gas = gas_of(opened) + gas_of(closed)
    stage.teller.say(f"open and close, 2 transactions: {gas / payments:,.1f} gas a payment", gas=gas)
    stage.teller.say(f"as plain transfers, {plain * payments / gas:,.0f} times more", gas=plain * payments)


def _open(stage: Stage, text: str, deposit: Money) -> WalletLane:
    moves = {"Ann": f"-{deposit.text}", "channels": f"+{deposit.text}"}
    args = (stage.shop.address, deposit, timedelta(days=1))
    return stage.step(text, stage.ann.wallet.open, *args, moves=moves)


def _pay(stage: Stage, shop: Merchant, opened: WalletLane, payments: int) -> tuple[SignedVoucher, SignedVoucher]:
    """Some one at a time, the others in bursts; answers an old voucher and the newest."""
    with stage.teller.progress() as progress:
        advance = partial(progress.advance, progress.add_task("paying", total=payments))
        customer = Customer(wallet=stage.ann.wallet, shop=shop, lane=opened, price=stage.usdc(PRICE), advance=advance)
        alone, old = customer.buy(range(SINGLY), at_once=1)
        together, newest = customer.buy(range(SINGLY, payments), at_once=BURST)
    kept = shop.till.show(opened)
    so = kept.accepted == kept.delivered == opened.deposit
    stage.teller.say(f"{SINGLY} payments, each on both disks before its answer: {alone:,.0f} a second")
    text = f"{payments - SINGLY:,} more, {BURST} at a time for each write to disk: {together:,.0f} a second"
    stage.teller.say(text, so=so)
    return old, newest


def _refuse_what_is_worth_nothing(stage: Stage, till: Payee, opened: WalletLane, stale: SignedVoucher) -> None:
    added = till.accept(stale).added
    stage.teller.say(f"a stale voucher adds {added}", so=not added)
    stage.teller.refused("Ann's wallet", AmountExceedsDeposit, stage.ann.wallet.pay, opened, stage.usdc(PRICE))
    beyond = _signed_by_hand(stage, stale, opened.deposit.units + 1)
    stage.teller.refused("a voucher that she signs by hand", AmountExceedsDeposit, till.accept, beyond)


def _refuse_the_old_epoch(stage: Stage, till: Payee, old: SignedVoucher) -> None:
    stage.teller.refused("an old voucher", WrongEpoch, till.accept, old)
    claim = (old.channel.calldata, old.voucher.epoch, old.voucher.cumulative_amount, *compact(old.signature))
    stage.teller.refused("it on chain", WrongEpoch, stage.chain.send, stage.shop.signer, CONTRACT, "claim", *claim)


def _signed_by_hand(stage: Stage, like: SignedVoucher, units: int) -> SignedVoucher:
    voucher = Voucher(channel_id=like.channel.id, epoch=like.voucher.epoch, cumulative_amount=Amount(units))
    signed = stage.ann.signer.sign(stage.chain.domain(CONTRACT), voucher)
    return SignedVoucher(channel=like.channel, voucher=voucher, signature=signed.signature)
