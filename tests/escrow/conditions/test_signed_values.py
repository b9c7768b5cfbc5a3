from typing import Any

import pytest

from chain import Signer
from chain.errors import InvalidValue, Malformed, NotAnAddress, OutOfRange
from chain.keccak import keccak
from chain.signing import compact
from chain.units import NOBODY, Address, Amount, Seconds
from escrow import conditions as c
from escrow.conditions.errors import ListedTwice, NotASigner, SignedElsewhere
from escrow.conditions.messages import Approval
from escrow.conditions.signed import SignedWord
from tests.escrow.conditions.cases import ANN, BOB, CAROL, DELIVERED, EVE, FACTS, NOW, SUBJECT, TWO, released


def approved(signer: Signer, **changes: Any) -> c.SignedApproval:
    return TWO.approve(SUBJECT, signer, **changes)


@pytest.mark.parametrize(
    ("amounts", "value"),
    [
        ({}, 0),
        ({ANN: 400}, 0),
        ({ANN: 400, BOB: 700}, 400),
        ({BOB: 700, ANN: 400}, 400),
        ({ANN: 400, BOB: 700, CAROL: 500}, 500),
        ({ANN: 0, BOB: 700, CAROL: 2_000}, 700),
        ({ANN: 2_000, BOB: 2_000}, 1_000),
    ],
)
def test_what_two_approve_is_released(amounts: dict[Signer, int], value: int) -> None:
    proof = TWO.proof(approved(signer, amount=amount) for signer, amount in amounts.items())

    assert released(proof) == value


def test_all_of_the_payment_until_it_expires_is_what_is_meant_by_default() -> None:
    word = approved(ANN)

    assert word.message == Approval(subject=SUBJECT.id, amount=Amount(1_000), expiry=SUBJECT.expiry)


@pytest.mark.parametrize(("now", "value"), [(SUBJECT.expiry - 1, 1_000), (SUBJECT.expiry, 0)])
def test_a_word_is_over_at_its_expiry(now: int, value: int) -> None:
    proof = TWO.proof([approved(ANN), approved(BOB)])

    assert released(proof, c.Facts(chain_id=1, now=Seconds(now))) == value


def test_a_word_counts_for_one_chain_and_one_subject() -> None:
    proof = TWO.proof([approved(ANN), approved(BOB)])

    assert released(proof, c.Facts(chain_id=2, now=NOW)) == 0
    assert proof.released(keccak(b"another"), 1_000, FACTS) == 0


def test_a_bad_word_sinks_no_other() -> None:
    bad = SignedWord(message=approved(ANN).message, domain=TWO.domain(1), signer=ANN.address, signature=b"junk")

    assert released(TWO.proof([bad, approved(BOB), approved(CAROL)])) == 1_000
    assert released(TWO.proof([bad, approved(BOB)])) == 0


def test_a_key_may_sign_in_64_bytes() -> None:
    short = b"".join(compact(approved(ANN).signature))
    word = SignedWord(message=approved(ANN).message, domain=TWO.domain(1), signer=ANN.address, signature=short)

    assert word.by_key
    assert released(TWO.proof([word, approved(BOB)])) == 1_000


def test_a_wallet_counts_where_the_chain_says_so() -> None:
    word = approved(ANN)
    wallet = SignedWord(message=word.message, domain=word.domain, signer=CAROL.address, signature=b"of a wallet")
    proof, yes = TWO.proof([word, wallet]), (CAROL.address, word.domain.digest(word.message))

    assert not wallet.by_key
    assert released(proof) == 0
    assert released(proof, c.Facts(chain_id=1, now=NOW, wallets=frozenset([yes]))) == 1_000


def test_only_a_signer_can_approve() -> None:
    with pytest.raises(NotASigner):
        approved(EVE)
    stranger = c.approvals(1, of=[EVE.address]).approve(SUBJECT, EVE)
    with pytest.raises(NotASigner):
        TWO.proof([stranger])


def test_nobody_is_shown_twice() -> None:
    with pytest.raises(ListedTwice):
        TWO.proof([approved(ANN), approved(ANN, amount=5)])


