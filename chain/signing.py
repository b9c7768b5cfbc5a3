"""Signatures that the contracts accept too: 65 bytes r, s, v with a low s and v of 27 or 28."""

from typing import Generic, TypeVar

import msgspec
from coincurve import PublicKey

from chain.errors import InvalidSignature, MalformedSignature
from chain.keccak import keccak
from chain.secp256k1 import KnownKey
from chain.typed_data import Domain, TypedData
from chain.units import NOBODY, Address, Hash32, address

_HALF_ORDER = bytes.fromhex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0")
M = TypeVar("M", bound=TypedData)


class Signed(msgspec.Struct, Generic[M], frozen=True, gc=False):
    """A message whose signature has been checked: only `verify`, `verify_known` and `Signer.sign` make one."""

    message: M
    signer: Address
    signature: bytes


def address_of(public_key: PublicKey) -> Address:
    """The account of a secp256k1 key."""
    return address(_account(public_key))


def recover(digest: Hash32, signature: bytes, expected: str = "anybody") -> Address:
    """Whose 65-byte signature of `digest` this is. Raises `MalformedSignature` for what the contracts refuse."""
    return address(_signer(digest, signature, expected))


def verify(domain: Domain, message: M, signature: bytes, signer: Address) -> Signed[M]:
    """`message` as signed by `signer` for `domain`. Raises `InvalidSignature`."""
    found = _signer(domain.digest(message), signature, signer)
    if found != bytes.fromhex(signer[2:]):  # As bytes: this is a hot path, and only a refusal needs the checksum.
        raise InvalidSignature(address(found), signer)
    return Signed(message, signer, signature)


def verify_known(domain: Domain, message: M, signature: bytes, signer: Address, key: KnownKey) -> Signed[M]:
    """As `verify`, and faster, where `key` is known to be the signer's; either v will do: see `with_right_v`.

    Raises `InvalidSignature`.
    """
    if key.has_signed(domain.digest(message), signature):
        return Signed(message, signer, signature)
    return verify(domain, message, signature, signer)


def known_key(domain: Domain, message: TypedData, signature: bytes, signer: Address) -> KnownKey:
    """The key behind an address, from something that it signed. Raises `InvalidSignature`."""
    key = _key(domain.digest(message), signature, signer)
    found = _account(key)
    if found != bytes.fromhex(signer[2:]):
        raise InvalidSignature(address(found), signer)
    return KnownKey(key.format(compressed=False))


def with_right_v(domain: Domain, message: TypedData, signature: bytes, signer: Address) -> bytes:
    """The signature with the one v that the contracts take for it. Raises `InvalidSignature`."""
    require_form(signature, signer)
    digest, account = domain.digest(message), bytes.fromhex(signer[2:])
    for v in (signature[64:], bytes([55 - signature[64]])):
        if _account(_key(digest, signature[:64] + v, signer)) == account:
            return signature[:64] + v
    raise InvalidSignature(recover(digest, signature, signer), signer)


def require_form(signature: bytes, expected: str) -> None:
    """Refuses before any cryptography what no key can have made: 65 bytes, v of 27 or 28, a low s.

    Raises `MalformedSignature`.
    """
    if len(signature) != 65:
        raise MalformedSignature(NOBODY, expected, f"it has {len(signature)} bytes, not 65")
    if signature[64] not in (27, 28):
        raise MalformedSignature(NOBODY, expected, f"v is {signature[64]}, not 27 or 28")
    if signature[32:64] > _HALF_ORDER:
        raise MalformedSignature(NOBODY, expected, "s is in the upper half: malleable")


def compact(signature: bytes) -> tuple[bytes, bytes]:
    """The 64-byte form (EIP-2098) as (r, vs) of a 65-byte signature."""
    s = int.from_bytes(signature[32:64], "big") | ((signature[64] - 27) << 255)
    return signature[:32], s.to_bytes(32, "big")


def _signer(digest: Hash32, signature: bytes, expected: str) -> bytes:
    return _account(_key(digest, signature, expected))


def _key(digest: Hash32, signature: bytes, expected: str) -> PublicKey:
    require_form(signature, expected)
    try:
        return PublicKey.from_signature_and_message(signature[:64] + bytes([signature[64] - 27]), digest, hasher=None)
    except Exception as error:  # coincurve raises a bare Exception where no key exists
        raise MalformedSignature(NOBODY, expected, str(error)) from error


def _account(public_key: PublicKey) -> bytes:
    return keccak(public_key.format(compressed=False)[1:])[12:]
