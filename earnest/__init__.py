"""Earnest holds money until it is due: escrow on an EVM chain, and payment channels beside it.

The face: public names of `chain`, `escrow`, `channels` and `deploy`. Each is loaded when it is first named, since what
talks to a chain takes seconds to import.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import deploy
    from chain import (
        NOBODY,
        AsyncChain,
        AsyncLocalChain,
        Chain,
        Domain,
        EarnestError,
        Event,
        LocalChain,
        Money,
        Network,
        Receipt,
        Signed,
        Signer,
        Token,
        address,
    )
    from channels import (
        AsyncDuplexes,
        AsyncLanes,
        Books,
        ChainDuplex,
        ChainDuplexReserve,
        ChainFight,
        ChainLane,
        Channel,
        Claims,
        Credit,
        Delivery,
        DuplexChannel,
        Duplexes,
        DuplexPromise,
        LaneReserve,
        Lanes,
        Payee,
        PayeeSession,
        Payer,
        PayerSession,
        Promise,
        Recorded,
        SignedChallenge,
        SignedCloseTogether,
        SignedDeposit,
        SignedLaneClose,
        SignedState,
        SignedVoucher,
        SignedWithdrawTogether,
        TillLane,
        Voucher,
        WalletLane,
    )
    from earnest import errors
    from escrow import (
        Agreement,
        ArbiterPanel,
        AsyncEscrow,
        AsyncPanels,
        AsyncWitness,
        ConsentBook,
        Escrow,
        Evidence,
        Finding,
        Gains,
        Holding,
        JournalFile,
        MemberSignature,
        Method,
        Panels,
        PayeeShare,
        Payment,
        Phase,
        Severity,
        Step,
        Terms,
        Witness,
        conditions,
    )

__all__ = [
    "NOBODY",
    "Agreement",
    "ArbiterPanel",
    "AsyncChain",
    "AsyncDuplexes",
    "AsyncEscrow",
    "AsyncLanes",
    "AsyncLocalChain",
    "AsyncPanels",
    "AsyncWitness",
    "Books",
    "Chain",
    "ChainDuplex",
    "ChainDuplexReserve",
    "ChainFight",
    "ChainLane",
    "Channel",
    "Claims",
    "ConsentBook",
    "Credit",
    "Delivery",
    "Domain",
    "DuplexChannel",
    "DuplexPromise",
    "Duplexes",
    "EarnestError",
    "Escrow",
    "Event",
    "Evidence",
    "Finding",
    "Gains",
    "Holding",
    "JournalFile",
    "LaneReserve",
    "Lanes",
    "LocalChain",
    "MemberSignature",
    "Method",
    "Money",
    "Network",
    "Panels",
    "Payee",
    "PayeeSession",
    "PayeeShare",
    "Payer",
    "PayerSession",
    "Payment",
    "Phase",
    "Promise",
    "Receipt",
    "Recorded",
    "Severity",
    "Signed",
    "SignedAuthorization",
    "SignedChallenge",
    "SignedCloseTogether",
    "SignedConsent",
    "SignedDeposit",
    "SignedLaneClose",
    "SignedState",
    "SignedVoucher",
    "SignedWithdrawTogether",
    "Signer",
    "Step",
    "Terms",
    "TillLane",
    "Token",
    "Voucher",
    "WalletLane",
    "Witness",
    "address",
    "conditions",
    "deploy",
    "errors",
]

_MODULES = {"conditions": "escrow.conditions", "deploy": "deploy", "errors": "earnest.errors"}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in __all__:
        for package in map(import_module, ("chain", "escrow", "channels")):
            if name in package.__all__:
                return getattr(package, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
