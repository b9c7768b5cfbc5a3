"""The contracts as a tower calls them: after a crash it goes on with the transaction that it had begun."""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from chain.aio.outbox import AsyncOutbox
from chain.errors import EarnestError, NotSent
from chain.keccak import keccak
from chain.outbox.entry import Entry, Stage
from chain.outbox.errors import IntentOpen, UnknownIntent
from chain.signer import Signer
from channels.aio.base import AsyncChannelsClient
from channels.aio.duplexes import AsyncDuplexes
from channels.aio.lanes import AsyncLanes
from channels.voucher import SignedVoucher
from channels.watchtower.service.spending import Spending

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain
    from chain.receipt import Receipt


class _Rejoining(AsyncChannelsClient[Any, Any]):
    """With an outbox, a call that is the same as one still on its way is that one; it is waited for, however long.

    What is in a block, even if not final, may be needed once more: a payer can ask for its close again. Made for one
    action: what it sends is counted, unless the simulation refuses it, before anything is signed.
    """

    def __init__(self, chain: "AsyncChain", signer: Signer, spending: Spending) -> None:
        super().__init__(chain, signer)
        self._spending = spending

    async def _send(self, verb: str, *args: Any, value: int = 0) -> "Receipt":
        outbox, key = self.chain.outbox, None
        if outbox is not None:
            key, counted = await _key(outbox, f"{self.contract}.{verb}{args!r}")
            if counted:
                return await self._sent(verb, *args, value=value, key=key)
        await self._gas(verb, *args, value=value)
        self._spending.begin()
        try:
            return await self._sent(verb, *args, value=value, key=key)
        except EarnestError as error:
            if await self._was_not_signed(key, error):
                self._spending.undo()
            raise

    async def _sent(self, verb: str, *args: Any, value: int, key: str | None) -> "Receipt":
        while True:
            try:
                return await self.chain.send(self.signer, self.contract, verb, *args, value=value, key=key)
            except IntentOpen:
                continue

    async def _was_not_signed(self, key: str | None, error: EarnestError) -> bool:
        """Who passes one simulation, and not the next, must not use the quota up for nothing."""
        if key is None or self.chain.outbox is None:
            return isinstance(error, NotSent)
        return (await self.chain.outbox.entry(key)).stage is Stage.REFUSED


class GuardedLanes(_Rejoining, AsyncLanes):
    """One-way channels."""

    async def _claim_rows(self, vouchers: Sequence[SignedVoucher]) -> "Receipt":
        self._spending.only(voucher.channel.id for voucher in vouchers)
        return await super()._claim_rows(vouchers)


class GuardedDuplexes(_Rejoining, AsyncDuplexes):
    """Two-way channels."""


async def _key(outbox: AsyncOutbox, call: str) -> tuple[str, bool]:
    """The first that is free, or stands for the same call on its way; and whether it does, which is counted already."""
    digest = keccak(call.encode()).hex()
    for number in count():
        key = f"tower {digest} {number}"
        try:
            entry = await outbox.entry(key)
        except UnknownIntent:
            return key, False
        if _is_on_its_way(entry) or (entry.stage is Stage.REFUSED and not entry.restored):
            return key, _is_on_its_way(entry)
    raise AssertionError


def _is_on_its_way(entry: Entry) -> bool:
    return entry.open and not entry.happened
