from collections.abc import Callable

import pytest
from coincurve import PrivateKey, PublicKey
from eth_keys.datatypes import PrivateKey as EthKey
from hypothesis import given
from hypothesis import strategies as st

from chain import Domain, Hash32, InvalidSignature, Signer, address
from chain.errors import MalformedSignature
from chain.keccak import keccak
from chain.signing import Signed, compact, known_key, recover, verify, verify_known, with_right_v
from tests.chain.note import Note

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
DIGEST = keccak(b"digest")
keys = st.integers(1, ORDER - 1).map(lambda number: number.to_bytes(32, "big"))


@given(keys, st.binary(min_size=32, max_size=32))
def test_signatures_are_those_of_eth_keys(secret: bytes, digest: bytes) -> None:
    signature = Signer(secret).sign_digest(Hash32(digest))
    theirs = EthKey(secret).sign_msg_hash(digest)

    assert signature[:64] == theirs.to_bytes()[:64]
    assert signature[64] == theirs.v + 27


@given(keys, st.binary(min_size=32, max_size=32))
def test_a_signature_recovers_to_its_signer(secret: bytes, digest: bytes) -> None:
    signer = Signer(secret)
    signature = signer.sign_digest(Hash32(digest))

    assert recover(Hash32(digest), signature) == signer.address
    assert int.from_bytes(signature[32:64], "big") <= ORDER // 2


def malleated(signature: bytes) -> bytes:
    high = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + high.to_bytes(32, "big") + bytes([55 - signature[64]])


@pytest.mark.parametrize(
    "change",
    [
        lambda s: b"",
        lambda s: s[:64],
        lambda s: s + b"\0",
        lambda s: s[:64] + bytes([s[64] - 27]),
        lambda s: s[:64] + bytes([29]),
        malleated,
        lambda s: bytes(32) + s[32:],
        lambda s: s[:32] + bytes(32) + s[64:],
        lambda s: b"\xff" * 32 + s[32:],
    ],
    ids=["empty", "64 bytes", "66 bytes", "v of 0 or 1", "v of 29", "high s", "r of 0", "s of 0", "r too large"],
)
def test_what_the_contracts_refuse_is_malformed(change: Callable[[bytes], bytes]) -> None:
    signature = change(Signer.generate().sign_digest(DIGEST))

    with pytest.raises(MalformedSignature):
        recover(DIGEST, signature)


def test_the_malleated_twin_would_recover_to_the_same_key_elsewhere() -> None:
    signer = Signer.generate()
    twin = malleated(signer.sign_digest(DIGEST))

    key = PrivateKey().public_key.from_signature_and_message(twin[:64] + bytes([twin[64] - 27]), DIGEST, hasher=None)

    assert keccak(key.format(compressed=False)[1:])[12:].hex() == signer.address[2:].lower()


def recovers_elsewhere(signature: bytes) -> bool:
    try:
        PublicKey.from_signature_and_message(signature[:64] + bytes([signature[64] - 27]), DIGEST, hasher=None)
    except Exception:  # noqa: BLE001  # coincurve raises a bare one
        return False
    return True


def test_a_v_of_29_is_refused_even_where_it_has_a_key() -> None:
    """A point whose x is above the order: libsecp256k1 knows it, `ecrecover` does not."""
    candidates = (r.to_bytes(32, "big") + (1).to_bytes(32, "big") + bytes([29]) for r in range(1, 100))
    signature = next(filter(recovers_elsewhere, candidates))

    with pytest.raises(MalformedSignature):
        recover(DIGEST, signature)


def test_errors_name_the_expected_signer() -> None:
    with pytest.raises(InvalidSignature) as caught:
        recover(DIGEST, b"", "0xabc")

    assert caught.value.expected == "0xabc"


def test_the_compact_form_holds_v_in_the_highest_bit_of_s() -> None:
    for v in (27, 28):
        r, vs = compact(b"\x01" * 32 + b"\x02" * 32 + bytes([v]))
        assert r == b"\x01" * 32
        assert int.from_bytes(vs, "big") >> 255 == v - 27
        assert int.from_bytes(vs, "big") & ~(1 << 255) == int.from_bytes(b"\x02" * 32, "big")


ANN, BOB = Signer(keccak(b"ann")), Signer(keccak(b"bob"))
HOME, NOTE = Domain(1, address("0x" + "77" * 20)), Note(id=keccak(b"id"), amount=5)
OTHERS = (Domain(2, HOME.contract), Domain(1, ANN.address))
GOOD = ANN.sign(HOME, NOTE).signature
WRONG_V = GOOD[:64] + bytes([55 - GOOD[64]])


def test_a_known_key_checks_what_recovering_checks() -> None:
    key = known_key(HOME, NOTE, GOOD, ANN.address)
    assert verify_known(HOME, NOTE, GOOD, ANN.address, key) == verify(HOME, NOTE, GOOD, ANN.address)
    later = Note(id=NOTE.id, amount=6)
    assert verify_known(HOME, later, ANN.sign(HOME, later).signature, ANN.address, key).message == later
    for domain, message, signature in [
        *((other, NOTE, GOOD) for other in OTHERS),
        (HOME, later, GOOD),
        (HOME, NOTE, BOB.sign(HOME, NOTE).signature),
        (HOME, NOTE, malleated(GOOD)),
        (HOME, NOTE, GOOD[:64]),
        (HOME, NOTE, GOOD[:64] + b"\0"),
        (HOME, NOTE, b""),
    ]:
        with pytest.raises(InvalidSignature):
            verify_known(domain, message, signature, ANN.address, key)


def test_of_a_known_keys_two_v_either_will_do() -> None:
    key = known_key(HOME, NOTE, GOOD, ANN.address)
    assert verify_known(HOME, NOTE, WRONG_V, ANN.address, key) == Signed(NOTE, ANN.address, WRONG_V)
    with pytest.raises(InvalidSignature):
        verify(HOME, NOTE, WRONG_V, ANN.address)


@pytest.mark.parametrize("signature", [WRONG_V, BOB.sign(HOME, NOTE).signature, malleated(GOOD), GOOD[:64], b""])
def test_a_key_is_learnt_only_from_its_own_signature(signature: bytes) -> None:
    with pytest.raises(InvalidSignature):
        known_key(HOME, NOTE, signature, ANN.address)
    for other in OTHERS:
        with pytest.raises(InvalidSignature):
            known_key(other, NOTE, GOOD, ANN.address)


@given(keys, st.integers(0, 2**96 - 1), st.booleans())
def test_the_right_v_is_found_for_every_signature(secret: bytes, amount: int, is_wrong: bool) -> None:
    signer, note = Signer(secret), Note(id=NOTE.id, amount=amount)
    good = signer.sign(HOME, note).signature
    given_v = 55 - good[64] if is_wrong else good[64]
    assert with_right_v(HOME, note, good[:64] + bytes([given_v]), signer.address) == good


@pytest.mark.parametrize(
    "signature",
    [BOB.sign(HOME, NOTE).signature, malleated(GOOD), b"", GOOD[:64], *(GOOD[:64] + bytes([v]) for v in (0, 29, 255))],
)
def test_what_the_signer_never_signed_has_no_right_v(signature: bytes) -> None:
    with pytest.raises(InvalidSignature):
        with_right_v(HOME, NOTE, signature, ANN.address)
