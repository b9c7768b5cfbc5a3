from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain import LocalChain, Token
from chain.errors import InsufficientBalance, InvalidSignature, Malformed, TokenMismatch
from chain.permit2 import Method
from chain.refusals import DeadlinePassed, ERC3009InvalidSignature, InvalidAmount
from chain.units import Seconds
from channels import DuplexChannel, Duplexes, SignedCloseTogether, SignedDeposit, SignedWithdrawTogether
from channels.duplex.errors import NotParty, WithdrawalTooLarge
from channels.errors import WrongEpoch

Act = dict[str, Duplexes]


@pytest.fixture
def opened(duplexes: Act, duplex: DuplexChannel, usdc: Token) -> DuplexChannel:
    """6 USDC of A, 4 of B."""
    duplexes["payer"].deposit(duplex, usdc("6"))
    duplexes["payee"].deposit(duplex, usdc("4"))
    return duplex


def test_each_party_puts_in_its_own_and_more(
    chain: LocalChain, duplexes: Act, duplex: DuplexChannel, usdc: Token
) -> None:
    assert duplexes["payer"].deposit(duplex, usdc("6")).deposit_a == usdc("6")
    duplexes["payee"].deposit(duplex, usdc("3"))
    left = duplexes["payee"].deposit(duplex, usdc("1"))

    assert (left.deposit_a, left.deposit_b, left.epoch) == (usdc("6"), usdc("4"), 0)
    assert duplexes["stranger"].show(duplex) == replace(left, receipt=None)
    assert chain.allowance(usdc, duplex.party_a, chain.address_of("DuplexChannels"), as_of="latest") == 0


def test_the_native_currency_goes_along_and_out_in_both_directions(
    chain: LocalChain, duplexes: Act, native_duplex: DuplexChannel
) -> None:
    eth, contract = chain.native, chain.address_of("DuplexChannels")
    duplexes["payer"].deposit(native_duplex, eth("1"))
    duplexes["payee"].deposit(native_duplex, eth("0.5"))
    assert chain.balance(eth, contract) == eth("1.5")

    half = duplexes["payer"].propose_close(native_duplex, b_owes=eth("0.25"))
    left = duplexes["payee"].close_together(half)

    assert left.paid is not None
    assert (left.paid.to_a, left.paid.to_b) == (eth("1.25"), eth("0.25"))
    assert chain.balance(eth, contract) == eth("0")


def test_what_the_rules_forbid_leaves_no_allowance_behind(
    chain: LocalChain, duplexes: Act, opened: DuplexChannel, usdc: Token
) -> None:
    attempts: list[tuple[type[Exception], Callable[[], Any]]] = [
        (NotParty, lambda: duplexes["stranger"].deposit(opened, usdc("1"))),
        (NotParty, lambda: duplexes["stranger"].authorize_deposit(opened, usdc("1"))),
        (InvalidAmount, lambda: duplexes["payer"].deposit(opened, usdc("0"))),
        (WrongEpoch, lambda: duplexes["payer"].deposit(opened, usdc("1"), epoch=1)),
        (TokenMismatch, lambda: duplexes["payer"].deposit(opened, chain.native("1"))),
        (InsufficientBalance, lambda: duplexes["payer"].deposit(opened, usdc("994.000001"))),
    ]
    for error, attempt in attempts:
        with pytest.raises(error):
            attempt()
    assert chain.allowance(usdc, opened.party_a, chain.address_of("DuplexChannels"), as_of="latest") == 0
    assert chain.balance(usdc, opened.party_a) == usdc("994")


@pytest.mark.usefixtures("permit2")
@pytest.mark.parametrize(
    ("who", "method", "a", "b"),
    [
        ("payer", Method.ERC3009, "11", "4"),
        ("payer", Method.PERMIT2, "11", "4"),
        ("payee", Method.ERC3009, "6", "9"),
    ],
)
def test_a_partys_signature_brings_its_deposit(
    chain: LocalChain, duplexes: Act, opened: DuplexChannel, usdc: Token, who: str, method: Method, a: str, b: str
) -> None:
    signed = SignedDeposit.from_json(duplexes[who].authorize_deposit(opened, usdc("5"), method).to_json())

    left = duplexes["stranger"].submit(signed)

    assert (left.deposit_a, left.deposit_b) == (usdc(a), usdc(b))
    assert chain.balance(usdc, signed.deposit.payer) == usdc("1000") - usdc(a if who == "payer" else b)


