"""What a job may be, and how it is read."""

import json
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from chain import Signer
from chain.errors import InvalidSignature, InvalidValue, Malformed
from chain.keccak import keccak
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Hash32, Seconds
from channels import Channel, DuplexChannel, Promise, SignedState, SignedVoucher, State, Voucher
from channels.duplex.errors import NotParty
from channels.errors import NotPayee
from channels.promise import promises_hash
from channels.watchtower import Guard, Job, Proof, read_job, write_job
from channels.watchtower.reading import LONGEST

LANES, DUPLEXES = Domain(1, Address("0x" + "aa" * 20)), Domain(1, Address("0x" + "bb" * 20))
ANN, SHOP = Signer(b"\1" * 32), Signer(b"\2" * 32)
DATA = b"\5" * 32
PROMISE = Promise(
    condition=ANN.address, data_hash=keccak(DATA), amount=Amount(5), expiry=Seconds(9), salt=Hash32(b"\3" * 32)
)
PROOF = Proof(promise_hash=PROMISE.struct_hash(), data=DATA, proof=b"\6" * 32)
CHANNEL = Channel(
    payer=ANN.address,
    payee=SHOP.address,
    token=NOBODY,
    signer=ANN.address,
    window=Seconds(3_600),
    promise_window=Seconds(0),
)
TWO_WAY = DuplexChannel(
    party_a=ANN.address,
    party_b=SHOP.address,
    token=NOBODY,
    signer_a=ANN.address,
    signer_b=SHOP.address,
    window=Seconds(3_600),
    promise_window=Seconds(0),
)


def lane_job(amount: int = 7, at: int = 1, proofs: tuple[Proof, ...] = (PROOF,)) -> Job:
    promises = (PROMISE,) if proofs else ()
    voucher = Voucher(
        channel_id=CHANNEL.id, epoch=0, cumulative_amount=Amount(amount), promises=promises_hash(promises)
    )
    signature = ANN.sign(LANES, voucher).signature
    message = SignedVoucher(channel=CHANNEL, voucher=voucher, signature=signature, promises=promises)
    return Job(message=message, client=SHOP.address, at=at, proofs=proofs).signed_by(SHOP, LANES)


def state_job(version: int = 3, net: int = 7, at: int = 1) -> Job:
    state = State(channel_id=TWO_WAY.id, epoch=0, version=version, net=net)
    message = SignedState(channel=TWO_WAY, message=state)
    for signer in (ANN, SHOP):
        message = message.signed(signer.sign(DUPLEXES, state))
    return Job(message=message, client=SHOP.address, at=at).signed_by(SHOP, DUPLEXES)


@pytest.mark.parametrize(
    ("job", "domain"), [(lane_job(), LANES), (state_job(), DUPLEXES), (lane_job(proofs=()), LANES)]
)
def test_what_was_written_is_read_and_counts(job: Job, domain: Domain) -> None:
    assert read_job(write_job(job)) == job
    assert job.verified(domain).message == job.guard


def test_the_type_string_says_what_a_client_signs() -> None:
    assert Guard.type_string == "Guard(bytes32 channelId,uint32 epoch,bytes32 content,uint64 at)"


@pytest.mark.parametrize(
    "forged",
    [
        replace(lane_job(), at=2),
        replace(lane_job(), proofs=()),
        replace(lane_job(), message=lane_job(amount=8).message),
        replace(lane_job(), signature=bytes(31) + b"\1" + bytes(31) + b"\1\x1b"),
        replace(lane_job(), signature=ANN.sign(LANES, lane_job().guard).signature),
    ],
    ids=["time", "proofs", "message", "nobody", "payer"],
)
def test_nobody_can_change_or_replace_what_the_client_has_signed(forged: Job) -> None:
    with pytest.raises(InvalidSignature):
        forged.verified(LANES)


def test_a_message_that_its_own_keys_have_not_signed_is_no_job() -> None:
    voucher = lane_job().message
    assert isinstance(voucher, SignedVoucher)
    stolen = structs.replace(voucher, signature=SHOP.sign(LANES, voucher.voucher).signature)
    with pytest.raises(InvalidSignature):
        replace(lane_job(), message=stolen).signed_by(SHOP, LANES).verified(LANES)
    state = state_job().message
    assert isinstance(state, SignedState)
    half = replace(state, signature_a=None)
    with pytest.raises(InvalidSignature):
        replace(state_job(), message=half).signed_by(SHOP, DUPLEXES).verified(DUPLEXES)
    with pytest.raises(InvalidSignature):
        lane_job().verified(DUPLEXES)


def test_only_who_is_owed_is_a_client() -> None:
    with pytest.raises(NotPayee):
        lane_job().signed_by(ANN, LANES)
    with pytest.raises(NotPayee):
        replace(lane_job(), client=ANN.address)
    with pytest.raises(NotParty):
        state_job().signed_by(Signer(b"\3" * 32), DUPLEXES)
    assert state_job().signed_by(ANN, DUPLEXES).by_a


@pytest.mark.parametrize(
    "proofs",
    [(PROOF, PROOF), (replace(PROOF, promise_hash=Hash32(bytes(32))),), (replace(PROOF, data=b"other"),)],
    ids=["twice", "unknown", "other data"],
)
def test_a_proof_is_of_one_promise_of_the_message(proofs: tuple[Proof, ...]) -> None:
    with pytest.raises(Malformed):
        replace(lane_job(), proofs=proofs)


def test_ranks_order_by_what_never_falls_then_by_time() -> None:
    ranks = [lane_job(*order).rank for order in [(0, 9), (1, 0), (1, 1), (2**64, 0), (2**96 - 1, 2**64 - 1)]]
    assert ranks == sorted(ranks)
    assert state_job(2, at=9).rank < state_job(3).rank


@pytest.mark.parametrize(("job", "owed"), [(lane_job(7), 7), (state_job(net=7), 7), (state_job(net=-7), 0)])
def test_what_is_owed_is_counted_for_the_client(job: Job, owed: int) -> None:
    assert job.owed == owed


def told(**changes: Any) -> bytes:
    return json.dumps(lane_job().to_json() | changes, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff",
        b"[" * 60_000,
        write_job(lane_job(proofs=(replace(PROOF, proof=bytes(LONGEST)),))),
        b" " * (LONGEST + 1),
        json.dumps(lane_job().to_json()).encode(),
        told().replace(b'"at":"1"', b'"at":"2","at":"1"'),
        told(at="01"),
        told(at=1),
        told(at=str(2**64)),
        told(kind="other"),
        told(proofs={}),
        told(more=1),
        told(client=NOBODY),
        told(signature="0x00"),
    ],
)
def test_what_is_not_in_the_one_form_is_refused(body: bytes) -> None:
    assert read_job(told()) == lane_job()
    with pytest.raises((InvalidValue, InvalidSignature, NotPayee)):
        read_job(body)