def test_a_word_for_another_contract_is_refused() -> None:
    other: Any = DELIVERED.attest(SUBJECT, CAROL)

    with pytest.raises(SignedElsewhere):
        TWO.proof([other])


@pytest.mark.parametrize(
    ("threshold", "signers", "error"),
    [
        (0, [ANN.address], OutOfRange),
        (2, [ANN.address], OutOfRange),
        (1, [], OutOfRange),
        (1, [ANN.address] * 2, ListedTwice),
        (1, [ANN.address, ANN.address.lower()], ListedTwice),
        (1, [NOBODY], NotAnAddress),
        (1, ["0x12"], NotAnAddress),
        (1, [Signer(keccak(bytes([n]))).address for n in range(17)], OutOfRange),
    ],
)
def test_a_list_of_signers_must_make_sense(threshold: int, signers: list[Address], error: type[InvalidValue]) -> None:
    with pytest.raises(error):
        c.approvals(threshold, of=signers)


def test_the_order_of_signers_does_not_matter() -> None:
    assert c.approvals(2, of=[CAROL.address, ANN.address, BOB.address]) == TWO


def test_enough_signers_can_meet_it_alone() -> None:
    assert TWO.met_by(frozenset([ANN.address, CAROL.address, EVE.address]))
    assert not TWO.met_by(frozenset([ANN.address, EVE.address]))


@pytest.mark.parametrize(("share", "value"), [(0, 0), (1, 0), (10, 1), (9_200, 920), (9_999, 999), (10_000, 1_000)])
def test_an_attested_share_is_rounded_down(share: int, value: int) -> None:
    assert released(DELIVERED.proof([DELIVERED.attest(SUBJECT, CAROL, share_bps=share)])) == value


@pytest.mark.parametrize("share", [-1, 10_001, 0.5])
def test_a_share_is_at_most_all(share: Any) -> None:
    with pytest.raises(OutOfRange):
        DELIVERED.attest(SUBJECT, CAROL, share_bps=share)


def test_a_fact_of_the_world_serves_every_payment_that_agreed_on_it() -> None:
    order = c.attestation(by=[CAROL.address], says="delivered", about=keccak(b"order 7"))
    proof = order.proof([order.attest(SUBJECT, CAROL)])

    assert proof.released(keccak(b"another"), 1_000, FACTS) == 1_000
    assert DELIVERED.proof([DELIVERED.attest(SUBJECT, CAROL)]).released(keccak(b"another"), 1_000, FACTS) == 0


def test_another_statement_is_not_attested() -> None:
    lost = c.attestation(by=CAROL.address, says="lost")
    word = DELIVERED.attest(SUBJECT, CAROL)

    assert released(lost.proof([word])) == 0


def test_a_word_travels_as_json() -> None:
    approval, attestation = approved(ANN), DELIVERED.attest(SUBJECT, CAROL)

    assert c.SignedApproval.from_json(approval.to_json()) == approval
    assert c.SignedAttestation.from_json(attestation.to_json()) == attestation


@pytest.mark.parametrize(
    "change",
    [{"chainId": 1}, {"chainId": "-1"}, {"signature": "x"}, {"signer": "0x1"}, {"message": {}}, {"more": 1}],
)
def test_the_json_of_a_word_is_strict(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        c.SignedApproval.from_json(approved(ANN).to_json() | change)
    with pytest.raises(Malformed):
        c.SignedAttestation.from_json(approved(ANN).to_json())
    with pytest.raises(Malformed):
        c.SignedApproval.from_json([])


def test_a_signature_longer_than_a_proof_can_hold_is_refused() -> None:
    word = approved(ANN)
    with pytest.raises(Malformed):
        SignedWord(message=word.message, domain=word.domain, signer=word.signer, signature=bytes(2**16))


@pytest.mark.parametrize("count", [0, 1, 20, 21, 85])
def test_a_proof_that_breaks_off_shows_nothing(count: int) -> None:
    shown = TWO.proof([approved(ANN), approved(BOB)]).shown

    assert released(c.Proof(TWO, shown[:-1])) == 0
    assert released(c.Proof(TWO, shown[:count])) == 0
    assert released(c.Proof(TWO, shown + bytes(count + 1))) == 0
