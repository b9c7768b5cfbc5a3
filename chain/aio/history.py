"""The past of a contract, as far as a node tells it: logs by topic, in as many requests as it wants, and calls."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from chain.contracts import address_of, interface
from chain.errors import NodeRefused, NodeUnreachable
from chain.receipt import Event, events_of
from chain.units import Address

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain

Progress = Callable[[str, int, int], None]
"""What is being done, how far it has come, and how far it goes."""
Topic = Address | bytes | None
"""What an indexed argument must be; None is anything."""


class AsyncHistory:
    """Up to the latest block: what is not final yet may still be undone.

    A node that leaves something out can't be caught by its logs: ask another one, too.
    """

    def __init__(self, chain: "AsyncChain", progress: Progress | None = None) -> None:
        self.chain = chain
        self._node = chain._node  # noqa: SLF001  # the chain's face neither filters by topic nor splits
        self._progress = progress or (lambda *_: None)

    async def head(self) -> int:
        """The newest block's number."""
        return (await self._node.block("latest")).number

    async def events(
        self, contract: str, names: Sequence[str], topics: Sequence[Topic | Sequence[Topic]] = (), *, from_block: int
    ) -> list[Event]:
        """The logs of any of these names with these indexed arguments, oldest first.

        Where a node refuses a range, or chokes on it, it is asked for half. Raises `NodeRefused`, `NodeUnreachable`.
        """
        place, entries = address_of(contract), map(interface(contract).event, names)
        wanted = [["0x" + entry.selector.hex() for entry in entries], *map(_topic, topics)]
        first, last = from_block, await self.head()
        span, found = max(last - first + 1, 1), list[Any]()
        while first <= last:
            until = min(last, first + span - 1)
            where = {"address": place, "topics": wanted, "fromBlock": first, "toBlock": until}
            try:
                found += await self._node.logs(where)
            except (NodeRefused, NodeUnreachable):
                if until == first:
                    raise
                await self.head()  # A node that is gone raises here, and is not asked again for ever smaller ranges.
                span = (until - first + 1) // 2
            else:
                self._progress(f"reading {' and '.join(names)}", until - from_block + 1, last - from_block + 1)
                first, span = until + 1, span + span // 8 + 1
        return list(events_of(found, {place: contract}))

    async def input_of(self, transaction: str) -> bytes:
        """What a transaction was called with; empty for one that the node doesn't have any more."""
        found = await self._node.ask("eth_getTransactionByHash", transaction)
        data = (found or {}).get("input") or (found or {}).get("data") or "0x"
        return bytes.fromhex(str(data).removeprefix("0x"))

    def step(self, what: str, done: int, total: int) -> None:
        """Says how far something else has come."""
        self._progress(what, done, total)


def _topic(topic: Topic | Sequence[Topic]) -> Any:
    match topic:
        case None:
            return None
        case str():
            return "0x" + bytes(12).hex() + topic[2:].lower()
        case bytes():
            return "0x" + topic.hex()
        case Iterable():
            return [_topic(one) for one in topic]
