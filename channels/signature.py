"""Which signatures count, the twin of VoucherSignature.sol: those of plain keys, with a low s."""

from coincurve.utils import GROUP_ORDER_INT

from chain.errors import MalformedSignature
from chain.signing import recover
from chain.typed_data import Domain, TypedData
from chain.units import NOBODY, Address

_HALF_ORDER = GROUP_ORDER_INT // 2
_PARITY = 1 << 255


def signer_of(domain: Domain, message: TypedData, r: bytes, vs: bytes) -> Address:
    """Who signed, in the form that the contract takes (EIP-2098); the zero address where it would see no signature."""
    word = int.from_bytes(vs, "big")
    signature = r + (word & ~_PARITY).to_bytes(32, "big") + bytes([27 + (word >> 255)])
    try:
        return recover(domain.digest(message), signature, NOBODY)
    except MalformedSignature:
        return NOBODY


def require_form(signature: bytes, expected: Address) -> None:
    """Refuses before any cryptography what no key can have made: 65 bytes, v of 27 or 28, a low s.

    Raises `MalformedSignature`.
    """
    if len(signature) != 65:
        raise MalformedSignature(NOBODY, expected, f"it has {len(signature)} bytes, not 65")
    if signature[64] not in (27, 28):
        raise MalformedSignature(NOBODY, expected, f"v is {signature[64]}, not 27 or 28")
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        raise MalformedSignature(NOBODY, expected, "s is in the upper half: malleable")
