"""What must be done now, in the order in which a machine or a session lists it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from chain.signing import Signed
from chain.units import Address, Amount
from channels.promise import Promise
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


class Keep(msgspec.Struct, Generic[Kept], frozen=True, gc=False):
    """Make it durable; what follows in the list must not happen before, nor if that fails."""

    voucher: Kept
    promises: tuple[Promise, ...] = ()


class Send(msgspec.Struct, frozen=True, gc=False):
    """Sign it and hand it over."""

    voucher: Voucher
    promises: tuple[Promise, ...] = ()


class GiveCredit(msgspec.Struct, frozen=True, gc=False):
    """Tell the payer that so much more is accepted."""

    added: Amount
