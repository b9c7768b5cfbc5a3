"""What parties sign for the escrow, EIP-712: each binds the payment, and the level or the held amount it was meant for.

Amounts are base units, times Unix seconds, passed at the second itself; docs/protocol.md has the rules.
"""

from dataclasses import dataclass

from chain.typed_data import TypedData
from chain.units import Amount, Bps, Hash32, Seconds
from escrow.terms import Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class Authorize(TypedData):
    """The payer, for a relayed funding out of its allowance. A bare signature over Terms does nothing."""

    type_string = "Authorize(Terms terms)" + Terms.type_string

    terms: Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class Release(TypedData):
    """The payer: all but `held_after` may go to the payee."""

    type_string = "Release(bytes32 paymentId,uint96 heldAfter,uint48 deadline)"

    payment_id: Hash32
    held_after: Amount
    deadline: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Void(TypedData):
    """The payee: all but `held_after` may go back to the payer."""

    type_string = "Void(bytes32 paymentId,uint96 heldAfter,uint48 deadline)"

    payment_id: Hash32
    held_after: Amount
    deadline: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispute(TypedData):
    """A party that the terms' flags name asks the arbiter; `evidence` is a hash of its choice."""

    type_string = "Dispute(bytes32 paymentId,bytes32 evidence,uint48 deadline)"

    payment_id: Hash32
    evidence: Hash32
    deadline: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling(TypedData):
    """The arbiter: in this dispute the payee gets this share of what is held when the ruling lands."""

    type_string = "Ruling(bytes32 paymentId,uint48 disputedAt,uint16 payeeBps)"

    payment_id: Hash32
    disputed_at: Seconds
    payee_bps: Bps


@dataclass(frozen=True, kw_only=True, slots=True)
class Settle(TypedData):
    """Payer and payee: the payer gets exactly `to_payer` of what is held then, the payee the rest."""

    type_string = "Settle(bytes32 paymentId,uint96 toPayer,uint48 deadline)"

    payment_id: Hash32
    to_payer: Amount
    deadline: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Amend(TypedData):
    """Everybody who pays or is paid before or after: what is held moves to new terms; dead once `held` has changed."""

    type_string = (
        "Amend(bytes32 fromId,uint96 held,uint96 paidIn,uint96 paidOut,Terms to,uint48 deadline)" + Terms.type_string
    )

    from_id: Hash32
    held: Amount
    paid_in: Amount
    paid_out: Amount
    to: Terms
    deadline: Seconds
