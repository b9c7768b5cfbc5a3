"""The ABI's static types: one word of 32 bytes each."""

from chain.errors import WrongLength
from chain.units import Address, address, hash32

WORD = 32


def encode(*values: int | bytes | Address) -> bytes:
    """abi.encode of ints, negative ones too, addresses and bytes32."""
    return b"".join(map(_word, values))


def split(what: str, data: bytes, count: int) -> list[bytes]:
    """`data` as that many words. Raises `WrongLength`."""
    if len(data) != count * WORD:
        raise WrongLength(what, len(data), count * WORD)
    return [data[at : at + WORD] for at in range(0, len(data), WORD)]


def unsigned(word: bytes) -> int:
    """A uint, unchecked: its type's bounds are the reader's to check."""
    return int.from_bytes(word, "big")


def signed(word: bytes) -> int:
    """An int256."""
    return int.from_bytes(word, "big", signed=True)


def place(word: bytes) -> Address:
    """An address, from the low 20 bytes."""
    return address(word[12:])


def _word(value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return value.to_bytes(WORD, "big", signed=value < 0)
    return hash32("word", value) if isinstance(value, bytes) else bytes(12) + bytes.fromhex(value[2:])
