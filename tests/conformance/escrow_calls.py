"""An action as a call of the contract, and as what its party has to sign: written apart from the twin."""

from dataclasses import dataclass
from typing import Any, assert_never

from chain.signing import compact
from chain.typed_data import TypedData
from escrow import Payment, messages
from escrow.actions import (
    Action,
    Amend,
    Authorize,
    AuthorizeBySig,
    AuthorizeERC3009,
    Cancel,
    Capture,
    Charge,
    Dispute,
    DisputeBySig,
    Expire,
    Refund,
    Release,
    ReleaseBySig,
    Resolve,
    Rule,
    RuleBySig,
    Settle,
    Void,
    VoidBySig,
)

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""Of secp256k1."""


@dataclass(frozen=True)
class Call:
    """A function of the contract with its arguments, and the native currency that comes with it."""

    function: str
    arguments: tuple[Any, ...]
    value: int = 0


def call_of(payment: Payment, action: Action) -> Call:
    name = type(action).__name__
    function = name[0].lower() + name[1:]
    return Call(function, (payment.terms, *_arguments(action)), getattr(action, "value", 0))


def _arguments(action: Action) -> tuple[Any, ...]:  # noqa: C901, PLR0912 -- one case a verb
    match action:
        case Authorize() | Expire() | Cancel():
            return ()
        case AuthorizeBySig() | Charge():
            return action.method, action.authorization
        case AuthorizeERC3009():
            return action.r, action.vs
        case Capture() | Release() | Void():
            return (action.held_after,)
        case ReleaseBySig() | VoidBySig():
            return action.held_after, action.deadline, action.signature
        case Resolve():
            return action.proof.condition.data, action.proof.shown
        case Refund():
            return action.held, action.refundable_after
        case Dispute():
            return (action.evidence,)
        case DisputeBySig():
            return action.party, action.evidence, action.deadline, action.signature
        case Rule():
            return (action.payee_bps,)
        case RuleBySig():
            return action.payee_bps, action.signature
        case Settle():
            return action.to_payer, action.deadline, action.payer_signature, action.payee_signature
        case Amend():
            amendment = (action.held, action.paid_in, action.paid_out, action.deadline)
            return action.to.terms, amendment, list(action.signatures), action.method, action.authorization
        case _:
            assert_never(action)


def formed(signature: bytes, form: str) -> bytes:
    """65 bytes with a low s in another form: "compact" counts, too, and the others don't."""
    r, s, v = signature[:32], signature[32:64], signature[64]
    match form:
        case "compact":
            return b"".join(compact(signature))
        case "high":
            return r + (_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big") + bytes([55 - v])
        case "parity":
            return r + s + bytes([v - 27])
        case "none":
            return b""
        case _:
            return signature


def consent_of(payment: Payment, action: Action) -> TypedData:
    """What has to be signed for it."""
    match action:
        case AuthorizeBySig():
            return messages.Authorize(terms=payment.terms)
        case ReleaseBySig():
            return messages.Release(
                payment_id=payment.payment_id, held_after=action.held_after, deadline=action.deadline
            )
        case VoidBySig():
            return messages.Void(payment_id=payment.payment_id, held_after=action.held_after, deadline=action.deadline)
        case DisputeBySig():
            return messages.Dispute(payment_id=payment.payment_id, evidence=action.evidence, deadline=action.deadline)
        case RuleBySig():
            return messages.Ruling(
                payment_id=payment.payment_id, disputed_at=payment.holding.disputed_at, payee_bps=action.payee_bps
            )
        case Settle():
            return messages.Settle(payment_id=payment.payment_id, to_payer=action.to_payer, deadline=action.deadline)
        case Amend():
            return messages.Amend(
                from_id=payment.payment_id,
                held=action.held,
                paid_in=action.paid_in,
                paid_out=action.paid_out,
                to=action.to.terms,
                deadline=action.deadline,
            )
        case _:
            raise TypeError(f"{type(action).__name__} needs no signature")
