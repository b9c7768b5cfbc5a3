"""Part 3: conditions decide: a secret, votes, a laboratory's word."""

import secrets
from hashlib import sha256

from earnest.cli.demo.stage import Stage
from escrow import Payment, Terms, conditions
from escrow.conditions import Condition, Proof
from escrow.errors import NothingReleased


def conditional(stage: Stage) -> None:
    """Three sales: each says how much of 120 is released."""
    stage.teller.part("Conditions: whoever shows the proof is paid, and nobody has to agree.")
    _by_a_secret(stage)
    _by_votes(stage)
    _by_a_laboratory(stage)


def _by_a_secret(stage: Stage) -> None:
    preimage = secrets.token_bytes(32)
    lock = conditions.hash_lock(sha256=sha256(preimage).digest())
    payment = _authorize(stage, "a hash lock: authorize 120", lock)
    wrong, right = lock.proof(secrets.token_bytes(32)), lock.proof(preimage)
    _word(stage, payment, wrong, "wrong preimage", "0")
    stage.teller.refused("resolve with it", NothingReleased, stage.shop.escrow.resolve, payment, wrong)
    _word(stage, payment, right, "right preimage", "120")
    _resolve(stage, payment, right, "120")


def _by_votes(stage: Stage) -> None:
    voters = (stage.ann, stage.shop, stage.judge)
    two = conditions.approvals(2, of=[voter.address for voter in voters])
    payment = _authorize(stage, "2 of 3 approvals: authorize 120", two)
    words = [two.approve(payment, voter.signer) for voter in voters]
    _word(stage, payment, two.proof(words[:1]), "1 of 3 approvals", "0")
    _word(stage, payment, two.proof(words[:2]), "2 of 3 approvals", "120")
    _resolve(stage, payment, two.proof(words[:2]), "120")


def _by_a_laboratory(stage: Stage) -> None:
    pure = conditions.attestation(by=stage.judge.address, says="purity")
    payment = _authorize(stage, "a laboratory's word: authorize 120", pure)
    proof = pure.proof([pure.attest(payment, stage.judge.signer, share_bps=9_200)])
    _word(stage, payment, proof, "the laboratory says 92 %", "110.4")
    _resolve(stage, payment, proof, "110.4")
    stage.step("the shop gives the rest back", stage.shop.escrow.void, payment, moves={"Ann": "+9.6", "escrow": "-9.6"})


def _authorize(stage: Stage, text: str, condition: Condition) -> Payment:
    terms = Terms.conditional(
        payer=stage.ann.address,
        payee=stage.shop.address,
        amount=stage.usdc("120"),
        condition=condition,
        expiry=stage.chain.after(days=1),
        if_expired="payer",
    )
    return stage.step(text, stage.ann.escrow.authorize, terms, moves={"Ann": "-120", "escrow": "+120"})


def _word(stage: Stage, payment: Payment, proof: Proof, text: str, expected: str) -> None:
    """What the Python twin says before any gas, and the contract."""
    token, condition = stage.usdc, proof.condition
    twin = stage.shop.escrow.released(payment, proof)
    args = (payment.payment_id, payment.terms.amount, condition.data, proof.shown)
    contract = token.units(stage.chain.call(condition.contract, "released", *args))
    so = twin == contract == token(expected)
    stage.teller.say(f"{text}: the library says {twin}, the contract {contract}", so=so)


def _resolve(stage: Stage, payment: Payment, proof: Proof, amount: str) -> None:
    moves = {"shop": f"+{amount}", "escrow": f"-{amount}"}
    stage.step("resolve with that", stage.shop.escrow.resolve, payment, proof, moves=moves)
