"""The contracts as a tower calls them: after a crash it goes on with the transaction that it had begun."""

from itertools import count
from typing import TYPE_CHECKING, Any

from chain.aio.outbox import AsyncOutbox
from chain.keccak import keccak
from chain.outbox.entry import Entry, Stage
from chain.outbox.errors import IntentOpen, UnknownIntent
from channels.aio.base import AsyncChannelsClient
from channels.aio.duplexes import AsyncDuplexes
from channels.aio.lanes import AsyncLanes

if TYPE_CHECKING:
    from chain.receipt import Receipt


class _Rejoining(AsyncChannelsClient[Any, Any]):
    """With an outbox, a call that is the same as one still on its way is that one; it is waited for, however long.

    What is in a block, even if not final, may be needed once more: a payer can ask for its close again.
    """

    async def _send(self, verb: str, *args: Any, value: int = 0) -> "Receipt":
        send, outbox = self.chain.send, self.chain.outbox
        if outbox is None:
            return await send(self.signer, self.contract, verb, *args, value=value)
        key = await _key(outbox, f"{self.contract}.{verb}{args!r}")
        while True:
            try:
                return await send(self.signer, self.contract, verb, *args, value=value, key=key)
            except IntentOpen:
                continue


class GuardedLanes(_Rejoining, AsyncLanes):
    """One-way channels."""


class GuardedDuplexes(_Rejoining, AsyncDuplexes):
    """Two-way channels."""


async def _key(outbox: AsyncOutbox, call: str) -> str:
    """The first that is free, or stands for the same call on its way."""
    digest = keccak(call.encode()).hex()
    for number in count():
        key = f"tower {digest} {number}"
        try:
            entry = await outbox.entry(key)
        except UnknownIntent:
            return key
        if _may_join(entry):
            return key
    raise AssertionError


def _may_join(entry: Entry) -> bool:
    return entry.stage is Stage.REFUSED or (entry.open and not entry.happened)
