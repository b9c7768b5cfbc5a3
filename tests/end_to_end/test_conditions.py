"""Sales on a condition: nobody has to agree, and nobody can stop them."""

from hashlib import sha256

import pytest

from earnest import conditions as c
from earnest.errors import AuthorizationExpired, NothingReleased, WrongConditionData
from earnest.testing import World

PREIMAGE = bytes(range(32))


def test_whoever_shows_the_preimage_has_the_payee_paid(earnest: World) -> None:
    lock = c.hash_lock(sha256=sha256(PREIMAGE).digest())
    payment = earnest.authorized("120", if_expired="payer", condition=lock)

    with earnest.moves(payee="0"), pytest.raises(NothingReleased):
        earnest.payee.escrow.resolve(payment, lock.proof(bytes(32)))
    with earnest.moves(payee="+120", escrow="-120"):
        payment = earnest.stranger.escrow.resolve(payment, lock.proof(PREIMAGE))

    assert payment.holding.refundable == earnest.usdc("120").units


def test_a_preimage_of_another_lock_opens_nothing(earnest: World) -> None:
    lock, other = (c.hash_lock(sha256=sha256(secret).digest()) for secret in (PREIMAGE, bytes(32)))
    payment = earnest.authorized("120", if_expired="payer", condition=lock)

    with pytest.raises(WrongConditionData):
        earnest.payee.escrow.resolve(payment, other.proof(bytes(32)))


def test_a_preimage_that_comes_at_the_expiry_is_too_late(earnest: World) -> None:
    lock = c.hash_lock(sha256=sha256(PREIMAGE).digest())
    payment = earnest.authorized("120", if_expired="payer", condition=lock)

    earnest.at(payment.terms.authorization_expiry)
    with pytest.raises(AuthorizationExpired):
        earnest.payee.escrow.resolve(payment, lock.proof(PREIMAGE))
    with earnest.moves(payer="+120"):
        earnest.payer.escrow.expire(payment)


def test_a_time_releases_at_its_second(earnest: World) -> None:
    opens = earnest.chain.after(days=2)
    condition = c.after_time(opens)
    payment = earnest.authorized("120", if_expired="payer", condition=condition)

    earnest.at(opens - 1)
    with pytest.raises(NothingReleased):
        earnest.payee.escrow.resolve(payment, condition.proof())
    with earnest.moves(payee="+120"):
        earnest.at(opens)
        earnest.payee.escrow.resolve(payment, condition.proof())


def test_what_the_library_says_before_any_gas_is_what_the_chain_says(earnest: World) -> None:
    lock = c.hash_lock(sha256=sha256(PREIMAGE).digest())
    payment = earnest.authorized("120", if_expired="payer", condition=lock)

    said = lock.proof(PREIMAGE).released(payment.payment_id, payment.terms.amount, earnest.chain.now())

    with earnest.moves(payee=f"+{earnest.usdc.units(said).text}"):
        earnest.payee.escrow.resolve(payment, lock.proof(PREIMAGE))
