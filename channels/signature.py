"""Which signatures count, the twin of PlainKey.sol: those of plain keys, with a low s."""

from chain.errors import MalformedSignature
from chain.signing import recover
from chain.typed_data import Domain, TypedData
from chain.units import NOBODY, Address

_PARITY = 1 << 255


def signer_of(domain: Domain, message: TypedData, r: bytes, vs: bytes) -> Address:
    """Who signed, in the form that the contract takes (EIP-2098); the zero address where it would see no signature."""
    word = int.from_bytes(vs, "big")
    signature = r + (word & ~_PARITY).to_bytes(32, "big") + bytes([27 + (word >> 255)])
    try:
        return recover(domain.digest(message), signature, NOBODY)
    except MalformedSignature:
        return NOBODY
