"""A signer's word for a condition, as it travels to whoever shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Self

from chain.errors import Malformed, MalformedSignature
from chain.member import Member
from chain.signing import M, recover
from chain.typed_data import Domain, unhex
from chain.units import NOBODY, Address, Hash32, address

_PARITY = 1 << 255
_CHAIN_ID = Member("uint256", "chainId", "chain_id")
_MEMBERS = ("message", "chainId", "contract", "signer", "signature")


def signer_of(digest: Hash32, signature: bytes) -> Address:
    """Whose key signed, the zero address if none: the twin of PlainKey.sol, which takes 65 bytes or 64 (EIP-2098)."""
    if len(signature) == 64:
        word = int.from_bytes(signature[32:], "big")
        signature = signature[:32] + (word & ~_PARITY).to_bytes(32, "big") + bytes([27 + (word >> 255)])
    try:
        return recover(digest, signature)
    except MalformedSignature:
        return NOBODY


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedWord(Generic[M]):
    """Unchecked until a condition reads it; of a wallet's signature (ERC-1271) only the chain can say if it counts."""

    message: M
    domain: Domain
    signer: Address
    signature: bytes

    def __post_init__(self) -> None:
        if len(self.signature) >= 1 << 16:
            raise Malformed("signature", f"{len(self.signature)} bytes are more than a proof can hold")

    @property
    def by_key(self) -> bool:
        """Whether the signer's own key made it, so that nobody else needs to be asked."""
        return signer_of(self.domain.digest(self.message), self.signature) == self.signer

    def to_json(self) -> dict[str, Any]:
        """With the whole message, so that a reader knows what was signed."""
        return {
            "message": self.message.to_json(),
            "chainId": str(self.domain.chain_id),
            "contract": self.domain.contract,
            "signer": self.signer,
            "signature": "0x" + self.signature.hex(),
        }

    @classmethod
    def read(cls, kind: type[M], data: object) -> Self:
        """The strict inverse, for a message of `kind`. Raises `InvalidValue`."""
        if not isinstance(data, Mapping) or set(data) != set(_MEMBERS):
            raise Malformed("signed word", f"its members are not {', '.join(_MEMBERS)}")
        chain_id = _CHAIN_ID.from_json(data["chainId"])
        _CHAIN_ID.check(chain_id)
        return cls(
            message=kind.from_json(data["message"]),
            domain=Domain(chain_id, address(data["contract"])),
            signer=address(data["signer"]),
            signature=unhex("signature", data["signature"]),
        )
