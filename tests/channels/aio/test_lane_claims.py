from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from chain import LocalChain, Signer, Token
from chain.errors import InvalidSignature
from channels import Channel, Lanes, SignedVoucher
from channels.errors import AmountNotIncreasing, NotOpen, WindowOver, WrongEpoch

Act = dict[str, Lanes]
Sign = Callable[..., SignedVoucher]


def names(claims: Any) -> dict[bytes, str]:
    """The errors of what was skipped, by lane."""
    return {skipped.lane_id: skipped.why.partition(":")[0] for skipped in claims.skipped}


@pytest.fixture
def opened(lanes: Act, channel: Channel, other_channel: Channel, usdc: Token) -> list[Channel]:
    """Two channels with 10 USDC each."""
    for each in (channel, other_channel):
        lanes["payer"].open(each, usdc("10"))
    return [channel, other_channel]


def test_anybody_claims_for_the_payee_once(
    chain: LocalChain, lanes: Act, opened: list[Channel], sign: Sign, usdc: Token
) -> None:
    channel, voucher = opened[0], sign(opened[0], usdc("4"))

    claims = lanes["stranger"].claim(voucher)

    assert (claims.paid, claims.skipped, len(claims.receipts)) == ((usdc("4"),), (), 1)
    assert lanes["payee"].claim(sign(channel, usdc("5"))).paid == (usdc("1"),)
    assert chain.balance(usdc, channel.payee) == usdc("1005")
    with pytest.raises(AmountNotIncreasing) as caught:
        lanes["stranger"].claim(voucher)
    assert caught.value.facts == {"covered": 4_000_000, "settled": 5_000_000}
    assert lanes["payee"].show(channel).settled == usdc("5")


def test_what_the_deposit_does_not_cover_is_payable_after_a_top_up(
    lanes: Act, opened: list[Channel], sign: Sign, usdc: Token
) -> None:
    voucher = sign(opened[0], usdc("12"))
    assert lanes["payee"].claim(voucher).paid == (usdc("10"),)
    lanes["payer"].top_up(opened[0], usdc("5"))
    assert lanes["payee"].claim(voucher).paid == (usdc("2"),)
    assert lanes["payee"].worth(voucher) == usdc("12")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda voucher, sign, usdc: sign(voucher.channel, usdc("1"), epoch=1), WrongEpoch),
        (
            lambda voucher, sign, usdc: structs.replace(voucher, signature=sign(voucher.channel, usdc("2")).signature),
            InvalidSignature,
        ),
    ],
)
def test_a_voucher_that_is_worth_nothing_is_refused_before_any_gas(
    chain: LocalChain, lanes: Act, opened: list[Channel], sign: Sign, usdc: Token, spoil: Any, error: type[Exception]
) -> None:
    spoilt = spoil(sign(opened[0], usdc("1")), sign, usdc)
    before = chain.balance(chain.native, opened[0].payee)

    with pytest.raises(error):
        lanes["payee"].claim(spoilt)
    assert names(lanes["payee"].claim_many([spoilt])) == {opened[0].id: error.__name__}
    assert chain.balance(chain.native, opened[0].payee) == before


def test_many_are_claimed_by_one_transaction_and_no_bad_row_sinks_the_rest(
    chain: LocalChain,
    lanes: Act,
    opened: list[Channel],
    native_channel: Channel,
    sign: Sign,
    usdc: Token,
    signers: dict[str, Signer],
) -> None:
    eth = chain.native
    lanes["payer"].open(native_channel, eth("1"))
    never = replace(native_channel, salt=7)
    forged = structs.replace(sign(opened[1], usdc("9")), signature=sign(opened[1], usdc("8")).signature)
    good = [sign(opened[0], usdc("4")), sign(opened[1], usdc("3")), sign(native_channel, eth("0.5"))]
    bad = [sign(opened[0], usdc("2")), sign(never, eth("1")), forged, good[0]]

    claims = lanes["stranger"].claim_many([*bad, *good])

    assert sorted(map(str, claims.paid)) == ["0.50 ETH", "7 USDC"]
    assert len(claims.receipts) == 1
    assert sorted(why.why.partition(":")[0] for why in claims.skipped) == [
        AmountNotIncreasing.__name__,
        AmountNotIncreasing.__name__,
        InvalidSignature.__name__,
        NotOpen.__name__,
    ]
    assert chain.balance(usdc, opened[0].payee) == usdc("1007")
    again = lanes["stranger"].claim_many(good)
    assert (again.paid, again.receipts, len(again.skipped)) == ((), (), 3)


def test_a_batch_counts_only_what_is_new(lanes: Act, opened: list[Channel], sign: Sign, usdc: Token) -> None:
    lanes["payee"].claim(sign(opened[0], usdc("1")))

    assert lanes["payee"].claim_many([sign(each, usdc("4")) for each in opened]).paid == (usdc("7"),)


def test_a_row_that_somebody_else_took_in_the_meantime_is_told(
    lanes: Act, opened: list[Channel], sign: Sign, usdc: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the transaction another claim lands: the contract passes the row over."""
    vouchers = [sign(each, usdc("4")) for each in opened]
    lanes["payee"].claim(vouchers[0])
    stale = lanes["payee"].lane(opened[1].id, as_of="latest")
    claiming = lanes["stranger"]
    client = getattr(claiming, "_client", claiming)

    async def later(*_: Any, **__: Any) -> Any:
        return stale

    blind = later if client is not claiming else lambda *_, **__: stale
    monkeypatch.setattr(client, "lane", blind)

    claims = claiming.claim_many(vouchers)

    assert claims.paid == (usdc("4"),)
    assert names(claims) == {opened[0].id: "the contract passed it over"}


def test_more_rows_than_fit_a_transaction_take_another(
    lanes: Act, opened: list[Channel], sign: Sign, usdc: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.settlement.gas.MOST_ROWS", 1)

    claims = lanes["payee"].claim_many([sign(each, usdc("4")) for each in opened])

    assert (claims.paid, len(claims.receipts)) == ((usdc("8"),), 2)


def test_nothing_to_claim_sends_nothing(lanes: Act) -> None:
    assert lanes["payee"].claim_many([]).receipts == ()


def test_at_the_end_of_the_window_a_voucher_without_promises_is_worth_nothing(
    chain: LocalChain, lanes: Act, opened: list[Channel], sign: Sign, usdc: Token
) -> None:
    closing = lanes["payer"].request_close(opened[0])
    chain.travel(to=closing.closes_at)
    voucher = sign(opened[0], usdc("4"))

    with pytest.raises(WindowOver) as caught:
        lanes["payee"].claim(voucher)
    assert caught.value.facts == {"now": closing.closes_at, "closes_at": closing.closes_at}
    assert names(lanes["payee"].claim_many([voucher])) == {opened[0].id: WindowOver.__name__}
