from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import InsufficientBalance, Malformed, Reverted, TokenMismatch
from chain.permit2 import Method
from chain.refusals import (
    DeadlinePassed,
    ERC3009InvalidSignature,
    ERC3009UsedAuthorization,
    InvalidAmount,
    NoCredit,
    NotPayer,
    TokenHasNoCode,
)
from chain.typed_data import Domain
from chain.units import Seconds
from channels import Channel, DuplexChannel, Duplexes, Lanes, SignedDeposit
from channels.errors import AllowanceIsNoAuthorization, AlreadyOpen, ChannelClosing, NotOpen
from channels.funding import FundingKind

Act = dict[str, Lanes]
METHODS = [Method.ERC3009, Method.PERMIT2]
USED = {Method.ERC3009: ERC3009UsedAuthorization, Method.PERMIT2: Reverted}
FORGED = {Method.ERC3009: ERC3009InvalidSignature, Method.PERMIT2: Reverted}
"""Permit2 has its own words."""


def allowed(chain: LocalChain, channel: Channel) -> int:
    token = chain.token(channel.token)
    return chain.allowance(token, channel.payer, chain.address_of("VoucherChannels"), as_of="latest")


def test_a_deposit_opens_and_tops_up_with_exactly_what_is_missing_approved(
    chain: LocalChain, lanes: Act, channel: Channel, usdc: Token
) -> None:
    opened = lanes["payer"].open(channel, usdc("10"))
    assert (opened.deposit, opened.settled, opened.epoch, opened.closes_at) == (usdc("10"), usdc("0"), 0, 0)
    assert opened.receipt is not None

    raised = lanes["payer"].top_up(channel, usdc("5"))

    assert raised.deposit == usdc("15")
    assert allowed(chain, channel) == 0
    assert chain.balance(usdc, channel.payer) == usdc("985")
    assert lanes["stranger"].show(channel) == replace(raised, receipt=None)


def test_the_native_currency_goes_along(chain: LocalChain, lanes: Act, native_channel: Channel) -> None:
    eth, contract = chain.native, chain.address_of("VoucherChannels")

    lanes["payer"].open(native_channel, eth("1"))
    raised = lanes["payer"].top_up(native_channel, eth("0.5"))

    assert raised.deposit == eth("1.5")
    assert chain.balance(eth, contract) == eth("1.5")


def test_what_the_rules_forbid_leaves_no_allowance_behind(
    chain: LocalChain, lanes: Act, channel: Channel, other_channel: Channel, usdc: Token
) -> None:
    lanes["payer"].open(channel, usdc("10"))
    attempts: list[tuple[type[Exception], Callable[[], Any]]] = [
        (AlreadyOpen, lambda: lanes["payer"].open(channel, usdc("1"))),
        (AlreadyOpen, lambda: lanes["payer"].authorize_open(channel, usdc("1"))),
        (NotOpen, lambda: lanes["payer"].top_up(other_channel, usdc("1"))),
        (NotOpen, lambda: lanes["payer"].authorize_top_up(other_channel, usdc("1"))),
        (InvalidAmount, lambda: lanes["payer"].top_up(channel, usdc("0"))),
        (NotPayer, lambda: lanes["payee"].top_up(channel, usdc("1"))),
        (NotPayer, lambda: lanes["payee"].open(other_channel, usdc("1"))),
        (NotPayer, lambda: lanes["payee"].authorize_open(other_channel, usdc("1"))),
        (InsufficientBalance, lambda: lanes["payer"].top_up(channel, usdc("990.000001"))),
        (TokenMismatch, lambda: lanes["payer"].top_up(channel, chain.native("1"))),
        (TokenMismatch, lambda: lanes["payer"].authorize_top_up(channel, chain.native("1"))),
        (TypeError, lambda: lanes["payer"].top_up(channel, 1)),  # type: ignore[arg-type]
    ]
    for error, attempt in attempts:
        with pytest.raises(error):
            attempt()
    closing = lanes["payer"].request_close(channel)
    with pytest.raises(ChannelClosing) as caught:
        lanes["payer"].top_up(channel, usdc("1"))
    assert caught.value.facts == {"channel_id": channel.id, "closes_at": closing.closes_at}
    assert allowed(chain, channel) == 0
    assert chain.balance(usdc, channel.payer) == usdc("990")


@pytest.mark.usefixtures("permit2")
@pytest.mark.parametrize("method", METHODS)
def test_what_the_payer_signed_is_brought_by_anybody_as_json(
    chain: LocalChain, lanes: Act, channel: Channel, usdc: Token, method: Method
) -> None:
    for authorize, total in ((lanes["payer"].authorize_open, "10"), (lanes["payer"].authorize_top_up, "20")):
        signed = SignedDeposit.from_json(authorize(channel, usdc("10"), method).to_json())

        left = lanes["stranger"].submit(signed)

        assert left.deposit == usdc(total)
    assert allowed(chain, channel) == 0
    assert chain.balance(usdc, channel.payer) == usdc("980")


@pytest.mark.usefixtures("permit2")
@pytest.mark.parametrize("method", METHODS)
def test_an_authorization_counts_once_for_one_epoch_and_kind(
    lanes: Act, channel: Channel, usdc: Token, method: Method
) -> None:
    opening = lanes["payer"].authorize_open(channel, usdc("10"), method)
    lanes["stranger"].submit(opening)
    raising = lanes["payer"].authorize_top_up(channel, usdc("1"), method)
    again = lanes["payer"].authorize_top_up(channel, usdc("2"), method)
    apart = lanes["payer"].authorize_top_up(channel, usdc("4"), method, salt=1)

    lanes["stranger"].submit(raising)
    with pytest.raises(USED[method]):
        lanes["stranger"].submit(again)
    assert lanes["stranger"].submit(apart).deposit == usdc("15")
    with pytest.raises(AlreadyOpen):
        lanes["stranger"].submit(opening)


