"""The contracts as a tower calls them: after a crash it goes on with the transaction that it had begun."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chain.errors import EarnestError, NotSent
from chain.outbox.entry import Stage
from chain.outbox.errors import IntentOpen
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
        if key := await self._on_its_way(verb, *args):  # Counted already.
            return await self._sent(verb, *args, value=value, key=key)
        await self._gas(verb, *args, value=value)
        self._spending.begin()
        key = secrets.token_hex(16) if self.chain.outbox else None
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
