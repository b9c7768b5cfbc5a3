"""What a payee hands to a watchtower, so that it may go off line."""

from channels.aio.payee_ticking import AsyncPayeeTicking
from channels.edge import LaneRef, id_of
from channels.watchtower.job import Job
from channels.watchtower.proof import Proof


class AsyncPayeeGuarding(AsyncPayeeTicking):
    """A tower holds the newest voucher, and all that is proven of its promises."""

    async def job(self, channel: LaneRef, at: int) -> Job | None:
        """Signed, with preimages and the newest tips; `at` is a time in milliseconds. None without a voucher.

        It is for towers alone: who has it can claim for the payee, and reads what it is paid.
        """
        book = await self._prove_ticks(id_of(channel))
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
