"""What can be done to a payment: one value a verb of the contract, each with its caller."""

from dataclasses import dataclass

from chain.units import Address, Amount, uint
from escrow.conditions.condition import Proof


@dataclass(frozen=True, kw_only=True, slots=True)
class Authorize:
    """The payer puts the money in; `value` is the native currency that comes with the call, in wei."""

    caller: Address
    value: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Lower:
    caller: Address
    held_after: Amount

    def __post_init__(self) -> None:
        uint("held_after", self.held_after, 96)


class Capture(_Lower):
    """The operator's word lets all but `held_after` go to the payee."""

    __slots__ = ()


class Release(_Lower):
    """The payer's word lets all but `held_after` go to the payee."""

    __slots__ = ()


class Void(_Lower):
    """All but `held_after` goes back to the payer, by the payee or the operator."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolve:
    """A condition's word: what `proof` releases goes to the payee."""

    caller: Address
    proof: Proof


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Cancel:
    """The payer makes an unfunded id unusable."""

    caller: Address


Action = Authorize | Capture | Release | Void | Resolve | Refund | Expire | Cancel
