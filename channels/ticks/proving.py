"""What meters can prove, told to the session before money is settled."""

from collections.abc import Iterable

from chain.units import Seconds
from channels.payee_session import PayeeSession
from channels.proven import Proven


def prove_ticks(session: PayeeSession, proofs: Iterable[Proven | None], now: Seconds) -> PayeeSession:
    """With the proofs that release more than what the session has; the same session where none does.

    A promise that was folded or has expired is passed over: nothing of it can be recorded for this voucher any more.
    """
    for proof in proofs:
        if proof and proof.promise in session.promises and now < proof.promise.expiry:
            known = max((had.released for had in session.proven if had.promise == proof.promise), default=0)
            if proof.released > known:
                session = session.prove(proof, now)
    return session
