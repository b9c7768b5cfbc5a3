"""What can't be right is refused by name, with its facts, before any money moves."""

from datetime import timedelta

import pytest

from earnest import Chain, SignedVoucher, Voucher, WalletLane, errors
from earnest.testing import Party, World


def signed_by_hand(earnest: World, lane: WalletLane, units: int, by: Party) -> SignedVoucher:
    """What a wallet would not sign."""
    voucher = Voucher(channel_id=lane.id, epoch=lane.epoch, cumulative_amount=earnest.usdc.units(units).units)
    signed = by.signer.sign(earnest.chain.domain("VoucherChannels"), voucher)
    return SignedVoucher(channel=lane.channel, voucher=voucher, signature=signed.signature)


def swapped(address: str) -> str:
    """The same address with a letter of the other case, as if a digit had been changed."""
    place = next(n for n, letter in enumerate(address) if n > 1 and letter.isalpha())
    return address[:place] + address[place].swapcase() + address[place + 1 :]


def test_a_wrong_checksum(earnest: World) -> None:
    wrong = swapped(earnest.payee.address)

    with pytest.raises(errors.NotAnAddress) as refusal:
        earnest.terms("120", if_expired="payer", payee=wrong)

    assert refusal.value.value == wrong
    with pytest.raises(errors.NotAnAddress):
        earnest.payer.wallet.open(wrong, earnest.usdc("1"), timedelta(days=1))


@pytest.mark.parametrize("amount", [19.99, 20])
def test_money_that_is_a_float_or_an_int(earnest: World, amount: float) -> None:
    with pytest.raises(TypeError):
        earnest.usdc(amount)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        earnest.terms(amount, if_expired="payer")  # type: ignore[arg-type]


def test_an_amount_that_is_too_large_or_too_precise(earnest: World) -> None:
    with pytest.raises(errors.OutOfRange) as refusal:
        earnest.usdc.units(2**96)
    with pytest.raises(errors.TooPrecise):
        earnest.usdc("0.0000001")

    assert (refusal.value.value, refusal.value.maximum) == (2**96, 2**96 - 1)


def test_more_than_the_payer_has(earnest: World) -> None:
    terms = earnest.terms("1000.000001", if_expired="payer")

    with earnest.moves(payer="0"), pytest.raises(errors.InsufficientBalance) as refusal:
        earnest.payer.escrow.authorize(terms)

    assert (refusal.value.balance, refusal.value.needed) == (1_000_000_000, 1_000_000_001)


@pytest.mark.parametrize("name", ["DOGE", "0x" + "11" * 20])
def test_an_unknown_token(earnest: World, name: str) -> None:
    with pytest.raises(errors.UnknownToken) as refusal:
        earnest.chain.token(name)

    assert refusal.value.token == name


def test_a_dead_node() -> None:
    with pytest.raises(errors.NodeUnreachable) as refusal:
        Chain.connect("local", ["http://127.0.0.1:1/with-a-secret"])

    assert refusal.value.retryable
    assert "secret" not in str(refusal.value)


def test_a_node_of_another_chain(earnest: World) -> None:
    with pytest.raises(errors.WrongChain) as refusal:
        Chain.connect("base", [earnest.chain.serve()])

    assert (refusal.value.expected, refusal.value.found) == (8453, earnest.chain.chain_id)


def test_the_same_terms_authorized_twice(earnest: World) -> None:
    payment = earnest.authorized("120", if_expired="payer")

    with earnest.moves(payer="0", escrow="0"), pytest.raises(errors.AlreadyUsed) as refusal:
        earnest.payer.escrow.authorize(payment.terms)

    assert refusal.value.payment_id == payment.payment_id


def test_terms_of_another_payer(earnest: World) -> None:
    with pytest.raises(errors.NotPayer) as refusal:
        earnest.stranger.escrow.authorize(earnest.terms("120", if_expired="payer"))

    assert refusal.value.facts == {"caller": earnest.stranger.address, "payer": earnest.payer.address}


def test_terms_that_nobody_could_fund(earnest: World) -> None:
    with pytest.raises(errors.InvalidPayee):
        earnest.terms("120", if_expired="payer", payee=earnest.payer.address)
    with pytest.raises(errors.FundingTooLate):
        earnest.payer.escrow.authorize(earnest.terms("120", if_expired="payer", expiry=earnest.chain.after(hours=1)))


def test_a_voucher_over_the_deposit(earnest: World) -> None:
    usdc, wallet = earnest.usdc, earnest.payer.wallet
    lane = wallet.open(earnest.payee.address, usdc("10"), timedelta(days=1))

    with pytest.raises(errors.AmountExceedsDeposit):
        wallet.pay(lane, usdc("10.000001"))
    with pytest.raises(errors.AmountExceedsDeposit) as refusal:
        earnest.payee.till.accept(signed_by_hand(earnest, lane, 10_000_001, by=earnest.payer))

    assert refusal.value.facts == {"cumulative_amount": 10_000_001, "deposit": 10_000_000}


def test_a_voucher_of_another_epoch(earnest: World) -> None:
    usdc, wallet, till = earnest.usdc, earnest.payer.wallet, earnest.payee.till
    lane = wallet.open(earnest.payee.address, usdc("10"), timedelta(days=1))
    old = wallet.pay(lane, usdc("5"))
    till.accept(old)
    till.close(lane)
    again = wallet.open(earnest.payee.address, usdc("10"), timedelta(days=1))

    with pytest.raises(errors.WrongEpoch) as refusal:
        till.accept(old)

    assert refusal.value.facts == {"epoch": lane.epoch, "current": again.epoch}


def test_a_voucher_that_somebody_else_signed(earnest: World) -> None:
    lane = earnest.payer.wallet.open(earnest.payee.address, earnest.usdc("10"), timedelta(days=1))
    forged = signed_by_hand(earnest, lane, 1, by=earnest.stranger)

    with pytest.raises(errors.InvalidSignature):
        earnest.payee.till.accept(forged)
