# Generated from chain/aio/blocks.py by make fix; edit that one.
"""What a follower reads from a node: headers by their links, logs by their block, and the past in ranges."""

from collections.abc import Iterable
from typing import Any

from chain.errors import Malformed, NodeRefused, NodeUnreachable
from chain.follower.errors import BlockGone, LogsDisagree
from chain.follower.following import Following
from chain.follower.header import FollowedBlock, Header
from chain.follower.log import Log
from chain.sync.node import At, Node
from chain.units import Address

_FIRST_RANGE, _LONGEST_RANGE = 1024, 65536


class Blocks:
    """Of one node, with the logs of `contracts` alone. Raises `ChainError`."""

    def __init__(self, node: Node, contracts: Iterable[Address]) -> None:
        self._node, self._contracts = node, sorted(contracts)
        self._range = _FIRST_RANGE

    def header(self, at: At) -> Header:
        """Of a block that the node must have. Raises `BlockGone`."""
        found = self._node.find(at)
        if found is None:
            raise BlockGone(str(at))
        return Header.of(found)

    def branch(self, head: Header, following: Following) -> list[Header]:
        """From what stands on a block of ours up to `head`; or from what is in our final block's place."""
        found: list[Header] = []
        while head.number > following.final.number and not following.has(head):
            found.append(head)
            head = self._parent(head)
        if head.number == following.final.number and not following.has(head):
            found.append(head)
        return found[::-1]

    def with_logs(self, header: Header) -> FollowedBlock:
        """A block, its logs read by its hash (EIP-234). Raises `BlockGone`."""
        return FollowedBlock(header=header, logs=self._logs_of(header.hash))

    def past(self, after: Header, end: Header) -> tuple[Header, tuple[Log, ...]]:
        """All logs after a block, as far as a request reaches but not beyond `end`, and the last block of these.

        They are read once more by their block's hash, from a block that is in the chain then. Raises
        `BlockGone`, `LogsDisagree`.
        """
        stop = min(end.number, after.number + self._range)
        logs = self.between(after.number + 1, stop)
        for block_hash in dict.fromkeys(log.block_hash for log in logs):
            self._require_same(block_hash, tuple(log for log in logs if log.block_hash == block_hash))
        last = self.header(stop)
        if stop == end.number and last.hash != end.hash:
            raise BlockGone(end.hash)
        return last, logs

    def between(self, first: int, last: int) -> tuple[Log, ...]:
        """The logs of these blocks, both counted, in as many requests as the node wants."""
        found: list[Log] = []
        while first <= last:
            until = min(last, first + self._range - 1)
            try:
                found += self._logs({"fromBlock": first, "toBlock": until})
            except NodeRefused:
                if until == first:
                    raise
                self._range = (until - first + 1) // 2
            except NodeUnreachable:
                self._range = max(1, self._range // 2)  # It may have choked on the range, or have had enough of us.
                raise
            else:
                first, self._range = until + 1, min(self._range + self._range // 8 + 1, _LONGEST_RANGE)
        return tuple(found)

    def _parent(self, header: Header) -> Header:
        parent = self.header(header.parent)
        if (parent.number, parent.hash) != (header.number - 1, header.parent):
            raise Malformed("header", f"{parent.hash} is not the parent of {header.hash}")
        return parent

    def _require_same(self, block_hash: str, logs: tuple[Log, ...]) -> None:
        number = logs[0].block
        if (self.header(number)).hash != block_hash or self._logs_of(block_hash) != logs:
            raise LogsDisagree(number, number)

    def _logs_of(self, block_hash: str) -> tuple[Log, ...]:
        try:
            return tuple(self._logs({"blockHash": block_hash}))
        except NodeRefused:
            self.header(block_hash)
            raise

    def _logs(self, where: dict[str, Any]) -> list[Log]:
        raw = self._node.logs({"address": self._contracts, **where})
        return sorted(map(Log.of, raw), key=lambda log: (log.block, log.index))
