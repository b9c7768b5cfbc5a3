"""All, any, and at least k of some conditions."""

from dataclasses import dataclass
from itertools import chain
from typing import Self

from escrow.conditions import packed
from escrow.conditions.combinator import Combinator
from escrow.conditions.condition import Condition


class _Plain(Combinator):
    """A combinator whose data are its children alone, so that one inside another of its kind can be joined with it."""

    __slots__ = ()

    @property
    def data(self) -> bytes:
        """Packed: count 8 | for each child: condition 160 | length 16 | data."""
        return packed.children(self.children)

    @classmethod
    def joined(cls, *conditions: Condition) -> Self:
        """The same amount with fewer levels: the least of the least is the least of all."""
        parts = (condition.children if isinstance(condition, cls) else (condition,) for condition in conditions)
        return cls(tuple(chain.from_iterable(parts)))


@dataclass(frozen=True, slots=True)
class AllOf(_Plain):
    """Made by `all_of` and `&`. The twin of AllOf.sol."""

    contract = "AllOf"

    @property
    def needed(self) -> int:
        """Every one."""
        return len(self.children)

    def explain(self) -> str:
        """What."""
        return f"all of {self._list()}"


@dataclass(frozen=True, slots=True)
class AnyOf(_Plain):
    """Made by `any_of` and `|`. The twin of AnyOf.sol."""

    contract = "AnyOf"
    needed = 1

    def explain(self) -> str:
        """What."""
        return f"any of {self._list()}"


@dataclass(frozen=True, slots=True)
class AtLeast(Combinator):
    """Made by `at_least`. The twin of AtLeast.sol."""

    contract = "AtLeast"

    threshold: int

    @property
    def needed(self) -> int:
        """Its threshold."""
        return self.threshold

    @property
    def data(self) -> bytes:
        """Packed: k 8 | count 8 | for each child: condition 160 | length 16 | data."""
        return bytes([self.threshold]) + packed.children(self.children)

    def explain(self) -> str:
        """What."""
        return f"at least {self.threshold} of {self._list()}"


def all_of(*conditions: Condition) -> AllOf:
    """What all of them release: the smallest of their amounts. Raises `OutOfRange`, `ListedTwice`."""
    return AllOf(conditions)


def any_of(*conditions: Condition) -> AnyOf:
    """What any of them releases: the largest of their amounts. Raises `OutOfRange`, `ListedTwice`."""
    return AnyOf(conditions)


def at_least(threshold: int, *conditions: Condition) -> AtLeast:
    """What `threshold` of them release: the k-th largest of their amounts. Raises `OutOfRange`, `ListedTwice`."""
    return AtLeast(conditions, threshold)
