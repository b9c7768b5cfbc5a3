# Generated from escrow/aio/base.py by make fix; edit that one.
"""What every part of the escrow's client stands on: reading a payment, and sending one verb."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chain.receipt import Receipt
from chain.signer import Signer
from chain.sync.chain import AsOf, Chain
from chain.sync.contract_client import ContractClient
from chain.units import Hash32, Seconds
from escrow.actions import Action
from escrow.errors import OtherEscrow
from escrow.evidence.consent_book import ConsentBook, shared_book
from escrow.holding import Holding
from escrow.machine import transition
from escrow.payment import Payment
from escrow.terms import Terms

if TYPE_CHECKING:
    from chain.sync.preflight import Preflight

CONTRACT = "Escrow"


class EscrowBase(ContractClient):
    """`book` keeps what the signer has signed, so that consents don't add up; by default until the process ends.

    `preflight` is asked in full before the signer funds a payment, or agrees that others are paid; without one only the
    addresses are looked at.
    """

    contract = CONTRACT
    done_once = frozenset(["expire"])

    def __init__(
        self,
        chain: Chain,
        signer: Signer,
        book: ConsentBook | None = None,
        *,
        preflight: "Preflight | None" = None,
    ) -> None:
        super().__init__(chain, signer, preflight=preflight)
        self.book = book or shared_book()

    def show(self, what: Terms | Payment, *, as_of: AsOf = "final") -> Payment:
        """The payment as the chain has it; the latest block may still be undone."""
        payment = self._payment(what)
        return replace(payment, holding=self.holding(payment.payment_id, as_of=as_of), receipt=None)

    def holding(self, payment_id: Hash32, *, as_of: AsOf = "final") -> Holding:
        """What the chain keeps under an id: all that can be known without the terms."""
        held, refundable, disputed_at, used = self.chain.call(CONTRACT, "holdingOf", payment_id, as_of=as_of)
        return Holding(held=held, refundable=refundable, disputed_at=Seconds(disputed_at), used=used)

    def _do(self, verb: str, payment: Payment, *args: Any, value: int = 0) -> Payment:
        self._payment(payment)
        receipt = self._send(verb, payment.terms, *args, value=value)
        return left_by(receipt, payment)

    def _allowed(self, payment: Payment, action: Action) -> None:
        """The rules' answer before an allowance is given that would stay open after a refusal."""
        transition(self.show(payment, as_of="latest"), action, self.chain.now())

    def _lawful(self, payment: Payment, action: Action) -> None:
        """The law of consents: what the signer has signed before must not add up with this."""
        final, latest = self.show(payment), self.holding(payment.payment_id, as_of="latest")
        self.book.check_action(action, final, self.chain.now(as_of="final"), latest=latest)

    def _payment(self, what: Terms | Payment) -> Payment:
        if isinstance(what, Terms):
            return Payment(terms=what, domain=self.domain)
        if what.domain != self.domain:
            raise OtherEscrow(self.domain.contract, self.domain.chain_id, what.domain.contract, what.chain_id)
        return what


def left_by(receipt: Receipt, payment: Payment) -> Payment:
    """The payment as the step left it, by its own event: a node that lags could still answer an older state."""
    about = [
        event.args for event in receipt.events if payment.payment_id in map(event.args.get, ("paymentId", "fromId"))
    ]
    holding = Holding.from_word(about[-1]["holding"]) if "holding" in about[-1] else Holding(used=True)
    return replace(payment, holding=holding, receipt=receipt)
