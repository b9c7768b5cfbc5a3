"""What is wrong with one record, given the agreement and what came before: asked before writing, and when verifying."""

from collections.abc import Container, Iterator

from chain.errors import InvalidSignature
from chain.units import Hash32
from escrow.journal.agreement import Agreement
from escrow.journal.consent import Consent
from escrow.journal.events import ChainEvent
from escrow.journal.findings import Flaw
from escrow.journal.record import Record
from escrow.journal.statements import Signature

Fault = tuple[Flaw, str]


def faults(record: Record, agreement: Agreement, before: Container[Hash32]) -> Iterator[Fault]:
    """All of them; `before` holds the hashes of the entries before it."""
    match record:
        case Agreement():
            yield Flaw.AGREEMENT_REPEATED, "a journal has one agreement, at its beginning"
        case Signature():
            yield from _of_signature(record, agreement, before)
        case Consent():
            yield from _of_consent(record, agreement)
        case ChainEvent():
            yield from _of_event(record, agreement)
        case _:
            pass


def _of_signature(signature: Signature, agreement: Agreement, before: Container[Hash32]) -> Iterator[Fault]:
    if signature.entry not in before:
        yield Flaw.ENTRY_UNKNOWN, f"no entry before it is 0x{signature.entry.hex()}"
    try:
        signature.require_fit(agreement.payment_id, agreement.domain)
    except InvalidSignature as error:
        yield Flaw.SIGNATURE_WRONG, str(error)


def _of_consent(consent: Consent, agreement: Agreement) -> Iterator[Fault]:
    if agreement.payment_id not in consent.payment_ids(agreement.domain):
        yield Flaw.OTHER_PAYMENT, f"the {consent.name} is about another payment"
    if not consent.has_a_say(agreement.terms):
        yield Flaw.NO_SAY, f"a {consent.name} by {consent.signer} means nothing here"
    try:
        consent.require_fit(agreement.domain)
    except InvalidSignature as error:
        yield Flaw.SIGNATURE_WRONG, str(error)


def _of_event(event: ChainEvent, agreement: Agreement) -> Iterator[Fault]:
    if event.contract != agreement.domain.contract or not event.speaks_of(agreement.payment_id):
        yield Flaw.OTHER_PAYMENT, f"{event.name} is not about this payment in this contract"
