"""What was agreed: the first record of every journal, from which anybody can compute the payment id."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from chain.keccak import keccak
from chain.member import Member, unhex
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Hash32, address
from escrow.conditions.condition import Condition
from escrow.journal.record import Record
from escrow.journal.strict_json import members
from escrow.terms import Terms

_CHAIN_ID = Member("uint256", "chainId", "chain_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement(Record):
    """The terms under one contract; `condition` is an address and its data, of which the terms hold the hash alone."""

    kind = "agreement"

    terms: Terms
    domain: Domain
    condition: tuple[Address, bytes] | None = None

    @classmethod
    def of(cls, terms: Terms, domain: Domain, condition: Condition | None = None) -> Self:
        """As the parties know it."""
        shown = None if condition is None else (condition.address, condition.data)
        return cls(terms=terms, domain=domain, condition=shown)

    @property
    def payment_id(self) -> Hash32:
        """Of these terms under this contract."""
        return self.terms.payment_id(self.domain)

    @property
    def condition_shown(self) -> bool:
        """Whether nothing is hidden: the condition is here, or none was agreed."""
        return self.terms.condition == NOBODY or self.condition is not None

    @property
    def condition_fits(self) -> bool:
        """Whether the condition, if one is here, is the one that the terms fix."""
        if self.condition is None:
            return True
        where, data = self.condition
        return (where, keccak(data)) == (self.terms.condition, self.terms.condition_hash)

    def to_json(self) -> dict[str, Any]:
        """Chain, contract and terms; `condition`, as `Condition.to_json` has it, is null where it is not shown."""
        shown = self.condition
        return {
            "chainId": _CHAIN_ID.to_json(self.domain.chain_id),
            "contract": self.domain.contract,
            "terms": self.terms.to_json(),
            "condition": None if shown is None else {"address": shown[0], "data": "0x" + shown[1].hex()},
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found: Mapping[str, Any] = members(cls.kind, data, "chainId", "contract", "terms", "condition")
        chain_id = _CHAIN_ID.from_json(found["chainId"])
        _CHAIN_ID.check(chain_id)
        return cls(
            terms=Terms.from_json(found["terms"]),
            domain=Domain(chain_id, address(found["contract"])),
            condition=None if found["condition"] is None else _condition(found["condition"]),
        )


def _condition(data: object) -> tuple[Address, bytes]:
    found = members("condition", data, "address", "data")
    return address(found["address"]), unhex("data", found["data"])