def test_a_deposit_that_an_end_overtook_does_not_start_the_next_epoch(
    duplexes: Act, opened: DuplexChannel, usdc: Token
) -> None:
    signed = duplexes["payer"].authorize_deposit(opened, usdc("5"))
    duplexes["payee"].close_together(duplexes["payer"].propose_close(opened))

    with pytest.raises(WrongEpoch):
        duplexes["stranger"].submit(signed)
    moved = replace(signed, deposit=replace(signed.deposit, funding=replace(signed.deposit.funding, epoch=1)))
    with pytest.raises(ERC3009InvalidSignature):
        duplexes["stranger"].submit(moved)


@pytest.mark.parametrize(
    ("debt", "a", "b"), [("a_owes", "994", "1006"), ("b_owes", "1002", "998"), (None, "1000", "1000")]
)
def test_both_end_the_epoch_by_what_they_have_signed(
    chain: LocalChain, duplexes: Act, opened: DuplexChannel, usdc: Token, debt: str | None, a: str, b: str
) -> None:
    owes: Any = {"a_owes": usdc("6")} if debt == "a_owes" else {"b_owes": usdc("2")} if debt else {}
    half = duplexes["payer"].propose_close(opened, **owes)
    full = SignedCloseTogether.from_json(duplexes["payee"].sign_together(half).to_json())

    left = duplexes["stranger"].close_together(full)

    assert (left.epoch, left.deposit_a, left.deposit_b) == (1, usdc("0"), usdc("0"))
    assert (chain.balance(usdc, opened.party_a), chain.balance(usdc, opened.party_b)) == (usdc(a), usdc(b))


def test_half_of_a_close_is_enough_for_the_other_party_only(duplexes: Act, opened: DuplexChannel, usdc: Token) -> None:
    half = duplexes["payer"].propose_close(opened)

    for who in ("stranger", "payer"):
        with pytest.raises(InvalidSignature):
            duplexes[who].close_together(half)
    with pytest.raises(InvalidSignature):
        duplexes["stranger"].sign_together(half)
    assert duplexes["payee"].close_together(half).epoch == 1
    with pytest.raises(Malformed):
        duplexes["payer"].propose_close(opened, a_owes=usdc("1"), b_owes=usdc("1"))


@pytest.mark.parametrize("seconds", [-1, 0])
def test_a_close_has_passed_at_its_deadline(
    chain: LocalChain, duplexes: Act, opened: DuplexChannel, usdc: Token, seconds: int
) -> None:
    half = duplexes["payer"].propose_close(opened)
    assert half.message.deadline <= chain.now() + 3_600
    chain.travel(to=Seconds(half.message.deadline + seconds))
    if seconds:
        assert duplexes["payee"].close_together(half).epoch == 1
        return
    with pytest.raises(DeadlinePassed):
        duplexes["payee"].close_together(half)


def test_a_withdrawal_folds_the_net_and_goes_on_in_the_next_epoch(
    chain: LocalChain, duplexes: Act, opened: DuplexChannel, usdc: Token
) -> None:
    half = duplexes["payer"].propose_withdrawal(opened, usdc("1"), usdc("5"), a_owes=usdc("2"))
    full = SignedWithdrawTogether.from_json(duplexes["payee"].sign_together(half).to_json())

    left = duplexes["stranger"].withdraw_together(full)

    assert (left.epoch, left.deposit_a, left.deposit_b) == (1, usdc("3"), usdc("1"))
    assert left.paid is not None
    assert (left.paid.to_a, left.paid.to_b) == (usdc("1"), usdc("5"))
    assert (chain.balance(usdc, opened.party_a), chain.balance(usdc, opened.party_b)) == (usdc("995"), usdc("1001"))
    with pytest.raises(WrongEpoch):
        duplexes["stranger"].withdraw_together(full)


def test_nobody_takes_out_more_than_its_share(duplexes: Act, opened: DuplexChannel, usdc: Token) -> None:
    half = duplexes["payer"].propose_withdrawal(opened, usdc("4.000001"), usdc("0"), a_owes=usdc("2"))

    with pytest.raises(WithdrawalTooLarge) as caught:
        duplexes["payee"].withdraw_together(half)
    assert caught.value.facts == {"amount": 4_000_001, "share": 4_000_000}
