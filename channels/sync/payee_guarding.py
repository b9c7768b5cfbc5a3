# Generated from channels/aio/payee_guarding.py by make fix; edit that one.
"""What a payee hands to a watchtower, so that it may go off line."""

from channels.edge import LaneRef, id_of
from channels.sync.payee_ticking import PayeeTicking
from channels.watchtower.job import Job
from channels.watchtower.proof import Proof


class PayeeGuarding(PayeeTicking):
    """A tower holds the newest voucher, and all that is proven of its promises."""

    def job(self, channel: LaneRef, at: int) -> Job | None:
        """Signed, with preimages and the newest tips; `at` is a time in milliseconds. None without a voucher.

        It is for towers alone: who has it can claim for the payee, and reads what it is paid.
        """
        book = self._prove_ticks(id_of(channel))
        voucher = book.voucher(self._lanes.domain)
        if voucher is None:
            return None
        proofs = tuple(
            Proof(promise_hash=known.hash, data=known.data, proof=known.proof)
            for known in book.session.proven
            if known.promise in voucher.promises
        )
        job = Job(message=voucher, client=self.signer.address, at=at, proofs=proofs)
        return job.signed_by(self.signer, self._lanes.domain)
