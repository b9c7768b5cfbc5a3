from collections.abc import Callable
from dataclasses import replace

import pytest

from chain import LocalChain, Token
from chain.errors import InvalidSignature
from chain.refusals import DeadlinePassed, NotPayer
from chain.units import Seconds
from channels import Channel, Lanes, SignedLaneClose, SignedVoucher
from channels.errors import (
    NotClosing,
    NotOpen,
    NotPayee,
    TakeTooLarge,
    WindowNotOver,
    WindowOver,
    WrongChannel,
    WrongEpoch,
)

Act = dict[str, Lanes]
Sign = Callable[..., SignedVoucher]


@pytest.fixture
def opened(lanes: Act, channel: Channel, usdc: Token) -> Channel:
    lanes["payer"].open(channel, usdc("10"))
    return channel


def test_the_payer_asks_takes_back_and_withdraws_from_the_second_on(
    chain: LocalChain, lanes: Act, opened: Channel, usdc: Token
) -> None:
    with pytest.raises(NotPayer):
        lanes["payee"].request_close(opened)
    with pytest.raises(NotClosing):
        lanes["payer"].cancel_close(opened)
    closing = lanes["payer"].request_close(opened)
    assert closing.closes_at == chain.now() - 1 + 3_600
    assert lanes["payer"].cancel_close(opened).closes_at == 0
    closing = lanes["payer"].request_close(opened)

    chain.travel(to=Seconds(closing.closes_at - 1))
    with pytest.raises(WindowNotOver):
        lanes["stranger"].withdraw(opened)
    chain.travel(to=closing.closes_at)
    left = lanes["stranger"].withdraw(opened)

    assert (left.epoch, left.deposit, left.closes_at) == (1, usdc("0"), 0)
    assert left.ended is not None
    assert (left.ended.epoch, left.ended.deposit, left.ended.settled) == (0, usdc("10"), usdc("0"))
    assert left.to_json()["ended"]["deposit"] == usdc("10").to_json()
    assert chain.balance(usdc, opened.payer) == usdc("1000")
    with pytest.raises(NotOpen):
        lanes["payer"].withdraw(opened)


@pytest.mark.parametrize(("take", "paid"), [(None, "4"), ("1.5", "1.5"), ("0", "0")])
def test_the_payee_ends_the_epoch_with_all_or_part_of_what_it_has(
    chain: LocalChain, lanes: Act, opened: Channel, sign: Sign, usdc: Token, take: str | None, paid: str
) -> None:
    left = lanes["payee"].close(opened, None if take is None else usdc(take), sign(opened, usdc("4")))

    assert (left.epoch, left.ended and left.ended.settled) == (1, usdc(paid))
    assert chain.balance(usdc, opened.payee) == usdc("1000") + usdc(paid)
    assert chain.balance(usdc, opened.payer) == usdc("1000") - usdc(paid)


def test_by_default_a_close_takes_no_more_than_the_deposit_covers(
    lanes: Act, opened: Channel, sign: Sign, usdc: Token
) -> None:
    left = lanes["payee"].close(opened, None, sign(opened, usdc("12")))

    assert left.ended is not None
    assert left.ended.settled == usdc("10")


def test_without_a_voucher_a_close_gives_back_what_is_not_settled(
    chain: LocalChain, lanes: Act, opened: Channel, sign: Sign, usdc: Token
) -> None:
    lanes["payee"].claim(sign(opened, usdc("4")))

    lanes["payee"].close(opened)

    assert chain.balance(usdc, opened.payer) == usdc("996")


def test_a_close_of_an_epoch_that_is_over_ends_no_other(
    lanes: Act, opened: Channel, other_channel: Channel, sign: Sign, usdc: Token
) -> None:
    old = sign(opened, usdc("4"))
    lanes["payee"].close(opened, usdc("4"), old)
    lanes["payer"].open(opened, usdc("5"))

    with pytest.raises(WrongEpoch):
        lanes["payee"].close(opened, usdc("0"), old)
    with pytest.raises(WrongEpoch) as ended:
        lanes["payee"].sign_close(opened, epoch=0)
    assert ended.value.facts == {"epoch": 0, "current": 1}
    with pytest.raises(WrongEpoch) as caught:
        lanes["payee"].close(opened, usdc("0"), old, epoch=1)
    assert caught.value.facts == {"epoch": 0, "current": 1}
    with pytest.raises(WrongChannel):
        lanes["payee"].close(opened, None, sign(other_channel, usdc("1")))
    assert lanes["payee"].show(opened).deposit == usdc("5")


def test_what_a_close_may_not_take_is_refused(
    chain: LocalChain, lanes: Act, opened: Channel, sign: Sign, usdc: Token
) -> None:
    voucher = sign(opened, usdc("4"))
    with pytest.raises(TakeTooLarge) as caught:
        lanes["payee"].close(opened, usdc("4.000001"), voucher)
    assert caught.value.facts == {"take": 4_000_001, "covered": 4_000_000}
    with pytest.raises(NotPayee):
        lanes["payer"].close(opened, usdc("0"))
    closing = lanes["payer"].request_close(opened)
    chain.travel(to=closing.closes_at)
    with pytest.raises(WindowOver):
        lanes["payee"].close(opened, usdc("4"), voucher)


def test_a_signed_close_is_brought_by_anybody_as_json(
    chain: LocalChain, lanes: Act, opened: Channel, sign: Sign, usdc: Token
) -> None:
    voucher = sign(opened, usdc("4"))
    signed = SignedLaneClose.from_json(lanes["payee"].sign_close(opened, usdc("3"), voucher).to_json())
    assert signed.message.deadline > chain.now() + 86_000

    for changed in (
        replace(signed.message, take=usdc("4").units),
        replace(signed.message, deadline=Seconds(signed.message.deadline + 1)),
    ):
        with pytest.raises(InvalidSignature):
            lanes["stranger"].submit_close(replace(signed, message=changed), voucher)
    with pytest.raises(InvalidSignature):
        lanes["stranger"].submit_close(lanes["payer"].sign_close(opened, usdc("0")))
    left = lanes["stranger"].submit_close(signed, voucher)

    assert left.ended is not None
    assert left.ended.settled == usdc("3")
    assert chain.balance(usdc, opened.payee) == usdc("1003")
    lanes["payer"].open(opened, usdc("5"))
    with pytest.raises(WrongEpoch):
        lanes["stranger"].submit_close(signed, voucher)


def test_a_signed_close_needs_no_voucher_for_what_is_settled(
    lanes: Act, opened: Channel, sign: Sign, usdc: Token
) -> None:
    lanes["payee"].claim(sign(opened, usdc("4")))
    signed = lanes["payee"].sign_close(opened)
    assert signed.message.take == 4_000_000

    assert lanes["stranger"].submit_close(signed).epoch == 1


@pytest.mark.parametrize("seconds", [-1, 0])
def test_a_signed_close_has_passed_at_its_deadline(
    chain: LocalChain, lanes: Act, opened: Channel, usdc: Token, seconds: int
) -> None:
    deadline = Seconds(chain.now() + 100)
    signed = lanes["payee"].sign_close(opened, usdc("0"), deadline=deadline)
    chain.travel(to=Seconds(deadline + seconds))
    if seconds:
        assert lanes["stranger"].submit_close(signed).epoch == 1
        return
    with pytest.raises(DeadlinePassed):
        lanes["stranger"].submit_close(signed)
