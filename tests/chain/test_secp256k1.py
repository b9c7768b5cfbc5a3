from collections.abc import Callable

import pytest
from coincurve import PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from chain import Hash32
from chain.keccak import keccak
from chain.secp256k1 import KnownKey, sign

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
DIGEST, SECRET = keccak(b"digest"), keccak(b"secret")
keys = st.integers(1, ORDER - 1).map(lambda number: number.to_bytes(32, "big"))
digests = st.binary(min_size=32, max_size=32).map(Hash32)


def known(secret: bytes, *, compressed: bool = False) -> KnownKey:
    return KnownKey(PrivateKey(secret).public_key.format(compressed=compressed))


@given(keys, digests)
def test_a_signature_is_the_one_of_coincurve(secret: bytes, digest: Hash32) -> None:
    theirs = PrivateKey(secret).sign_recoverable(digest, hasher=None)
    assert sign(secret, digest) == theirs[:64] + bytes([theirs[64] + 27])


@given(keys, digests, st.booleans())
def test_a_key_knows_what_it_has_signed(secret: bytes, digest: Hash32, compressed: bool) -> None:
    assert known(secret, compressed=compressed).has_signed(digest, sign(secret, digest))


@given(keys, digests, st.integers(0, 64), st.integers(1, 255))
def test_a_key_knows_nothing_that_was_changed(secret: bytes, digest: Hash32, place: int, change: int) -> None:
    """But for v, of which either will do."""
    signature = bytearray(sign(secret, digest))
    signature[place] ^= change
    is_a_v = place == 64 and signature[64] in (27, 28)
    assert known(secret).has_signed(digest, bytes(signature)) is is_a_v


def test_a_key_knows_its_own_digests_alone() -> None:
    signature = sign(SECRET, DIGEST)
    assert not known(SECRET).has_signed(keccak(b"another"), signature)
    assert not known(keccak(b"another")).has_signed(DIGEST, signature)


def malleated(signature: bytes) -> bytes:
    high = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + high.to_bytes(32, "big") + bytes([55 - signature[64]])


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (lambda s: s[:64] + bytes([55 - s[64]]), True),
        (malleated, False),
        (lambda s: malleated(s)[:64] + s[64:], False),
        (lambda s: s[:64] + b"\0", False),
        (lambda s: s[:64] + b"\1", False),
        (lambda s: s[:64] + bytes([26]), False),
        (lambda s: s[:64] + bytes([29]), False),
        (lambda s: b"", False),
        (lambda s: s[:64], False),
        (lambda s: s + b"\x1b", False),
        (lambda s: bytes(32) + s[32:], False),
        (lambda s: s[:32] + bytes(32) + s[64:], False),
        (lambda s: b"\xff" * 32 + s[32:], False),
        (lambda s: s[:32] + ORDER.to_bytes(32, "big") + s[64:], False),
    ],
)
def test_what_the_contracts_would_not_take_in_any_form_is_not_known(
    change: Callable[[bytes], bytes], counts: bool
) -> None:
    assert known(SECRET).has_signed(DIGEST, change(sign(SECRET, DIGEST))) is counts


@pytest.mark.parametrize("public", [b"", bytes(33), bytes(65), b"\4" + b"\xff" * 64, b"\2" * 32])
def test_what_is_no_point_is_no_key(public: bytes) -> None:
    with pytest.raises(ValueError, match="no public key"):
        KnownKey(public)
