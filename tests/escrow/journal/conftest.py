from collections.abc import Callable
from typing import Any

import pytest

from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import Hash32
from escrow.journal import Agreement, ChainEvent, Journal
from escrow.payment import Payment

EventMaker = Callable[..., ChainEvent]


@pytest.fixture
def payment(pay: Callable[..., Payment]) -> Payment:
    return pay()


@pytest.fixture
def journal(payment: Payment) -> Journal:
    """With the agreement alone."""
    return Journal.begin(Agreement.of(payment.terms, payment.domain))


@pytest.fixture
def happened(payment: Payment, domain: Domain) -> EventMaker:
    """An event of the payment, in a block of its own."""

    def happened(name: str, block: int, **changes: Any) -> ChainEvent:
        members: dict[str, Any] = {
            "name": name,
            "args": {"paymentId": "0x" + payment.payment_id.hex(), "holding": str(block)},
            "contract": domain.contract,
            "transaction": Hash32(bytes([block]) * 32),
            "block": block,
            "block_hash": Hash32(bytes([block, 7]) * 16),
            "log_index": 0,
        }
        return ChainEvent(**members | changes)

    return happened


@pytest.fixture
def disputed(happened: EventMaker, payment: Payment) -> Callable[[int, Hash32], ChainEvent]:
    """A dispute that names a hash."""

    def disputed(block: int, evidence: Hash32) -> ChainEvent:
        args = {"paymentId": "0x" + payment.payment_id.hex(), "evidence": "0x" + evidence.hex()}
        return happened("Disputed", block, args=args)

    return disputed


@pytest.fixture
def payer(signers: dict[str, Signer]) -> Signer:
    return signers["payer"]


@pytest.fixture
def payee(signers: dict[str, Signer]) -> Signer:
    return signers["payee"]
