"""A condition made of others: what k of them release. The twin of Combinator.sol."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from chain.units import Address, Hash32, Seconds, within
from escrow.conditions import packed
from escrow.conditions.condition import CALL_GAS, Condition, Proof
from escrow.conditions.errors import ListedTwice, NotAChild
from escrow.conditions.facts import Facts
from escrow.conditions.order import kth_largest, kth_smallest

MAX_CHILDREN = 8
MAX_DEPTH = 3
"""Of combinators. On chain nothing but gas bounds it."""
_OWN_GAS, _CHILD_GAS = 2_500, 5_000


@dataclass(frozen=True, slots=True)
class Combinator(Condition):
    """1 to 8 children, taken in any order and kept by their hash, none of them twice.

    Raises `OutOfRange` (too many, too deep, or in need of more gas than there is), `ListedTwice`.
    """

    children: tuple[Condition, ...] = field()  # Without this the base's property would be taken for a default.

    def __post_init__(self) -> None:
        within("children", len(self.children), 1, MAX_CHILDREN)
        children = tuple(sorted(self.children, key=packed.order))
        for left, right in pairwise(children):
            if packed.order(left) == packed.order(right):
                raise ListedTwice(left.explain())
        object.__setattr__(self, "children", children)
        within("needed", self.needed, 1, len(children))
        within("depth", self.depth, 1, MAX_DEPTH)
        within("gas", self.gas, 0, CALL_GAS)

    @property
    @abstractmethod
    def needed(self) -> int:
        """How many of the children must release an amount, so that it is released."""

    @property
    def gas(self) -> int:
        """As much as lets the contract give each child, by even shares, what the neediest of them needs."""
        share = -(-max(child.gas for child in self.children) * 64 // 63) + 1
        return _OWN_GAS + len(self.data) + self.longest_proof + len(self.children) * (_CHILD_GAS + share)

    @property
    def nothing_shown(self) -> bytes:
        """A proof of the right form: a child that needs none may release all the same."""
        return self._shown({}, set())

    @property
    def longest_proof(self) -> int:
        """All of its children's."""
        return sum(packed.SIZE_BYTES + child.longest_proof for child in self.children)

    @property
    def sure_from(self) -> Seconds | None:
        """When enough of its children are sure."""
        return kth_smallest((child.sure_from for child in self.children), self.needed)

    @property
    def begins(self) -> Seconds | None:
        """When enough of its children have begun."""
        return kth_smallest((child.begins for child in self.children), self.needed)

    def most(self, amount: int) -> int:
        """What enough of its children can release."""
        return kth_largest((child.most(amount) for child in self.children), self.needed)

    def met_by(self, parties: frozenset[Address]) -> bool:
        """Whether enough of its children are met by them."""
        return sum(child.met_by(parties) for child in self.children) >= self.needed

    def proof(self, *proofs: Proof) -> Proof:
        """From proofs for any of its parts, at any depth, in any order; what is missing shows nothing.

        Raises `ListedTwice`, `NotAChild`.
        """
        given: dict[Condition, bytes] = {}
        for proof in proofs:
            if proof.condition in given:
                raise ListedTwice(f"a proof for {proof.condition.explain()}")
            given[proof.condition] = proof.shown
        used: set[Condition] = set()
        shown = self._shown(given, used)
        for stray in given.keys() - used:
            raise NotAChild(stray.explain(), self.explain())
        return Proof(self, shown, tuple(found for proof in proofs for found in proof.rounds))

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """What at least `needed` of the children release."""
        parts = packed.split(shown)
        if len(parts) != len(self.children):
            return 0
        asked = zip(self.children, parts, strict=True)
        answers = (min(child.released(subject, amount, part, facts), amount) for child, part in asked)
        return kth_largest(answers, self.needed)

    def _shown(self, given: Mapping[Condition, bytes], used: set[Condition]) -> bytes:
        """`used` gains what was found to be given."""
        return b"".join(packed.sized(self._part(child, given, used)) for child in self.children)

    @staticmethod
    def _part(child: Condition, given: Mapping[Condition, bytes], used: set[Condition]) -> bytes:
        if child in given:
            used.add(child)
            return given[child]
        return child._shown(given, used) if isinstance(child, Combinator) else child.nothing_shown  # noqa: SLF001

    def _list(self) -> str:
        return f"({'; '.join(child.explain() for child in self.children)})"
