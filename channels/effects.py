"""What must be done now, in the order in which a machine or a session lists it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from chain.signing import Signed
from chain.units import Address, Amount
from channels.voucher import Voucher

Kept = TypeVar("Kept", Voucher, Signed[Voucher])


@dataclass(frozen=True, slots=True)
class Pull:
    """The contract takes so much from the payer."""

    payer: Address
    amount: Amount


@dataclass(frozen=True, slots=True)
class Pay:
    """The contract pays so much out."""

    to: Address
    amount: Amount


@dataclass(frozen=True, slots=True)
class Keep(Generic[Kept]):
    """Make it durable; what follows in the list must not happen before, nor if that fails."""

    voucher: Kept


@dataclass(frozen=True, slots=True)
class Send:
    """Sign it and hand it over."""

    voucher: Voucher


@dataclass(frozen=True, slots=True)
class GiveCredit:
    """Tell the payer that so much more is accepted."""

    added: Amount
