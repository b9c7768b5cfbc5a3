"""A payer's signature that funds a payment: anyone may bring it to the chain, and it counts for nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from chain.errors import Malformed
from chain.member import Member
from chain.permit2 import Method, authorization_bytes
from chain.typed_data import Domain
from chain.units import Hash32, Seconds, address
from escrow.funding import Grant
from escrow.terms import Terms

_CHAIN_ID = Member("uint256", "chainId", "chain_id")
_MEMBERS = {"chainId", "contract", "terms", "method", "authorization"}


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedAuthorization:
    """Made by `Escrow.sign_authorization`; `authorization` is what the contract takes for this method."""

    terms: Terms
    domain: Domain
    method: Method
    authorization: bytes

    @property
    def payment_id(self) -> Hash32:
        """The only payment that it can fund."""
        return self.terms.payment_id(self.domain)

    def to_json(self) -> dict[str, Any]:
        """All that the one who brings it needs."""
        return {
            "chainId": str(self.domain.chain_id),
            "contract": self.domain.contract,
            "terms": self.terms.to_json(),
            "method": self.method.to_json(),
            "authorization": "0x" + self.authorization.hex(),
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        if not isinstance(data, Mapping) or set(data) != _MEMBERS:
            raise Malformed("authorization", f"its members are not {', '.join(sorted(_MEMBERS))}")
        chain_id = _CHAIN_ID.from_json(data["chainId"])
        _CHAIN_ID.check(chain_id)
        return cls(
            terms=Terms.from_json(data["terms"]),
            domain=Domain(chain_id, address(data["contract"])),
            method=Method.from_json(data["method"]),
            authorization=authorization_bytes(data["authorization"]),
        )


def grant_for(terms: Terms, domain: Domain) -> Grant:
    """What a token or Permit2 is asked to move for a payment: the id is the nonce or the witness."""
    return Grant(
        token=terms.token,
        payer=terms.payer,
        amount=terms.amount,
        escrow=domain.contract,
        subject=terms.payment_id(domain),
        deadline=Seconds(terms.fund_by),
    )
