"""What money takes of libsecp256k1, straight from coincurve's binding: its classes copy, and speak DER."""

from coincurve._libsecp256k1 import ffi, lib  # Its version is pinned to one major release.
from coincurve.context import GLOBAL_CONTEXT

from chain.units import Hash32

_CONTEXT = GLOBAL_CONTEXT.ctx
_NEW = ffi.new
_SIGNATURE = ffi.typeof("secp256k1_ecdsa_signature *")
_RECOVERABLE = ffi.typeof("secp256k1_ecdsa_recoverable_signature *")
_COMPACT = ffi.typeof("unsigned char[64]")
_INT = ffi.typeof("int *")
_V = (b"\x1b", b"\x1c")


def sign(secret: bytes, digest: Hash32) -> bytes:
    """65 bytes r, s, v with a low s and v of 27 or 28, deterministic (RFC 6979); `secret` is a valid private key."""
    signature, compact, parity = _NEW(_RECOVERABLE), _NEW(_COMPACT), _NEW(_INT)
    lib.secp256k1_ecdsa_sign_recoverable(_CONTEXT, signature, digest, secret, ffi.NULL, ffi.NULL)
    lib.secp256k1_ecdsa_recoverable_signature_serialize_compact(_CONTEXT, compact, parity, signature)
    return bytes(ffi.buffer(compact)) + _V[parity[0]]


class KnownKey:
    """A public key that has been recovered once: to check against it takes a fifth less than to recover it again.

    It answers for r and s alone. Of a signature's two v the contract takes one, which `chain.signing.with_right_v`
    finds when there is need of it.
    """

    __slots__ = ("_key",)

    def __init__(self, public_key: bytes) -> None:
        self._key = _NEW("secp256k1_pubkey *")
        if not lib.secp256k1_ec_pubkey_parse(_CONTEXT, self._key, public_key, len(public_key)):
            raise ValueError("these bytes are no public key")

    def has_signed(self, digest: Hash32, signature: bytes) -> bool:
        """Whether r and s are this key's for `digest`; never for an s in the upper half, which is malleable."""
        parsed = _NEW(_SIGNATURE)
        return (
            len(signature) == 65
            and signature[64] in (27, 28)
            and lib.secp256k1_ecdsa_signature_parse_compact(_CONTEXT, parsed, signature) == 1
            and lib.secp256k1_ecdsa_verify(_CONTEXT, parsed, digest, self._key) == 1
        )
