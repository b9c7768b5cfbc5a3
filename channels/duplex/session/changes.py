"""What a proposal changes in the newest state; whoever proposes means itself by "proposer"."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from chain.errors import Malformed
from chain.member import Member, unhex
from chain.refusals import InvalidAmount
from chain.units import Amount, Hash32, hash32, uint
from channels.duplex.promise import DuplexPromise
from channels.strict import members

_AMOUNT, _FOLD, _DROP = Member("uint96", "amount", "amount"), *(Member("bytes32", n, n) for n in ("fold", "drop"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Pay:
    """The proposer owes the other party `amount` base units more. Raises `InvalidAmount`, `OutOfRange`."""

    amount: Amount

    def __post_init__(self) -> None:
        _require_some(self.amount)

    def to_json(self) -> dict[str, Any]:
        """The amount as a decimal string."""
        return {"pay": _AMOUNT.to_json(self.amount)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        return cls(amount=_AMOUNT.from_json(members("payment", data, {"pay"})["pay"]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """The proposer makes this promise. Raises `InvalidAmount`."""

    promise: DuplexPromise

    def __post_init__(self) -> None:
        _require_some(self.promise.amount)

    def to_json(self) -> dict[str, Any]:
        """The promise in full."""
        return {"offer": self.promise.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        return cls(promise=DuplexPromise.from_json(members("offer", data, {"offer"})["offer"]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """The promise of this hash goes, and what it was worth moves into the net; `shown` is the proof for it.

    Without `shown` it is what is recorded on chain, or what the promise's owner gives by itself.
    Raises `InvalidAmount`, `OutOfRange`, `WrongLength`.
    """

    promise_hash: Hash32
    amount: Amount
    shown: bytes = b""

    def __post_init__(self) -> None:
        hash32("promise_hash", self.promise_hash)
        _require_some(self.amount)

    def to_json(self) -> dict[str, Any]:
        """Hash and proof as 0x hex, the amount as a decimal string."""
        return {
            "fold": _FOLD.to_json(self.promise_hash),
            "amount": _AMOUNT.to_json(self.amount),
            "shown": "0x" + self.shown.hex(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found = members("fold", data, {"fold", "amount", "shown"})
        return cls(
            promise_hash=_FOLD.from_json(found["fold"]),
            amount=_AMOUNT.from_json(found["amount"]),
            shown=unhex("shown", found["shown"]),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Drop:
    """The promise of this hash goes for nothing: it has expired unproven, or it is given up. Raises `WrongLength`."""

    amount: ClassVar[Amount] = Amount(0)
    shown: ClassVar[bytes] = b""
    promise_hash: Hash32

    def __post_init__(self) -> None:
        hash32("promise_hash", self.promise_hash)

    def to_json(self) -> dict[str, Any]:
        """The hash as 0x hex."""
        return {"drop": _DROP.to_json(self.promise_hash)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        return cls(promise_hash=_DROP.from_json(members("drop", data, {"drop"})["drop"]))


Change = Pay | Offer | Fold | Drop
_KINDS: dict[str, type[Change]] = {"pay": Pay, "offer": Offer, "fold": Fold, "drop": Drop}


def changes_from_json(what: str, data: object, most: int) -> tuple[Change, ...]:
    """A list of `most` changes at most, each told by its first word. Raises `InvalidValue`."""
    if not isinstance(data, list) or len(data) > most:
        raise Malformed(what, f"it is no list of {most} at most")
    return tuple(map(_from_json, data))


def _from_json(data: object) -> Change:
    if not isinstance(data, Mapping):
        raise Malformed("change", "it is no JSON object")
    for word, kind in _KINDS.items():
        if word in data:
            return kind.from_json(data)
    raise Malformed("change", f"it is none of {', '.join(_KINDS)}")


def _require_some(amount: object) -> None:
    if not uint("amount", amount, 96):
        raise InvalidAmount
