"""Promises under a real hash lock of the escrow, proven and paid in every phase of a lane."""

from collections.abc import Callable

import pytest

from chain import LocalChain, Token
from chain.refusals import WrongConditionData
from chain.units import Seconds
from channels import Channel, Lanes, Promise, SignedVoucher
from channels.errors import (
    AmountNotIncreasing,
    NothingRecorded,
    NothingReserved,
    PromiseExpired,
    ReserveNotOver,
    ReserveOver,
    WindowOver,
)
from escrow.conditions import HashLock
from tests.channels.aio.conftest import HOUR, PREIMAGE

Act = dict[str, Lanes]
Sign = Callable[..., SignedVoucher]
Promised = Callable[..., Promise]
Record = Callable[[Promise], None]


@pytest.fixture
def opened(lanes: Act, channel: Channel, usdc: Token) -> Channel:
    lanes["payer"].open(channel, usdc("10"))
    return channel


@pytest.fixture
def record(lanes: Act, channel: Channel, lock: HashLock) -> Record:
    def recorded(promise: Promise) -> None:
        lanes["stranger"].record(channel, 0, promise, lock, PREIMAGE)

    return recorded


def test_anybody_records_a_promise_once_for_all_vouchers(
    lanes: Act, opened: Channel, lock: HashLock, promise: Promised, usdc: Token
) -> None:
    three = promise(usdc("3"))
    assert lanes["payee"].recorded(opened, 0, three) == usdc("0")

    recorded = lanes["stranger"].record(opened, 0, three, lock, PREIMAGE)

    assert (recorded.released, recorded.epoch, recorded.channel_id) == (usdc("3"), 0, opened.id)
    assert recorded.promise_hash == three.struct_hash()
    assert recorded.to_json()["released"] == usdc("3").to_json()
    assert lanes["payee"].recorded(opened, 0, three) == usdc("3")
    assert lanes["payee"].recorded(opened, 1, three) == usdc("0")
    with pytest.raises(NothingRecorded):
        lanes["stranger"].record(opened, 0, three, lock.data, PREIMAGE)


def test_a_promise_is_proven_by_its_own_condition_and_before_its_expiry(
    chain: LocalChain, lanes: Act, opened: Channel, lock: HashLock, promise: Promised, usdc: Token
) -> None:
    expiry = chain.now() + 100
    three = promise(usdc("3"), expiry=expiry)

    with pytest.raises(NothingRecorded):
        lanes["stranger"].record(opened, 0, three, lock, b"q" * 32)
    with pytest.raises(WrongConditionData):
        lanes["stranger"].record(opened, 0, three, lock.data + b"\0", PREIMAGE)
    chain.travel(to=Seconds(expiry))
    with pytest.raises(PromiseExpired) as caught:
        lanes["stranger"].record(opened, 0, three, lock, PREIMAGE)
    assert caught.value.facts == {"now": expiry, "expiry": expiry}


def test_while_open_a_voucher_is_worth_its_amount_and_what_is_recorded(
    chain: LocalChain,
    lanes: Act,
    opened: Channel,
    sign: Sign,
    promise: Promised,
    record: Record,
    usdc: Token,
) -> None:
    three, two = promise(usdc("3")), promise(usdc("2"), salt=1)
    voucher = sign(opened, usdc("4"), three, two)
    assert lanes["payee"].worth(voucher) == usdc("4")
    assert lanes["payee"].claim(voucher).paid == (usdc("4"),)
    record(three)
    assert lanes["payee"].worth(voucher) == usdc("7")
    assert lanes["payee"].claim(voucher).paid == (usdc("3"),)
    record(two)

    claims = lanes["payee"].claim_many([voucher, sign(opened, usdc("1"))])

    assert claims.paid == (usdc("2"),)
    assert [skipped.why.partition(":")[0] for skipped in claims.skipped] == [AmountNotIncreasing.__name__]
    assert chain.balance(usdc, opened.payee) == usdc("1009")


def test_while_closing_a_claim_also_reserves_until_what_is_recorded_last_can_be_claimed(
    chain: LocalChain,
    lanes: Act,
    opened: Channel,
    sign: Sign,
    promise: Promised,
    record: Record,
    usdc: Token,
) -> None:
    closing = lanes["payer"].request_close(opened)
    last = closing.closes_at + 600
    voucher = sign(opened, usdc("4"), promise(usdc("3"), expiry=last))
    nothing = lanes["payee"].reserve(opened, 0)
    assert (nothing.left, nothing.until) == (usdc("0"), 0)

    claims = lanes["payee"].claim(voucher)

    assert claims.paid == (usdc("4"),)
    assert lanes["payee"].show(opened).reserved
    kept = lanes["payee"].reserve(opened, 0)
    assert (kept.left, kept.until, kept.withdrawn) == (usdc("3"), last + HOUR, False)
    assert kept.to_json()["withdrawn"] is False
    with pytest.raises(AmountNotIncreasing):
        lanes["payee"].claim(voucher)

    chain.travel(to=closing.closes_at)
    left = lanes["stranger"].withdraw(opened)
    assert left.ended is not None
    assert left.ended.reserved
    assert chain.balance(usdc, opened.payer) == usdc("993")
    kept = lanes["payee"].reserve(opened, 0)
    assert (kept.left, kept.until, kept.withdrawn) == (usdc("3"), last + HOUR, True)

    lanes["payer"].open(opened, usdc("5"))
    chain.travel(to=Seconds(last - 1))
    record(voucher.promises[0])
    chain.travel(to=Seconds(last + HOUR - 1))
    assert lanes["stranger"].claim_many([voucher]).paid == (usdc("3"),)
    assert chain.balance(usdc, opened.payee) == usdc("1007")
    assert lanes["payee"].show(opened).deposit == usdc("5")