@pytest.mark.usefixtures("permit2")
@pytest.mark.parametrize("method", METHODS)
def test_an_authorization_for_one_epoch_counts_in_no_other(
    chain: LocalChain, lanes: Act, channel: Channel, usdc: Token, method: Method
) -> None:
    unused = lanes["payer"].authorize_open(channel, usdc("10"), method)
    lanes["payer"].open(channel, usdc("10"))
    raising = lanes["payer"].authorize_top_up(channel, usdc("1"), method)
    lanes["payee"].close(channel, usdc("0"))
    before = chain.balance(usdc, channel.payer)

    with pytest.raises(FORGED[method]):
        lanes["stranger"].submit(unused)
    with pytest.raises(NotOpen):
        lanes["stranger"].submit(raising)
    lanes["payer"].open(channel, usdc("10"))
    with pytest.raises(FORGED[method]):
        lanes["stranger"].submit(raising)
    assert chain.balance(usdc, channel.payer) == before - usdc("10")


@pytest.mark.usefixtures("permit2")
@pytest.mark.parametrize("method", METHODS)
def test_no_part_of_a_signed_deposit_can_be_changed(
    chain: LocalChain, lanes: Act, channel: Channel, other_channel: Channel, usdc: Token, method: Method
) -> None:
    signed = lanes["payer"].authorize_open(channel, usdc("10"), method)
    funding = signed.deposit.funding
    changes: list[dict[str, Any]] = [
        {"amount": 10_000_001},
        {"amount": 9_999_999},
        {"deadline": signed.deposit.deadline + 1},
        {"funding": replace(funding, salt=1)},
        {"channel": other_channel, "funding": replace(funding, channel_id=other_channel.id)},
    ]

    for change in changes:
        with pytest.raises(FORGED[method]):
            lanes["stranger"].submit(replace(signed, deposit=replace(signed.deposit, **change)))
    lanes["stranger"].submit(signed)
    top_up = replace(signed.deposit, funding=replace(funding, kind=FundingKind.TOP_UP.value))
    with pytest.raises(FORGED[method]):
        lanes["stranger"].submit(replace(signed, deposit=top_up))
    assert chain.balance(usdc, channel.payer) == usdc("990")


@pytest.mark.usefixtures("permit2")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seconds", [-1, 0])
def test_an_authorization_has_passed_at_its_deadline(
    chain: LocalChain, lanes: Act, channel: Channel, usdc: Token, seconds: int, method: Method
) -> None:
    deadline = Seconds(chain.now() + 100)
    signed = lanes["payer"].authorize_open(channel, usdc("10"), method, deadline=deadline)
    assert lanes["payer"].authorize_open(channel, usdc("10")).deposit.deadline > chain.now() + 86_000

    chain.travel(to=Seconds(deadline + seconds))
    if seconds:
        assert lanes["stranger"].submit(signed).deposit == usdc("10")
        return
    with pytest.raises(DeadlinePassed) as caught:
        lanes["stranger"].submit(signed)
    assert caught.value.facts == {"now": deadline, "deadline": deadline}


def test_an_authorization_is_not_brought_to_another_contract(
    lanes: Act, duplexes: dict[str, Duplexes], channel: Channel, duplex: DuplexChannel, usdc: Token
) -> None:
    signed = lanes["payer"].authorize_open(channel, usdc("10"))
    two_way = duplexes["payer"].authorize_deposit(duplex, usdc("10"))
    elsewhere = replace(signed.deposit, domain=Domain(1, signed.deposit.domain.contract))
    of_another_kind = replace(two_way.deposit, domain=signed.deposit.domain)

    for attempt in (
        lambda: duplexes["stranger"].submit(signed),
        lambda: lanes["stranger"].submit(two_way),
        lambda: lanes["stranger"].submit(replace(signed, deposit=elsewhere)),
        lambda: lanes["stranger"].submit(replace(signed, deposit=of_another_kind)),
    ):
        with pytest.raises(Malformed):
            attempt()


def test_what_can_not_be_signed_is_refused_by_name(
    lanes: Act, channel: Channel, native_channel: Channel, chain: LocalChain, usdc: Token
) -> None:
    with pytest.raises(AllowanceIsNoAuthorization):
        lanes["payer"].authorize_open(channel, usdc("10"), Method.ALLOWANCE)
    with pytest.raises(TokenHasNoCode):
        lanes["payer"].authorize_open(native_channel, chain.native("1"))


def test_credits_are_read_and_sent_on(
    chain: LocalChain, lanes: Act, native_channel: Channel, signers: dict[str, Signer], sign: Any
) -> None:
    eth, payee = chain.native, native_channel.payee
    lanes["payer"].open(native_channel, eth("1"))
    chain.set_code(payee, b"\xfe")
    lanes["stranger"].claim(sign(native_channel, eth("0.25")))
    chain.set_code(payee, b"")

    assert lanes["stranger"].credits(payee, as_of="latest") == (eth("0.25"),)
    with pytest.raises(NoCredit):
        lanes["stranger"].push_credit(eth, native_channel.payer)
    before = chain.balance(eth, signers["stranger"].address)
    lanes["payee"].withdraw_credit(eth, signers["stranger"].address)
    assert chain.balance(eth, signers["stranger"].address) == before + eth("0.25")
