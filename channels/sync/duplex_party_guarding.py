# Generated from channels/aio/duplex_party_guarding.py by make fix; edit that one.
"""What a party of a two-way channel hands to a watchtower, so that it may go off line."""

from collections.abc import Mapping

from chain.units import Hash32
from channels.duplex.session.errors import NoSuchPromise
from channels.duplex.session.next_state import listed
from channels.duplex.signed_state import SignedState
from channels.edge import LaneRef
from channels.promise_errors import UnknownPromise
from channels.sync.duplex_party_base import DuplexPartyBase
from channels.watchtower.job import Job
from channels.watchtower.proof import Proof

_NONE: Mapping[Hash32, bytes] = {}


class DuplexPartyGuarding(DuplexPartyBase):
    """A tower holds the newest state that both signed."""

    def job(
        self, channel: LaneRef, at: int, proofs: Mapping[Hash32, bytes] = _NONE, *, epoch: int | None = None
    ) -> Job | None:
        """Signed, with a proof for each promise, by its hash, that can be shown; `at` is a time in milliseconds.

        Of the newest epoch unless one is named; None without a state. Raises `NoSuchPromise`, `UnknownPromise` where
        its condition was not learned.
        """
        state = self.newest(channel, epoch=epoch)
        if not state.message.version:
            return None
        shown = tuple([self._proof(state, leaf, proof) for leaf, proof in proofs.items()])
        job = Job(message=state, client=self.signer.address, at=at, proofs=shown)
        return job.signed_by(self.signer, self._duplexes.domain)

    def _proof(self, state: SignedState, promise_hash: Hash32, proof: bytes) -> Proof:
        promise = listed(state).get(promise_hash)
        if promise is None:
            raise NoSuchPromise(promise_hash)
        data = self._standings.data(promise.data_hash)
        if data is None:
            raise UnknownPromise(promise_hash)
        return Proof(promise_hash=promise_hash, data=data, proof=proof)
