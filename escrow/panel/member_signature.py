"""One member's word, as it travels to whoever assembles a panel's signature."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic

from chain.errors import Malformed
from chain.signing import M
from chain.typed_data import Domain, unhex
from chain.units import Address, address

_MEMBERS = ("message", "chainId", "contract", "member", "signature", "byWallet")


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberSignature(Generic[M]):
    """A message for the contract of `domain`, signed by a member for one panel; `ArbiterPanel.check` checks it."""

    message: M
    domain: Domain
    member: Address
    signature: bytes
    by_wallet: bool = False
    """The member is a contract, and only the chain can say whether it signed (ERC-1271)."""

    def to_json(self) -> dict[str, Any]:
        """With the whole message, so that a reader knows what was signed."""
        return {
            "message": self.message.to_json(),
            "chainId": str(self.domain.chain_id),
            "contract": self.domain.contract,
            "member": self.member,
            "signature": "0x" + self.signature.hex(),
            "byWallet": self.by_wallet,
        }

    @classmethod
    def from_json(cls, kind: type[M], data: object) -> "MemberSignature[M]":
        """The strict inverse, for a message of `kind`. Raises `InvalidValue`."""
        if not isinstance(data, Mapping) or set(data) != set(_MEMBERS):
            raise Malformed("member's signature", f"its members are not {', '.join(_MEMBERS)}")
        chain_id, by_wallet = data["chainId"], data["byWallet"]
        if not isinstance(chain_id, str) or not re.fullmatch(r"[1-9][0-9]{0,76}", chain_id):
            raise Malformed("chainId", f"{chain_id!r} is not a decimal number")
        if not isinstance(by_wallet, bool):
            raise Malformed("byWallet", f"{by_wallet!r} is not true or false")
        return MemberSignature(
            message=kind.from_json(data["message"]),
            domain=Domain(int(chain_id), address(data["contract"])),
            member=address(data["member"]),
            signature=unhex("signature", data["signature"]),
            by_wallet=by_wallet,
        )
