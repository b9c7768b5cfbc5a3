"""What must be true of a proposal of the other party before anybody asks what it says."""

from chain.signing import Signed, verify
from channels.duplex.errors import VersionNotNewer
from channels.duplex.messages import State
from channels.duplex.session.errors import NotOwnVersion, VersionTooFar, WrongBase
from channels.duplex.session.proposal import Proposal, proposed_by_a
from channels.duplex.session.session import DuplexSession

LARGEST_LEAP = 2**32
"""Versions have 64 bits: by leaps of this size it takes 2**32 messages to use them up."""


def require_next(session: DuplexSession, proposal: Proposal) -> None:
    """Its version is the other's own, and above all that we ever signed; it changes our newest state.

    Raises `WrongChannel`, `WrongEpoch`, `NotOwnVersion`, `VersionNotNewer`, `VersionTooFar`, `WrongBase`.
    """
    version, signed = proposal.version, session.memory.signed
    session.require_here(proposal.message)
    if proposed_by_a(version) == session.by_a:
        raise NotOwnVersion(version)
    if version <= signed:
        raise VersionNotNewer(version, signed)
    if version > signed + LARGEST_LEAP:
        raise VersionTooFar(version, signed + LARGEST_LEAP)
    if proposal.base != session.newest.message.version:
        raise WrongBase(proposal.base, session.newest.message.version)


def require_genuine(session: DuplexSession, proposal: Proposal) -> Signed[State]:
    """As the other's key signed it. Raises `InvalidSignature`."""
    return verify(session.domain, proposal.message, proposal.signature or b"", session.other_key)