def test_a_claim_that_only_reserves_pays_nothing_yet(
    chain: LocalChain,
    lanes: Act,
    opened: Channel,
    sign: Sign,
    promise: Promised,
    record: Record,
    usdc: Token,
) -> None:
    closing = lanes["payer"].request_close(opened)
    voucher = sign(opened, usdc("0"), promise(usdc("3"), expiry=closing.closes_at + 600))

    claims = lanes["payee"].claim_many([voucher])
    assert (claims.paid, len(claims.receipts), claims.skipped) == ((), 1, ())

    record(voucher.promises[0])
    chain.travel(to=closing.closes_at)
    assert lanes["payee"].claim(voucher).paid == (usdc("3"),), "the window is over, nobody has withdrawn yet"


def test_what_is_reserved_pays_vouchers_without_promises_too(
    chain: LocalChain, lanes: Act, opened: Channel, sign: Sign, promise: Promised, usdc: Token
) -> None:
    closing = lanes["payer"].request_close(opened)
    lanes["payee"].claim(sign(opened, usdc("4"), promise(usdc("3"), expiry=closing.closes_at + 600)))
    chain.travel(to=closing.closes_at)

    assert lanes["payee"].claim_many([sign(opened, usdc("5")), sign(opened, usdc("1"))]).paid == (usdc("1"),)
    lanes["stranger"].withdraw(opened)
    assert lanes["payee"].claim(sign(opened, usdc("9"))).paid == (usdc("2"),), "never above what was reserved"


def test_what_nobody_reserved_is_lost_at_the_end_of_the_window(
    chain: LocalChain,
    lanes: Act,
    opened: Channel,
    sign: Sign,
    promise: Promised,
    record: Record,
    usdc: Token,
) -> None:
    closing = lanes["payer"].request_close(opened)
    voucher = sign(opened, usdc("4"), promise(usdc("3")))
    record(voucher.promises[0])
    chain.travel(to=closing.closes_at)

    with pytest.raises(WindowOver):
        lanes["payee"].claim(voucher)


@pytest.mark.parametrize("seconds", [-1, 0])
def test_at_until_the_reserve_goes_from_the_payee_to_the_payer(
    chain: LocalChain,
    lanes: Act,
    opened: Channel,
    sign: Sign,
    promise: Promised,
    record: Record,
    usdc: Token,
    seconds: int,
) -> None:
    closing = lanes["payer"].request_close(opened)
    voucher = sign(opened, usdc("4"), promise(usdc("3"), expiry=closing.closes_at + 600))
    lanes["payee"].claim(voucher)
    record(voucher.promises[0])
    with pytest.raises(NothingReserved):
        lanes["stranger"].sweep(opened, 0)
    chain.travel(to=closing.closes_at)
    lanes["stranger"].withdraw(opened)
    until = lanes["payee"].reserve(opened, 0).until
    chain.travel(to=Seconds(until + seconds))

    if seconds:
        with pytest.raises(ReserveNotOver):
            lanes["stranger"].sweep(opened, 0)
        chain.travel(to=Seconds(until + seconds))
        assert lanes["stranger"].claim(voucher).paid == (usdc("3"),)
        return
    with pytest.raises(ReserveOver):
        lanes["payee"].claim(voucher)
    swept = lanes["stranger"].sweep(opened, 0)
    assert (swept.left, swept.withdrawn) == (usdc("3"), True)
    assert swept.receipt is not None
    assert chain.balance(usdc, opened.payer) == usdc("996")
    assert lanes["payee"].reserve(opened, 0).left == usdc("0")


def test_the_payee_closes_with_what_is_recorded(
    chain: LocalChain,
    lanes: Act,
    opened: Channel,
    sign: Sign,
    promise: Promised,
    record: Record,
    usdc: Token,
) -> None:
    voucher = sign(opened, usdc("4"), promise(usdc("3")), promise(usdc("2"), salt=1))
    record(voucher.promises[0])

    left = lanes["payee"].close(opened, None, voucher)

    assert left.ended is not None
    assert left.ended.settled == usdc("7")
    assert chain.balance(usdc, opened.payee) == usdc("1007")
    assert chain.balance(usdc, opened.payer) == usdc("993")


def test_a_signed_close_takes_what_is_recorded_too(
    lanes: Act, opened: Channel, sign: Sign, promise: Promised, record: Record, usdc: Token
) -> None:
    voucher = sign(opened, usdc("4"), promise(usdc("3")))
    record(voucher.promises[0])
    signed = lanes["payee"].sign_close(opened, None, voucher)
    assert signed.message.take == usdc("7").units

    left = lanes["stranger"].submit_close(signed, voucher)

    assert left.ended is not None
    assert left.ended.settled == usdc("7")
