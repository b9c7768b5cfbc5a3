"""What a verb moves, in the order in which the contract moves it."""

from dataclasses import dataclass

from chain.units import Address, Amount


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


Effect = Pull | Pay
