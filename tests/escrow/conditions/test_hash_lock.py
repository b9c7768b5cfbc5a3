import hashlib
from typing import Any

import pytest

from chain.errors import WrongLength
from chain.keccak import keccak
from chain.units import NO_HASH, Seconds
from escrow import conditions

PREIMAGE = bytes(range(32))
FACTS = conditions.Facts(chain_id=1, now=Seconds(2_000_000_000))
LOCKS = [
    conditions.hash_lock(sha256=hashlib.sha256(PREIMAGE).digest()),
    conditions.hash_lock(keccak=keccak(PREIMAGE)),
]


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize(
    ("shown", "released"),
    [
        (PREIMAGE, 1_000),
        (PREIMAGE[::-1], 0),
        (PREIMAGE[:31], 0),
        (PREIMAGE + b"\0", 0),
        (b"", 0),
    ],
)
def test_only_the_preimage_releases_and_then_all(lock: conditions.HashLock, shown: bytes, released: int) -> None:
    assert lock.proof(shown).released(NO_HASH, 1_000, FACTS) == released


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_preimage_of_another_length_opens_nothing_even_where_its_digest_fits(length: int) -> None:
    lock = conditions.hash_lock(keccak=keccak(bytes(length)))

    assert lock.proof(bytes(length)).released(NO_HASH, 1_000, FACTS) == 0


def test_the_two_hash_functions_make_two_conditions() -> None:
    by_sha256, by_keccak = conditions.hash_lock(sha256=keccak(b"")), conditions.hash_lock(keccak=keccak(b""))

    assert by_sha256.data_hash != by_keccak.data_hash


@pytest.mark.parametrize("digests", [{}, {"sha256": bytes(32), "keccak": bytes(32)}])
def test_a_hash_lock_says_which_function_made_its_one_digest(digests: dict[str, bytes]) -> None:
    with pytest.raises(TypeError):
        conditions.hash_lock(**digests)


@pytest.mark.parametrize("digest", [bytes(31), bytes(33), "00" * 32])
def test_a_digest_has_thirty_two_bytes(digest: Any) -> None:
    with pytest.raises(WrongLength):
        conditions.hash_lock(sha256=digest)
