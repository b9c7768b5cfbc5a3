"""How a payer's signature lets the escrow take money: what is signed, and where it counts."""

from dataclasses import dataclass

from chain.erc3009 import ReceiveWithAuthorization
from chain.permit2 import TokenPermissions, permit_type
from chain.typed_data import TypedData
from chain.units import Address, Amount, Hash32, Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class EscrowFunding(TypedData):
    """Permit2's witness: what the money is for, a payment id or an Amend's digest."""

    type_string = "EscrowFunding(bytes32 id)"

    id: Hash32


@dataclass(frozen=True, kw_only=True, slots=True)
class PermitWitnessTransferFrom(TypedData):
    """Permit2's transfer by signature; it counts at `deadline` itself, too, but the escrow's verbs don't."""

    type_string = permit_type(EscrowFunding)

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
