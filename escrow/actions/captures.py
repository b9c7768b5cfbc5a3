"""How held money leaves without a dispute, and how it comes back."""

from dataclasses import dataclass

from chain.units import Address, Amount, Hash32, Seconds, uint
from escrow.actions.consenting import Consenting
from escrow.conditions.condition import Proof


@dataclass(frozen=True, kw_only=True, slots=True)
class _Lower:
    caller: Address
    held_after: Amount

    def __post_init__(self) -> None:
        uint("held_after", self.held_after, 96)


@dataclass(frozen=True, kw_only=True, slots=True)
class _LowerBySig(Consenting):
    held_after: Amount
    deadline: Seconds
    signature: bytes

    def __post_init__(self) -> None:
        uint("held_after", self.held_after, 96)
        uint("deadline", self.deadline, 48)


class Capture(_Lower):
    """The operator's word lets all but `held_after` go to the payee."""

    __slots__ = ()


class Release(_Lower):
    """The payer's word lets all but `held_after` go to the payee."""

    __slots__ = ()


class ReleaseBySig(_LowerBySig):
    """The same by the payer's signature over `messages.Release`."""

    __slots__ = ()


class Void(_Lower):
    """All but `held_after` goes back to the payer, by the payee or the operator."""

    __slots__ = ()


class VoidBySig(_LowerBySig):
    """The same by the payee's signature over `messages.Void`."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolve:
    """A condition's word: what `proof` releases goes to the payee."""

    caller: Address
    proof: Proof
    wallets: frozenset[tuple[Address, Hash32]] = frozenset()
    """Which wallets say yes to which digest that the proof shows (ERC-1271)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refund:
    """The caller gives back what is refundable, all but `refundable_after`; `held` is the hold as it knows it."""

    caller: Address
    held: Amount
    refundable_after: Amount
    value: int = 0

    def __post_init__(self) -> None:
        uint("held", self.held, 96)
        uint("refundable_after", self.refundable_after, 96)


@dataclass(frozen=True, kw_only=True, slots=True)
class Expire:
    """The clock's word ends the hold."""

    caller: Address


Capturing = Capture | Release | ReleaseBySig | Void | VoidBySig | Resolve | Refund | Expire
