"""An escrow's stories, as a user would write them."""

import pytest

from earnest import PayeeShare, Payment
from earnest.errors import (
    AuthorizationExpired,
    NotExpired,
    NothingHeld,
    NothingToMove,
    NotOperator,
    NotPayeeOrOperator,
    NotPayer,
    RefundExpired,
)
from earnest.testing import World


def test_a_buyer_pays_and_is_refunded(earnest: World) -> None:
    with earnest.moves(payer="-120", escrow="+120"):
        payment = earnest.authorized("120", if_expired="payer")
    with earnest.moves(payee="+120", escrow="-120"):
        payment = earnest.operator.escrow.capture(payment)
    with earnest.moves(payer="+120", payee="-120", escrow="0"):
        payment = earnest.payee.escrow.refund(payment)

    assert (payment.holding.held, payment.holding.refundable) == (0, 0)


def test_a_merchant_captures_partly_refunds_a_part_and_gives_the_rest_back(earnest: World) -> None:
    usdc = earnest.usdc
    payment = earnest.authorized("120", if_expired="payee")

    with earnest.moves(payee="+30", escrow="-30"):
        payment = earnest.operator.escrow.capture(payment, up_to=usdc("30"))
    with earnest.moves(payee="+40", escrow="-40"):
        payment = earnest.operator.escrow.capture(payment, up_to=usdc("70"))
    with earnest.moves(payer="+10", payee="-10", escrow="0"):
        payment = earnest.payee.escrow.refund(payment, up_to=usdc("10"))
    with earnest.moves(payer="+50", escrow="-50"):
        payment = earnest.payee.escrow.void(payment)

    assert earnest.chain.balance(usdc, earnest.payee.address) == usdc("1060")
    assert earnest.chain.balance(usdc, earnest.payer.address) == usdc("940")


def test_a_fee_is_taken_from_what_the_payee_is_paid(earnest: World) -> None:
    fee = {"fee_bps": 100, "fee_recipient": earnest.arbiter.address}
    payment = earnest.authorized("120", if_expired="payer", **fee)

    with earnest.moves(payee="+49.5", arbiter="+0.5", escrow="-50"):
        earnest.payer.escrow.release(payment, up_to=earnest.usdc("50"))


@pytest.mark.parametrize(
    ("if_expired", "payer", "payee"),
    [("payer", "+120", "0"), ("payee", "0", "+120"), (PayeeShare(bps=2_500), "+90", "+30")],
)
def test_silence_ends_as_both_signed_at_the_expiry_and_not_a_second_before(
    earnest: World, if_expired: str, payer: str, payee: str
) -> None:
    payment = earnest.authorized("120", if_expired=if_expired)
    expiry = payment.terms.authorization_expiry

    earnest.at(expiry - 1)
    with earnest.moves(payer="0", payee="0"), pytest.raises(NotExpired) as early:
        earnest.stranger.escrow.expire(payment)
    with earnest.moves(payer=payer, payee=payee, escrow="-120"):
        earnest.at(expiry)
        earnest.stranger.escrow.expire(payment)

    assert early.value.facts == {"now": expiry - 1, "expiry": expiry}


def test_after_the_expiry_the_operator_is_too_late_and_the_payer_is_not(earnest: World) -> None:
    payment = earnest.authorized("120", if_expired="payer")

    earnest.at(payment.terms.authorization_expiry)
    with pytest.raises(AuthorizationExpired):
        earnest.operator.escrow.capture(payment)
    with earnest.moves(payee="+120"):
        earnest.payer.escrow.release(payment)


def test_a_refund_is_too_late_at_its_expiry(earnest: World) -> None:
    payment = earnest.payer.escrow.release(earnest.authorized("120", if_expired="payer"))

    earnest.at(payment.terms.refund_expiry)
    with pytest.raises(RefundExpired):
        earnest.payee.escrow.refund(payment)


def test_native_currency_is_held_and_paid_as_a_token_is(earnest: World) -> None:
    eth = earnest.eth
    with earnest.moves(token=eth, payer="-2", escrow="+2"):
        payment = earnest.authorized(eth("2"), if_expired="payer")
    with earnest.moves(token=eth, payee="+0.5", escrow="-0.5"):
        payment = earnest.payer.escrow.release(payment, up_to=eth("0.5"))
    with earnest.moves(token=eth, payer="+0.25", payee="-0.25"):
        payment = earnest.payee.escrow.refund(payment, up_to=eth("0.25"))
    with earnest.moves(token=eth, payer="+1.5", escrow="-1.5"):
        earnest.payee.escrow.void(payment)


def test_a_click_that_is_made_twice_pays_once(earnest: World) -> None:
    payment = earnest.authorized("120", if_expired="payer")
    earnest.payer.escrow.release(payment, up_to=earnest.usdc("40"))

    with earnest.moves(payee="0"), pytest.raises(NothingToMove):
        earnest.payer.escrow.release(payment, up_to=earnest.usdc("40"))


def test_nobody_acts_for_another(earnest: World) -> None:
    payment, stranger = earnest.authorized("120", if_expired="payer"), earnest.stranger.escrow

    with pytest.raises(NotOperator):
        stranger.capture(payment)
    with pytest.raises(NotPayer):
        stranger.release(payment)
    with pytest.raises(NotPayeeOrOperator):
        stranger.void(payment)
    with pytest.raises(NotPayeeOrOperator):
        earnest.payer.escrow.refund(earnest.payer.escrow.release(payment))


def test_a_payment_survives_as_json_and_can_be_ended_by_whoever_reads_it(earnest: World) -> None:
    kept = earnest.authorized("120", if_expired="payer").to_json()
    payment = Payment.from_json(kept)

    with earnest.moves(payer="+120"):
        earnest.payee.escrow.void(payment)
    earnest.at(payment.terms.authorization_expiry)
    with pytest.raises(NothingHeld):
        earnest.stranger.escrow.expire(payment)
