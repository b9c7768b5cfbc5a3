"""Escrow: money that is held until consent, a condition or the clock lets it go."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chain.permit2 import Method
from escrow import actions, conditions, errors, evidence_errors, terms_errors
from escrow.agreement import Agreement
from escrow.authorization import SignedAuthorization
from escrow.effects import Begin, Effect, Pay, Pull
from escrow.finding import Finding, Gains, Severity
from escrow.holding import Holding
from escrow.machine import transition
from escrow.milestones import Step
from escrow.panel.member_signature import MemberSignature
from escrow.payment import Payment
from escrow.phase import Phase
from escrow.signed_consent import SignedConsent
from escrow.split import PayeeShare
from escrow.terms import Terms

if TYPE_CHECKING:
    from escrow.aio.client import AsyncEscrow
    from escrow.aio.panels import AsyncPanels
    from escrow.evidence import AsyncWitness, ConsentBook, Evidence, JournalFile, Witness
    from escrow.panel.panel import ArbiterPanel
    from escrow.sync.client import Escrow
    from escrow.sync.panels import Panels

__all__ = [
    "Agreement",
    "ArbiterPanel",
    "AsyncEscrow",
    "AsyncPanels",
    "AsyncWitness",
    "Begin",
    "ConsentBook",
    "Effect",
    "Escrow",
    "Evidence",
    "Finding",
    "Gains",
    "Holding",
    "JournalFile",
    "MemberSignature",
    "Method",
    "Panels",
    "Pay",
    "PayeeShare",
    "Payment",
    "Phase",
    "Pull",
    "Severity",
    "SignedAuthorization",
    "SignedConsent",
    "Step",
    "Terms",
    "Witness",
    "actions",
    "conditions",
    "errors",
    "evidence_errors",
    "terms_errors",
    "transition",
]


_LAZY = {
    "ArbiterPanel": "escrow.panel.panel",
    "AsyncEscrow": "escrow.aio.client",
    "AsyncPanels": "escrow.aio.panels",
    "AsyncWitness": "escrow.evidence",
    "ConsentBook": "escrow.evidence",
    "Escrow": "escrow.sync.client",
    "Evidence": "escrow.evidence",
    "JournalFile": "escrow.evidence",
    "Panels": "escrow.sync.panels",
    "Witness": "escrow.evidence",
}


def __getattr__(name: str) -> Any:
    """The clients bring web3, and a panel eth_abi, which take long to import: only who names them waits for it."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
