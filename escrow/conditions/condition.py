"""A condition says how much of an amount is released: an amount, not a yes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from chain.errors import Malformed
from chain.keccak import keccak
from chain.typed_data import unhex
from chain.units import Address, Hash32, Seconds, address
from escrow.conditions.facts import Facts, Round

if TYPE_CHECKING:
    from escrow.conditions.combinator import Combinator

CALL_GAS = 300_000
"""What the escrow gives a condition, and all that it and its children may use."""


class Condition(ABC):
    """A condition contract together with the data that the terms fix, and what that contract would answer.

    What a subclass doesn't say about itself is the worst that can be: nothing is sure, and all the gas is used.
    """

    __slots__ = ()

    contract: ClassVar[str]
    """The name of the contract, if it is one of ours."""

    @property
    def address(self) -> Address:
        """Where the contract lives; one of ours lives at the same address on every chain."""
        from chain.contracts import address_of  # brings eth-abi, which takes longer to import than all of escrow

        return address_of(self.contract)

    @property
    @abstractmethod
    def data(self) -> bytes:
        """What the terms hold the hash of."""

    @property
    def data_hash(self) -> Hash32:
        """The terms' `condition_hash`."""
        return keccak(self.data)

    @abstractmethod
    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """How much of `amount` is released in all; `subject` is the payment id. A malformed proof releases nothing."""

    @property
    def children(self) -> tuple["Condition", ...]:
        """The conditions that it is made of."""
        return ()

    @property
    def nothing_shown(self) -> bytes:
        """The proof that shows nothing."""
        return b""

    @property
    def longest_proof(self) -> int:
        """In bytes, as its builder makes it for plain keys."""
        return 0

    @property
    def depth(self) -> int:
        """How many levels of children there are below it."""
        return 1 + max(child.depth for child in self.children) if self.children else 0

    @property
    def gas(self) -> int:
        """What the contract must be given to judge the longest proof; a wallet or a feed is taken for a usual one."""
        return CALL_GAS

    @property
    def sure_from(self) -> Seconds | None:
        """The first second from which it releases all by itself, whatever anybody shows or keeps back."""
        return None

    @property
    def begins(self) -> Seconds | None:
        """The first second at which it releases anything by itself."""
        return None

    @property
    def reveals(self) -> bool:
        """Whether its proof holds a secret that a stranger could use once it is seen in the mempool."""
        return any(child.reveals for child in self.children)

    def most(self, amount: int) -> int:
        """The most of `amount` that any proof can release."""
        return amount

    def parts(self) -> Iterator["Condition"]:
        """It, and all that it is made of."""
        yield self
        for child in self.children:
            yield from child.parts()

    def met_by(self, parties: frozenset[Address]) -> bool:
        """Whether the signatures of `parties` alone can make it release something, without a secret or the clock."""
        return False

    def explain(self) -> str:
        """A phrase: what must be shown, or when."""
        return f"whatever the condition {self.address} takes for a proof"

    def to_json(self) -> dict[str, Any]:
        """What a counterparty needs to build the same condition, and to check it."""
        return {"address": self.address, "data": "0x" + self.data.hex()}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, for ours. Raises `UnknownCondition` and other `InvalidValue`."""
        from escrow.conditions.decoding import decode

        if not isinstance(data, Mapping) or set(data) != {"address", "data"}:
            raise Malformed("condition", "its members are not address, data")
        condition = decode(address(data["address"]), unhex("data", data["data"]))
        if not isinstance(condition, cls):
            raise Malformed("condition", f"it is {condition.contract}, not {cls.__name__}")
        return condition

    def __and__(self, other: "Condition") -> "Combinator":
        """Both: the smaller of the two amounts. Raises `InvalidValue`."""
        from escrow.conditions.combinators import AllOf

        return AllOf.joined(self, other)

    def __or__(self, other: "Condition") -> "Combinator":
        """Either: the larger of the two amounts. Raises `InvalidValue`."""
        from escrow.conditions.combinators import AnyOf

        return AnyOf.joined(self, other)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is shown to a condition, with the condition: a contract keeps only the hash of its data.

    `rounds` are what the feeds say to it, for the twin: the contract asks them itself.
    """

    condition: Condition
    shown: bytes
    rounds: tuple[Round, ...] = ()

    def released(self, subject: Hash32, amount: int, facts: Facts) -> int:
        """How much of `amount` this proof releases in all, never more than that."""
        released = self.condition.released(subject, amount, self.shown, facts.knowing(self.rounds))
        return min(released, amount)
