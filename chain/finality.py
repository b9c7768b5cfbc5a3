"""When what a block says is counted on: a policy, and the reason for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chain.double_spend import DEEPEST, Formula, chance, confirmations, require_risk
from chain.errors import ChainError, Malformed
from chain.money import Money, Token
from chain.units import uint, within

FinalTag = Literal["safe", "finalized"]
_PAPERS = {"rosenfeld": "Rosenfeld 2014", "nakamoto": "Nakamoto 2008"}
_SAFE = "the node's `safe` block: most validators have voted for it, and it is undone only if many of them are at fault"
_FINALIZED = "the node's `finalized` block: it is undone only if a third of the stake is destroyed, or by its operators"


class FinalBlockUnknown(ChainError):
    """The node has no block of that name yet, or never will: choose another finality, or another node."""

    says = "the node can't say which block is {tag}: {why}"
    tag: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Finality:
    """Made by `confirmations`, `safe`, `finalized`, `instant` or `risk`.

    One of these at most: `tag`, the block's name where the node is believed; `blocks`, a depth of which the newest
    block is the first; `odds`, from which a depth follows. With none the newest block counts.
    """

    tag: FinalTag | None = None
    blocks: int | None = None
    odds: "Odds | None" = None

    def __post_init__(self) -> None:
        if self.tag not in {None, "safe", "finalized"}:
            raise Malformed("finality", f"{self.tag!r} is none of safe, finalized")
        if [self.tag, self.blocks, self.odds].count(None) < 2:
            raise Malformed("finality", "a tag, a depth and odds exclude each other")
        if self.blocks is not None:
            within("confirmations", self.blocks, 1, DEEPEST)

    @classmethod
    def confirmations(cls, blocks: int) -> "Finality":
        """As deep as so many blocks, itself counted: 1 is the newest block. Raises `OutOfRange`."""
        return cls(blocks=blocks)

    @classmethod
    def safe(cls) -> "Finality":
        """What the node calls `safe`: sooner than `finalized`, with less behind it."""
        return cls(tag="safe")

    @classmethod
    def finalized(cls) -> "Finality":
        """What the node calls `finalized`."""
        return cls(tag="finalized")

    @classmethod
    def instant(cls) -> "Finality":
        """The newest block: right where blocks are never undone, and a gift to anybody who can undo one elsewhere."""
        return cls()

    @classmethod
    def risk(
        cls,
        attacker: float = 0.10,
        accept: float = 1e-3,
        formula: Formula = "rosenfeld",
        *,
        stake: Money | None = None,
    ) -> "Finality":
        """For proof of work: so deep that an attacker with that share of the power undoes it with at most `accept`.

        One reorganisation undoes every deposit of its window. With a `stake`, `accept` holds while all credit together
        that it could undo is at most that; beyond, the depth grows, so that no more than `accept * stake` is lost on
        average. Raises `ImpossibleRisk`, `Malformed`.
        """
        return cls(odds=Odds(attacker=attacker, accept=accept, formula=formula, stake=stake))

    @property
    def stake(self) -> Money | None:
        """The sum that the accepted chance was meant for; None where it is for any sum."""
        return self.odds.stake if self.odds else None

    @property
    def is_instant(self) -> bool:
        """Whether a network's head is final."""
        return (self.tag, self.blocks, self.odds) == (None, None, None)

    def depth(self, unfinal: int = 0) -> int:
        """How deep a block is when it is final, while so much credit is not, in the stake's base units.

        It is 1 for the newest block, and for a block that the node names: how deep that is, only the node knows.
        Raises `OutOfRange`, and `ImpossibleRisk` where no depth is enough.
        """
        uint("unfinal", unfinal, 256)
        return self.odds.depth(unfinal) if self.odds else self.blocks or 1

    def covering(self, unfinal: int) -> "Finality":
        """The same policy at the depth that so much unfinal credit needs."""
        return self if self.stake is None else Finality(blocks=self.depth(unfinal))

    def explain(self) -> str:
        """What is final, and why, in a sentence."""
        if self.tag:
            return _SAFE if self.tag == "safe" else _FINALIZED
        if self.odds:
            return f"{_blocks(self.odds.depth(0))}: {self.odds}"
        return _blocks(self.blocks or 1)

    def to_json(self) -> Any:
        """A word, or the policy's name with its numbers; as the networks' files have it."""
        if self.odds:
            return {"risk": self.odds.to_json()}
        return {"confirmations": self.blocks} if self.blocks else self.tag or "instant"

    @classmethod
    def from_json(cls, data: Any, token: Token | None = None) -> "Finality":
        """What `to_json` gave; a stake is in `token`. Raises `InvalidValue`."""
        if isinstance(data, str) and data in _WORDS:
            return _WORDS[data]()
        if not isinstance(data, dict) or len(data) != 1:
            raise Malformed("finality", f"{data!r} is none of {', '.join(_WORDS)}, confirmations, risk")
        (kind, numbers), *_ = data.items()
        if kind == "confirmations":
            return cls.confirmations(numbers)
        if kind != "risk" or not isinstance(numbers, dict) or not numbers.keys() <= set(_NUMBERS):
            raise Malformed("finality", f"{data!r} is neither confirmations nor a risk by {', '.join(_NUMBERS)}")
        stake = numbers.get("stake")
        return cls.risk(**numbers | {"stake": None if stake is None else _stake(stake, token)})


@dataclass(frozen=True, kw_only=True, slots=True)
class Odds:
    """What an attacker is thought to have, and what chance it may have. Raises `ImpossibleRisk`, `Malformed`."""

    attacker: float
    accept: float
    formula: Formula
    stake: Money | None

    def __post_init__(self) -> None:
        require_risk(self.attacker, self.accept)
        chance(self.attacker, 1, self.formula)
        if self.stake is not None and not self.stake:
            raise Malformed("stake", "nothing can't be staked: leave it out")

    def depth(self, unfinal: int) -> int:
        """The least depth n with chance(n) * unfinal <= accept * stake, and chance(n) <= accept."""
        staked = self.stake.units if self.stake else 0
        share = staked / unfinal if 0 < staked < unfinal else 1.0
        return confirmations(self.attacker, self.accept * share, self.formula)

    def to_json(self) -> dict[str, Any]:
        """Its numbers."""
        numbers = {"attacker": self.attacker, "accept": self.accept, "formula": self.formula}
        return numbers if self.stake is None else numbers | {"stake": self.stake.to_json()}

    def __str__(self) -> str:
        undone = chance(self.attacker, self.depth(0), self.formula)
        says = f"an attacker with {self.attacker:.4g} of the power undoes them with a chance of {undone:.2g}"
        most = f" while all credit together that it could undo is at most {self.stake}" if self.stake else ""
        return f"{says}, {self.accept:.4g} is accepted{most} ({_PAPERS[self.formula]})"


_WORDS: Mapping[str, Callable[[], Finality]] = {
    "instant": Finality.instant,
    "safe": Finality.safe,
    "finalized": Finality.finalized,
}
_NUMBERS = ("attacker", "accept", "formula", "stake")


def _stake(data: Any, token: Token | None) -> Money:
    units = data.get("units") if isinstance(data, dict) else None
    if token is None or not isinstance(units, str) or not units.isdecimal() or data.get("token") != token.address:
        raise Malformed("stake", f"{data!r} is no amount of {token.symbol if token else 'a token that was handed in'}")
    return token.units(int(units))


def _blocks(number: int) -> str:
    return "the newest block" if number == 1 else f"{number} blocks deep, itself counted"
