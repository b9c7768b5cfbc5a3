"""How a payer's signature lets the escrow take money: what is signed, and where it counts."""

from dataclasses import dataclass
from enum import IntEnum

from chain.erc3009 import ReceiveWithAuthorization
from chain.errors import Malformed
from chain.member import unhex
from chain.typed_data import Domain, TypedData
from chain.units import Address, Amount, Hash32, Seconds

LONGEST = 8_192
"""Bytes of an authorization: a wallet's signature may be long, but not without end."""
PERMIT2 = Address("0x000000000022D473030F116dDEE9F6B43aC78BA3")
"""Where Permit2 lives on every chain of the EVM's own kind."""


class Method(IntEnum):
    """By which consent a token is pulled, in the contract's order."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class EscrowFunding(TypedData):
    """Permit2's witness: what the money is for, a payment id or an Amend's digest."""

    type_string = "EscrowFunding(bytes32 id)"

    id: Hash32


@dataclass(frozen=True, kw_only=True, slots=True)
class PermitWitnessTransferFrom(TypedData):
    """Permit2's transfer by signature; it counts at `deadline` itself, too, but the escrow's verbs don't."""

    type_string = (
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,"
        "EscrowFunding witness)" + EscrowFunding.type_string + TokenPermissions.type_string
    )

    permitted: TokenPermissions
    spender: Address
    nonce: int
    deadline: Seconds
    witness: EscrowFunding


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """`amount` base units of `token` from `payer` to the escrow, for `subject` alone, before `deadline`."""

    token: Address
    payer: Address
    amount: Amount
    escrow: Address
    subject: Hash32
    deadline: Seconds

    def erc3009(self) -> ReceiveWithAuthorization:
        """To be signed under the token's own domain."""
        return ReceiveWithAuthorization(
            from_=self.payer,
            to=self.escrow,
            value=self.amount,
            valid_before=self.deadline,
            nonce=self.subject,
        )

    def permit2(self, nonce: int) -> PermitWitnessTransferFrom:
        """To be signed under `permit2_domain`; `nonce` is any that Permit2 has not seen of this payer."""
        return PermitWitnessTransferFrom(
            permitted=TokenPermissions(token=self.token, amount=self.amount),
            spender=self.escrow,
            nonce=nonce,
            deadline=self.deadline,
            witness=EscrowFunding(id=self.subject),
        )


def permit2_domain(chain_id: int) -> Domain:
    """Permit2's own; it has no version."""
    return Domain(chain_id, PERMIT2, "Permit2", None)


def permit2_authorization(nonce: int, signature: bytes) -> bytes:
    """What the escrow takes as a Permit2 authorization."""
    return nonce.to_bytes(32, "big") + signature


def authorization_bytes(data: object) -> bytes:
    """From 0x hex. Raises `Malformed`."""
    found = unhex("authorization", data)
    if len(found) > LONGEST:
        raise Malformed("authorization", f"it has {len(found)} bytes, more than {LONGEST}")
    return found
