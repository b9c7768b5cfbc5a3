"""What a verb moves, in the order in which the contract moves it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chain.units import Address, Amount

if TYPE_CHECKING:
    from escrow.payment import Payment


@dataclass(frozen=True, slots=True)
class Begin:
    """Another payment begins with what was held here."""

    payment: "Payment"


@dataclass(frozen=True, slots=True)
class Pull:
    """`amount` base units of the payment's token come in from `owner`."""

    owner: Address
    amount: Amount


@dataclass(frozen=True, slots=True)
class Pay:
    """`amount` base units go out to `to`; what can't be pushed becomes a credit of `to`."""

    to: Address
    amount: Amount


Effect = Begin | Pull | Pay
