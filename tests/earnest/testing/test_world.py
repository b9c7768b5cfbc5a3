import pytest

from earnest import conditions
from earnest.errors import AlreadyUsed, InexactTransfer, Malformed, NodeRefused, NotExpired
from earnest.testing import World
from earnest.testing.keys import PARTIES


def test_every_party_has_money_in_every_test(earnest: World) -> None:
    for name in PARTIES:
        party = getattr(earnest, name)
        assert earnest.chain.balance(earnest.usdc, party.address) == earnest.usdc("1000")
        assert earnest.chain.balance(earnest.eth, party.address) == earnest.eth("10")

    earnest.chain.transfer(earnest.payer.signer, earnest.usdc("1000"), earnest.payee.address)


def test_what_another_test_did_has_not_been(earnest: World) -> None:
    test_every_party_has_money_in_every_test(earnest)


def test_an_authorized_payment_is_the_payers_to_the_payee(earnest: World) -> None:
    with earnest.moves(payer="-120", escrow="+120"):
        payment = earnest.authorized("120", if_expired="payer")

    assert (payment.terms.payer, payment.terms.payee) == (earnest.payer.address, earnest.payee.address)
    assert payment.terms.operator == earnest.operator.address
    assert payment.holding.held == earnest.usdc("120").units


def test_what_is_named_replaces_what_is_usual(earnest: World) -> None:
    lock = conditions.hash_lock(sha256=bytes(32))
    expiry = earnest.chain.after(days=3)

    assert earnest.terms("1", if_expired="payee", condition=lock).condition == lock.address
    assert earnest.terms("1", if_expired="payee", expiry=expiry).authorization_expiry == expiry
    disputed = earnest.terms(
        earnest.eth("1"), if_expired="payer", arbiter=earnest.arbiter.address, if_arbiter_silent="payee"
    )
    assert (disputed.arbiter, disputed.token) == (earnest.arbiter.address, earnest.eth.address)


def test_the_next_action_happens_at_exactly_that_second(earnest: World) -> None:
    payment = earnest.authorized("120", if_expired="payer")
    expiry = payment.terms.authorization_expiry

    earnest.at(expiry - 1)
    with pytest.raises(NotExpired) as early:
        earnest.stranger.escrow.expire(payment)
    earnest.at(expiry)
    earnest.stranger.escrow.expire(payment)

    assert early.value.facts == {"now": expiry - 1, "expiry": expiry}


def test_travelling_moves_the_next_action(earnest: World) -> None:
    before = earnest.chain.now()

    earnest.travel(days=2, hours=1, minutes=1, seconds=1)

    assert earnest.chain.now() == before + 2 * 86_400 + 3_661


def test_blocks_are_mined(earnest: World) -> None:
    before = earnest.chain.now()

    earnest.mine(5)

    assert earnest.chain.now() >= before + 5


def test_the_embedded_chain_can_not_be_reorganised(earnest: World) -> None:
    with pytest.raises(NodeRefused):
        earnest.reorg(1)


@pytest.mark.anvil
def test_a_reorganisation_undoes_a_payment(earnest: World) -> None:
    payment = earnest.authorized("120", if_expired="payer")

    earnest.reorg(1)

    assert not earnest.payer.escrow.show(payment).holding.used


def test_gas_is_that_of_the_last_step(earnest: World) -> None:
    terms = earnest.terms("120", if_expired="payer")
    payment = earnest.payer.escrow.authorize(terms)

    assert payment.receipt
    assert earnest.gas(payment) == earnest.gas(payment.receipt) == payment.receipt.gas_used > 21_000
    with pytest.raises(ValueError, match="no receipt"):
        earnest.gas(earnest.payer.escrow.show(payment))


def test_a_refusing_receiver_takes_no_eth_and_its_money_waits(earnest: World) -> None:
    receiver = earnest.refusing_receiver("shop")
    payment = earnest.authorized(earnest.eth("1"), if_expired="payer", payee=receiver.address)

    with earnest.moves(token=earnest.eth, shop="0", escrow="0", payer="0"):
        earnest.payer.escrow.release(payment)
    assert earnest.payer.escrow.credits(receiver.address) == (earnest.eth("1"),)

    receiver.refuse(refusing=False)
    with earnest.moves(token=earnest.eth, shop="+1", escrow="-1"):
        earnest.stranger.escrow.push_credit(earnest.eth, receiver.address)


def test_a_refusing_receiver_can_be_the_payer(earnest: World) -> None:
    receiver, other = earnest.refusing_receiver("buyer"), earnest.refusing_receiver("other")
    terms = earnest.terms(earnest.eth("2"), if_expired="payer", payer=receiver.address)

    with earnest.moves(token=earnest.eth, buyer="-2", escrow="+2", other="0"):
        receiver.act("Escrow", "authorize", terms, value=terms.amount)
    with pytest.raises(AlreadyUsed):
        receiver.act("Escrow", "authorize", terms, value=terms.amount)

    assert receiver.address != other.address


def test_a_token_that_takes_a_fee_is_not_held(earnest: World) -> None:
    token = earnest.bad_token("fee-on-transfer")

    with pytest.raises(InexactTransfer) as refusal:
        earnest.authorized(token("100"), if_expired="payer")

    assert refusal.value.facts == {
        "token": token.address,
        "received": token("99").units,
        "expected": token("100").units,
    }


@pytest.mark.parametrize(
    ("kind", "paid", "waiting"),
    [("returns-false", "0", "100"), ("no-return", "+100", ""), ("false-on-success", "+100", "")],
)
def test_a_token_that_answers_wrongly_is_paid_or_waits(earnest: World, kind: str, paid: str, waiting: str) -> None:
    token = earnest.bad_token(kind)  # type: ignore[arg-type]
    payment = earnest.authorized(token("100"), if_expired="payer")

    with earnest.moves(token=token, payee=paid):
        earnest.payer.escrow.release(payment)

    credits_ = earnest.payee.escrow.credits(tokens=[token])
    assert credits_ == ((token(waiting),) if waiting else ())


def test_a_bad_token_is_the_same_one_when_it_is_asked_for_again(earnest: World) -> None:
    token = earnest.bad_token("no-return")

    assert earnest.bad_token("no-return") == token
    assert earnest.chain.balance(token, earnest.payer.address) == token("2000")


def test_an_unknown_kind_of_bad_token_is_refused(earnest: World) -> None:
    with pytest.raises(Malformed, match="fee-on-transfer"):
        earnest.bad_token("rude")  # type: ignore[arg-type]
