"""Part 3: a condition decides."""

import secrets
from hashlib import sha256

from earnest.cli.demo.stage import Stage
from escrow import Payment, Terms, conditions
from escrow.conditions import HashLock, Proof
from escrow.errors import NothingReleased


def lock(stage: Stage) -> None:
    """A sale for a preimage."""
    ann, shop, usdc = stage.ann, stage.shop, stage.usdc
    stage.teller.part("A hash lock: whoever shows the preimage is paid, and nobody has to agree.")
    preimage = secrets.token_bytes(32)
    condition = conditions.hash_lock(sha256=sha256(preimage).digest())
    terms = Terms.conditional(
        payer=ann.address,
        payee=shop.address,
        amount=usdc("120"),
        condition=condition,
        expiry=stage.chain.after(days=1),
        if_expired="payer",
    )
    payment = stage.step("authorize 120", ann.escrow.authorize, terms, moves={"Ann": "-120", "escrow": "+120"})
    wrong, right = condition.proof(secrets.token_bytes(32)), condition.proof(preimage)
    _word(stage, payment, wrong, "wrong preimage", "0")
    stage.teller.refused("resolve with it", NothingReleased, shop.escrow.resolve, payment, wrong)
    _word(stage, payment, right, "right preimage", "120")
    stage.step("resolve with it", shop.escrow.resolve, payment, right, moves={"shop": "+120", "escrow": "-120"})


def _word(stage: Stage, payment: Payment, proof: Proof, text: str, expected: str) -> None:
    """What the Python twin says before any gas, and the contract."""
    amount, token = payment.terms.amount, stage.usdc
    twin = token.units(proof.released(payment.payment_id, amount, stage.chain.now()))
    args = (payment.payment_id, amount, proof.condition.data, proof.shown)
    contract = token.units(stage.chain.call(HashLock.__name__, "released", *args))
    so = twin == contract == token(expected)
    stage.teller.say(f"{text}: the library says {twin}, the contract {contract}", so=so)
