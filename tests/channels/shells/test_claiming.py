from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chain import LocalChain, Signer, Token
from channels import Payee, Payer, WalletLane
from channels.claim_batch import batches
from channels.sync.lanes import Lanes

HOUR = timedelta(hours=1)


def test_many_channels_are_claimed_by_one_transaction(
    chain: LocalChain, wallet: Payer, till: Payee, shop: Signer, usdc: Token
) -> None:
    dollars = [wallet.open(shop.address, usdc("10"), HOUR * (1 + salt % 2), salt=salt) for salt in range(6)]
    ether = [wallet.open(shop.address, chain.native("1"), HOUR, salt=salt) for salt in range(2)]
    for number, lane in enumerate(dollars, 1):
        till.accept(wallet.pay(lane, usdc.units(number)))
    for lane in ether:
        till.accept(wallet.pay(lane, chain.native("0.25")))
    before = chain.balance(chain.native, shop.address)

    claims = till.claim()
    (receipt,) = claims.receipts
    assert sorted(money.text for money in claims.paid) == ["0.000021", "0.50"]
    assert claims.skipped == ()
    assert chain.balance(usdc, shop.address) == usdc("1000.000021")
    assert chain.balance(chain.native, shop.address) == before + chain.native("0.5") - receipt.fee
    assert all(not known.owed for known in till.lanes())
    assert all(books.balance for books in till.books().values())


def test_what_the_chain_would_refuse_is_left_out_and_named(
    chain: LocalChain, wallet: Payer, till: Payee, shop: Signer, usdc: Token
) -> None:
    good, late, other = (wallet.open(shop.address, usdc("10"), HOUR, salt=salt) for salt in range(3))
    for lane in (good, late, other):
        till.accept(wallet.pay(lane, usdc("1")))
    chain.travel(to=wallet.request_close(late).closes_at)

    claims = till.claim()
    assert claims.paid == (usdc("2"),)
    ((lane_id, why),) = [(skipped.lane_id, skipped.why) for skipped in claims.skipped]
    assert lane_id == late.id
    assert why.startswith("WindowOver")
    assert claims.to_json()["skipped"][0]["laneId"] == "0x" + late.id.hex()


def test_only_the_channel_that_was_asked_for_is_claimed(wallet: Payer, till: Payee, shop: Signer, usdc: Token) -> None:
    lanes = [wallet.open(shop.address, usdc("10"), HOUR, salt=salt) for salt in range(2)]
    for lane in lanes:
        till.accept(wallet.pay(lane, usdc("1")))
    assert till.claim(lanes[0]).paid == (usdc("1"),)
    assert {known.id: known.owed for known in till.lanes()} == {lanes[0].id: usdc("0"), lanes[1].id: usdc("1")}


def test_a_bad_a_double_and_a_foreign_row_sink_nothing(
    chain: LocalChain, wallet: Payer, lane: WalletLane, shop: Signer, funded: Callable[[], Signer], usdc: Token
) -> None:
    foreign = wallet.open(funded().address, usdc("10"), HOUR)
    first, second = wallet.pay(lane, usdc("1")), wallet.pay(lane, usdc("2"))
    bad = bytearray(second.signature)
    bad[10] ^= 1
    rows: list[Any] = [
        second,
        type(second)(channel=second.channel, voucher=second.voucher, signature=bytes(bad)),
        second,
        first,
        wallet.pay(foreign, usdc("4")),
    ]
    mixed = [(payee, token, windows, batch) for payee, token, windows, batch in batches(rows)]
    # A row of another payee's channel under this payee names a channel that nobody has opened.
    stolen = (shop.address, usdc.address, mixed[0][2], [row for *_, batch in mixed for row in batch])
    chain.send(shop, "VoucherChannels", "claimMany", [stolen])
    assert chain.balance(usdc, shop.address) == usdc("1003")
    assert chain.balance(usdc, foreign.channel.payee) == usdc("1000")
    chain.send(shop, "VoucherChannels", "claimMany", mixed)
    assert chain.balance(usdc, shop.address) == usdc("1003"), "a repeat moves nothing"
    assert chain.balance(usdc, foreign.channel.payee) == usdc("1004"), "anyone may claim for anyone"


def test_asked_again_before_the_claim_is_final_nothing_is_sent(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token
) -> None:
    voucher, lanes = wallet.pay(lane, usdc("1")), Lanes(chain, shop)
    assert len(lanes.claim_many([voucher]).receipts) == 1
    again = lanes.claim_many([voucher])
    assert again.receipts == ()
    assert again.skipped[0].why.startswith("AmountNotIncreasing")


def test_more_channels_than_fit_a_transaction_take_another(
    monkeypatch: Any, chain: LocalChain, wallet: Payer, till: Payee, shop: Signer, usdc: Token
) -> None:
    monkeypatch.setattr("channels.settlement.gas.MOST_ROWS", 2)
    for salt in range(5):
        till.accept(wallet.pay(wallet.open(shop.address, usdc("1"), HOUR, salt=salt), usdc("1")))
    claims = till.claim()
    assert len(claims.receipts) == 3
    assert claims.paid == (usdc("5"),)
