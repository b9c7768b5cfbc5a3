"""What the parties agree on among themselves, whatever the terms said."""

from dataclasses import dataclass

from chain.permit2 import Method
from chain.units import Amount, Seconds, uint
from escrow.actions.consenting import Consenting
from escrow.payment import Payment


@dataclass(frozen=True, kw_only=True, slots=True)
class Settle(Consenting):
    """Payer and payee split what is held: the payer gets exactly `to_payer`. Who calls needs no signature."""

    to_payer: Amount
    deadline: Seconds
    payer_signature: bytes = b""
    payee_signature: bytes = b""

    def __post_init__(self) -> None:
        uint("to_payer", self.to_payer, 96)
        uint("deadline", self.deadline, 48)


@dataclass(frozen=True, kw_only=True, slots=True)
class Amend(Consenting):
    """What is held moves to `to`, which is the other payment as it is known.

    `signatures` over `messages.Amend` are the old payer's, the old payee's, the new payer's and the new payee's, empty
    where none is needed. `method` and `authorization` are how the new payer pays in, `value` in wei.
    """

    to: Payment
    held: Amount
    paid_in: Amount
    paid_out: Amount
    deadline: Seconds
    signatures: tuple[bytes, ...]
    method: Method = Method.ALLOWANCE
    authorization: bytes = b""
    value: int = 0

    def __post_init__(self) -> None:
        uint("held", self.held, 96)
        uint("paid_in", self.paid_in, 96)
        uint("paid_out", self.paid_out, 96)
        uint("deadline", self.deadline, 48)


Amending = Settle | Amend
