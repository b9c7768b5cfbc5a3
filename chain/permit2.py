"""How a payer's signature lets a contract take its money: by ERC-3009, or by Permit2, which any ERC-20 can use."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from chain.erc3009 import ReceiveWithAuthorization
from chain.errors import Malformed
from chain.member import unhex
from chain.typed_data import Domain, TypedData
from chain.units import Address, Hash32

LONGEST = 8_192
"""Bytes of an authorization: a wallet's signature may be long, but not without end."""
PERMIT2 = Address("0x000000000022D473030F116dDEE9F6B43aC78BA3")
"""Where Permit2 lives on every chain of the EVM's own kind."""


class Method(IntEnum):
    """By which consent a token is pulled, in the contracts' order."""

    ALLOWANCE = 0
    ERC3009 = 1
    PERMIT2 = 2

    def to_json(self) -> str:
        """Its name in small letters."""
        return self.name.lower()

    @classmethod
    def from_json(cls, data: object) -> "Method":
        """The strict inverse. Raises `Malformed`."""
        for method in cls:
            if data == method.to_json():
                return method
        raise Malformed("method", f"{data!r} is none of {', '.join(method.to_json() for method in cls)}")


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenPermissions(TypedData):
    """What Permit2 may move."""

    type_string = "TokenPermissions(address token,uint256 amount)"

    token: Address
    amount: int


class Grant(Protocol):
    """What a token or Permit2 is asked to move: for `subject` alone, the ERC-3009 nonce or behind Permit2's witness."""

    @property
    def token(self) -> Address:
        """Whose own domain an ERC-3009 authorization is signed under."""

    @property
    def subject(self) -> Hash32:
        """What the money is for; no other grant has it."""

    def erc3009(self) -> ReceiveWithAuthorization:
        """To be signed under the token's own domain."""

    def permit2(self, nonce: int) -> TypedData:
        """To be signed under `permit2_domain`; `nonce` is any that Permit2 has not seen of this payer."""


def permit_type(witness: type[TypedData]) -> str:
    """Permit2's transfer by signature, with what it is for; it counts at `deadline` itself, too."""
    name = witness.type_string.partition("(")[0]
    members = "TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline"
    nested = "".join(sorted((witness.type_string, TokenPermissions.type_string)))
    return f"PermitWitnessTransferFrom({members},{name} witness){nested}"


def permit2_domain(chain_id: int) -> Domain:
    """Permit2's own; it has no version."""
    return Domain(chain_id, PERMIT2, "Permit2", None)


def permit2_authorization(nonce: int, signature: bytes) -> bytes:
    """What our contracts take as a Permit2 authorization."""
    return nonce.to_bytes(32, "big") + signature


def authorization_bytes(data: object) -> bytes:
    """From 0x hex. Raises `Malformed`."""
    found = unhex("authorization", data)
    if len(found) > LONGEST:
        raise Malformed("authorization", f"it has {len(found)} bytes, more than {LONGEST}")
    return found
