"""Until a transaction is final: its receipt is read again and again, and believed where its block is in the chain."""

import asyncio
import time
from typing import TYPE_CHECKING

from chain.contracts import by_address
from chain.errors import EarnestError
from chain.follower.errors import NotFinal, TransactionUndone
from chain.receipt import Receipt, receipt_of

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain

_FIRST_LOOK, _LONGEST_WAIT = 0.05, 2.0


async def wait_final(chain: "AsyncChain", receipt: Receipt, seconds: float) -> Receipt:
    """The receipt as of the final block; of another block than before, if a reorg has moved the transaction.

    Raises `NotFinal` when the time is over, `TransactionUndone`; a node that doesn't answer is asked again until then.
    """
    deadline, pause = time.monotonic() + seconds, _FIRST_LOOK
    depth = needed = 0
    while True:
        try:
            found, depth, needed = await _look(chain, receipt)
        except EarnestError as error:
            if not error.retryable:
                raise
            found = None
        if found is not None:
            return found
        if time.monotonic() + pause > deadline:
            raise NotFinal(receipt.transaction, depth, needed)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_WAIT)


async def _look(chain: "AsyncChain", receipt: Receipt) -> tuple[Receipt | None, int, int]:
    """The receipt, if it is final; how deep its block is, and how deep final ones are."""
    node = chain._node  # noqa: SLF001
    head = await node.block("latest")
    at = await chain._at("final")  # noqa: SLF001
    final = head if at in {"latest", "pending"} else await node.block(at)
    needed = head.number - final.number + 1
    raw = await node.receipt(receipt.transaction)
    if raw is None:
        await _require_open(chain, receipt)
        return None, 0, needed
    names = by_address() | {event.address: event.contract for event in receipt.events}
    found = receipt_of(raw, chain.native, names)
    if found.block_number > final.number or (await node.block(found.block_number)).hash != found.block_hash:
        return None, max(0, head.number - found.block_number + 1), needed
    if raw["status"] != 1 and found.block_hash != receipt.block_hash:
        raise TransactionUndone(receipt.transaction, receipt.block_hash)
    return found, 0, 0


async def _require_open(chain: "AsyncChain", receipt: Receipt) -> None:
    """A transaction without a receipt: its node lags, or it waits for a block again, or it is gone."""
    node = chain._node  # noqa: SLF001
    block = await node.find(receipt.block_number)
    if block is None or block.hash == receipt.block_hash or await node.may_have(receipt.transaction):
        return
    raise TransactionUndone(receipt.transaction, receipt.block_hash)
