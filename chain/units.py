"""Numbers and bytes that carry their unit in their type."""

import re
from typing import NewType

from tiny_keccak import keccak256

from chain.errors import NotAnAddress, OutOfRange, WrongLength

Amount = NewType("Amount", int)
"""Base units of one token, 0 to 2**96 - 1."""
Seconds = NewType("Seconds", int)
"""A Unix time, or a length, in whole seconds."""
Bps = NewType("Bps", int)
"""Hundredths of a percent, 0 to 10,000."""
Address = NewType("Address", str)
"""An EIP-55 checksummed address."""
Hash32 = NewType("Hash32", bytes)
"""Thirty-two bytes."""

MAX_AMOUNT = Amount(2**96 - 1)
ALL_BPS = Bps(10_000)
NO_HASH = Hash32(bytes(32))
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
NOBODY = Address("0x" + "00" * 20)
"""The zero address: the native currency as a token, nobody as a party."""


def address(value: object) -> Address:
    """`value` as an address; mixed case must be a right EIP-55 checksum, one-case hex is taken as it is.

    Raises `NotAnAddress`.
    """
    if isinstance(value, bytes | bytearray) and len(value) == 20:
        return _checksummed(value.hex())
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise NotAnAddress(value, "it is not 0x and 40 hex digits")
    digits, checksummed = value[2:], _checksummed(value[2:].lower())
    if digits not in {digits.lower(), digits.upper()} and value != checksummed:
        raise NotAnAddress(value, "its EIP-55 checksum is wrong, so a digit is wrong or was changed")
    return checksummed


def uint(name: str, value: object, bits: int) -> int:
    """`value` if it is an int (a bool is none) that fits uint<bits>. Raises `OutOfRange`."""
    if type(value) is not int or not 0 <= value < 1 << bits:
        raise OutOfRange(name, value, 0, (1 << bits) - 1)
    return value


def within(name: str, value: object, minimum: int, maximum: int) -> int:
    """`value` if it is an int (a bool is none) from `minimum` to `maximum`. Raises `OutOfRange`."""
    if type(value) is not int or not minimum <= value <= maximum:
        raise OutOfRange(name, value, minimum, maximum)
    return value


def hash32(name: str, value: object) -> Hash32:
    """`value` if it is thirty-two bytes. Raises `WrongLength`."""
    if not isinstance(value, bytes) or len(value) != 32:
        raise WrongLength(name, len(value) if isinstance(value, bytes) else 0, 32)
    return Hash32(value)


def _checksummed(digits: str) -> Address:
    """EIP-55 of 40 lower-case digits; by hand, since importing eth_utils for it takes a third of a second."""
    nibbles = keccak256(digits.encode()).hex()
    return Address("0x" + "".join(d.upper() if n >= "8" else d for d, n in zip(digits, nibbles, strict=False)))
