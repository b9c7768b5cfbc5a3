"""What a node shows of an account's transactions."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from chain.aio.node import AsyncNode, At
from chain.errors import NodeRefused
from chain.outbox.entry import Attempt, Entry, Stage
from chain.outbox.intent import Intent
from chain.outbox.sighting import AccountSeen, Mined, Seen, Taken
from chain.units import Address


class AsyncFinal(Protocol):
    """Which block counts as final now."""

    async def __call__(self, as_of: Literal["final"]) -> At:
        """Its tag or number."""


class AsyncLookout:
    """Only what a node says outright counts: from its silence nothing follows."""

    def __init__(self, node: AsyncNode, final: AsyncFinal) -> None:
        self._node, self._final = node, final

    async def account(self, account: Address) -> AccountSeen:
        """The final block is asked for first: what comes later can only make it older."""
        final = (await self._node.block(await self._final("final"))).number
        head = await self._node.block("latest")
        final = min(final, head.number)  # On a local chain the block that is still to come counts as final.
        return AccountSeen(
            final=final,
            head=head.number,
            final_count=await self._final_count(account, final),
            head_count=await self._node.nonce(account, "latest"),
            pool_count=await self._node.nonce(account),
            time=head.time,
            base_fee=head.base_fee,
            tip=await self._node.tip(),
            balance=await self._node.balance(account, head.number),
            gas_limit=head.gas_limit,
        )

    async def entry(self, entry: Entry, account: AccountSeen) -> Seen:
        """Of an intent with a nonce; of another one there is nothing to see."""
        if entry.nonce is None:
            return Seen()
        if entry.stage is Stage.SENT and account.head_count <= entry.nonce:
            return Seen(pooled=await self._node.has(entry.newest.transaction))
        for attempt in reversed(entry.attempts):
            if mined := await self._mined(attempt, account):
                return Seen(mined=mined)
        if account.head_count <= entry.nonce:
            return Seen(pooled=await self._node.has(entry.newest.transaction))
        if account.final_count <= entry.nonce:
            return Seen()
        try:
            return Seen(taken=await self._taken(entry, entry.nonce, account))
        except NodeRefused:  # It keeps no states that old, so it can't tell.
            return Seen()

    async def _final_count(self, account: Address, final: int) -> int:
        """None is used as far as a node can tell that keeps no state so old: nothing is concluded from it."""
        try:
            return await self._node.nonce(account, final)
        except NodeRefused:
            return 0

    async def _mined(self, attempt: Attempt, account: AccountSeen) -> Mined | None:
        receipt = await self._receipt(attempt.transaction)
        if receipt is None:
            return None
        number, block_hash = int(receipt["blockNumber"]), _hash(receipt["blockHash"])
        final = number <= account.final and (await self._node.block(number)).hash == block_hash
        return Mined(
            transaction=attempt.transaction,
            cancels=attempt.cancels,
            succeeded=receipt["status"] == 1,
            block=number,
            block_hash=block_hash,
            final=final,
        )

    async def _taken(self, entry: Entry, nonce: int, account: AccountSeen) -> Taken | None:
        """By its name, out of the final block that has it; None for one of ours, whose receipt must come yet."""
        place = await self._block_that_used(nonce, entry.intent.account, account.final)
        for found in await self._node.transactions(place):
            if found["from"] != entry.intent.account or found["nonce"] != nonce:
                continue
            transaction = _hash(found["hash"])
            receipt, block = await self._receipt(transaction), await self._node.block(place)
            if receipt is None or transaction in {attempt.transaction for attempt in entry.attempts}:
                return None
            if (receipt["from"], _hash(receipt["blockHash"])) != (entry.intent.account, block.hash):
                return None  # The node contradicts itself.
            return Taken(
                transaction=transaction,
                same=_makes(entry.intent, found),
                succeeded=receipt["status"] == 1,
                block=place,
                block_hash=block.hash,
            )
        return None

    async def _receipt(self, transaction: str) -> Mapping[str, Any] | None:
        """Of this transaction, not of any other one."""
        receipt = await self._node.receipt(transaction)
        return receipt if receipt is not None and _hash(receipt["transactionHash"]) == transaction else None

    async def _block_that_used(self, nonce: int, account: Address, final: int) -> int:
        """The first one after which the account's count is above `nonce`; looked for from the newest, by halves."""
        late, stride = final, 1
        while late > 0 and await self._node.nonce(account, max(late - stride, 0)) > nonce:
            late, stride = max(late - stride, 0), 2 * stride
        early = max(late - stride, -1)
        while late - early > 1:
            middle = (early + late) // 2
            if await self._node.nonce(account, middle) > nonce:
                late = middle
            else:
                early = middle
        return late


def _hash(value: bytes) -> str:
    return "0x" + bytes(value).hex()


def _makes(intent: Intent, found: Mapping[str, Any]) -> bool:
    data = found.get("input", found.get("data"))  # The embedded node says it by its older name.
    return (found["to"], bytes(data or b""), found["value"]) == (intent.to, intent.data, intent.value)
