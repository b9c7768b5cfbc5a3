import pytest
from eth_hash.auto import keccak as theirs
from hypothesis import given
from hypothesis import strategies as st

from chain.keccak import keccak


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_it_is_ethereums_hash_and_not_sha3(data: bytes, digest: str) -> None:
    assert keccak(data).hex() == digest


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 64, 135, 136, 137, 271, 272, 273, 100_000])
def test_every_length_is_hashed_as_another_library_does(size: int) -> None:
    """136 bytes are one block: padding has its edges there."""
    data = bytes(number % 251 for number in range(size))
    assert keccak(data) == theirs(data)


@given(st.binary(max_size=300))
def test_whatever_is_hashed_another_library_agrees(data: bytes) -> None:
    assert keccak(data) == theirs(data)
    assert type(keccak(data)) is bytes


@pytest.mark.parametrize("data", ["text", 5, None])
def test_only_bytes_are_hashed(data: object) -> None:
    with pytest.raises(TypeError):
        keccak(data)  # type: ignore[arg-type]
