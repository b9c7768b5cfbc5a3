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

    facts = c.Facts(chain_id=payment.chain_id, now=earnest.chain.now())
    said = lock.proof(PREIMAGE).released(payment.payment_id, payment.terms.amount, facts)

    with earnest.moves(payee=f"+{earnest.usdc.units(said).text}"):
        earnest.payee.escrow.resolve(payment, lock.proof(PREIMAGE))


def test_a_tree_of_conditions_pays_by_whichever_branch_is_shown(earnest: World) -> None:
    buyer, seller, carrier = earnest.payer.signer, earnest.payee.signer, earnest.operator.signer
    lock = c.hash_lock(sha256=sha256(PREIMAGE).digest())
    delivered = c.attestation(by=carrier.address, says="delivered")
    two = c.approvals(2, of=[buyer.address, seller.address, carrier.address])
    condition = c.any_of(c.all_of(lock, delivered), two)
    payment = earnest.authorized("120", if_expired="payer", condition=condition)

    forty = earnest.usdc("40").units
    words = [two.approve(payment, buyer, amount=forty), two.approve(payment, seller)]
    with pytest.raises(NothingReleased):
        earnest.payee.escrow.resolve(payment, condition.proof(two.proof(words[:1]), lock.proof(PREIMAGE)))
    with earnest.moves(payee="+40"):
        payment = earnest.payee.escrow.resolve(payment, condition.proof(two.proof(words)))
    shown = condition.proof(delivered.proof([delivered.attest(payment, carrier)]), lock.proof(PREIMAGE))
    with earnest.moves(payee="+80"):
        earnest.payee.escrow.resolve(payment, shown)
