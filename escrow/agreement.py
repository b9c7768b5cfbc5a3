"""Several payments that were agreed together: the steps of a job, or a sale and the bond for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from chain.errors import Malformed
from chain.money import Token
from chain.units import Address, Amount, uint
from escrow import linter
from escrow.conditions.condition import Condition
from escrow.errors import OtherToken
from escrow.finding import Finding
from escrow.milestones import bonded, milestones
from escrow.terms import Terms
from escrow.terms_errors import OtherCondition

_MEMBERS = {"name", "terms", "condition"}
LONGEST_NAME = 64
"""Characters. A name is shown before everything else, so it must not be able to hide or forge what follows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One payment under its name; the condition's data are nowhere else. Raises `Malformed`, `OtherCondition`."""

    name: str
    terms: Terms
    condition: Condition | None = None

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.name.isprintable() or len(self.name) > LONGEST_NAME:
            raise Malformed("name", f"{self.name[:LONGEST_NAME]!r} is no name for a part of an agreement")
        terms, given = self.terms, self.condition or self.terms.known()
        if given is not None and not terms.fixes(given):
            raise OtherCondition(terms.condition, terms.condition_hash, given.address, given.data_hash)
        object.__setattr__(self, "condition", given)
        object.__setattr__(self, "terms", replace(terms, known_condition=given))

    def to_json(self) -> dict[str, Any]:
        """`condition` is null where there is none, or it is not known."""
        condition = None if self.condition is None else self.condition.to_json()
        return {"name": self.name, "terms": self.terms.to_json(), "condition": condition}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        if not isinstance(data, Mapping) or set(data) != _MEMBERS:
            raise Malformed("part", f"its members are not {', '.join(sorted(_MEMBERS))}")
        if not isinstance(data["name"], str):
            raise Malformed("name", f"{data['name']!r} is no text")
        condition = None if data["condition"] is None else Condition.from_json(data["condition"])
        return cls(name=data["name"], terms=Terms.from_json(data["terms"]), condition=condition)


@dataclass(frozen=True, slots=True)
class Agreement(Mapping[str, Terms]):
    """Named terms in one token, in order. The first part's payer is the agreement's; what others pay in are bonds.

    Each payer funds its parts in one transaction. Raises `Malformed`, `OtherToken`, `OutOfRange`.
    """

    parts: tuple[Part, ...]

    milestones = classmethod(milestones)
    bonded = classmethod(bonded)

    def __post_init__(self) -> None:
        if not self.parts:
            raise Malformed("agreement", "it has no part")
        if len({part.name for part in self.parts}) < len(self.parts):
            raise Malformed("agreement", "two parts have one name")
        if len({part.terms.struct_hash() for part in self.parts}) < len(self.parts):
            raise Malformed("agreement", "two parts are one payment: give them salts of their own")
        for part in self.parts:
            if part.terms.token != self.token:
                raise OtherToken(part.terms.token, self.token)
        uint("total", self.total, 96)

    def __getitem__(self, name: str) -> Terms:
        return self._part(name).terms

    def __iter__(self) -> Iterator[str]:
        return (part.name for part in self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def terms(self, name: str) -> Terms:
        """Of one part. Raises `KeyError`."""
        return self[name]

    def condition(self, name: str) -> Condition | None:
        """Of one part. Raises `KeyError`."""
        return self._part(name).condition

    @property
    def token(self) -> Address:
        """Of all parts."""
        return self.parts[0].terms.token

    @property
    def payer(self) -> Address:
        """Of the first part, and of all that are no bonds."""
        return self.parts[0].terms.payer

    @property
    def total(self) -> Amount:
        """All that will be held, bonds included, in base units."""
        return Amount(sum(part.terms.amount for part in self.parts))

    def paid_by(self, payer: Address) -> tuple[Terms, ...]:
        """What one payer funds in one transaction, in order."""
        return tuple(part.terms for part in self.parts if part.terms.payer == payer)

    def check(self, *, now: int | None = None, token: Token | None = None) -> tuple[Finding, ...]:
        """What `Terms.check` finds in each part, and which bond does not cover its sale. Raises `TokenMismatch`."""
        found = [
            replace(finding, part=part.name)
            for part in self.parts
            for finding in part.terms.check(condition=part.condition, now=now, token=token)
        ]
        sales = self.paid_by(self.payer)
        for part in self.parts:
            if part.terms.payer != self.payer:
                found.extend(replace(finding, part=part.name) for finding in linter.check_bond(part.terms, sales))
        return linter.worst_first(found)

    def require_sound(self, *, accept: Iterable[str] = (), now: int | None = None, token: Token | None = None) -> None:
        """`accept` names risks that the signer takes, in any part. Raises `Unsound`."""
        linter.require_sound(self.check(now=now, token=token), accept=accept)

    def explain(self, token: Token | None = None) -> str:
        """Each part in plain English, under its name. Raises `TokenMismatch`."""
        texts = (f"{part.name}\n\n{part.terms.explain(token, condition=part.condition)}" for part in self.parts)
        return "\n".join(texts)

    def to_json(self) -> dict[str, Any]:
        """For the counterparty, who needs the conditions' data."""
        return {"parts": [part.to_json() for part in self.parts]}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`, `UnknownCondition` for a condition that is not ours."""
        if not isinstance(data, Mapping) or set(data) != {"parts"} or not isinstance(data["parts"], list):
            raise Malformed("agreement", "it is not a list of parts")
        return cls(tuple(map(Part.from_json, data["parts"])))

    def _part(self, name: str) -> Part:
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)
