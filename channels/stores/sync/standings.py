# Generated from channels/stores/aio/standings.py by make fix; edit that one.
"""What a party of two-way channels keeps: where it stands in each, and what its promises' conditions were told."""

import json
from typing import Any

from chain.units import Hash32
from channels.channel import ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.party.kept import Kept
from channels.duplex.session import Memory
from channels.errors import UnknownLane
from channels.stores.database import Database, Transaction

_ADD = """
    INSERT INTO duplexes VALUES ($1, $2, (SELECT -count(*) FROM marks WHERE writer = 'restored party'))
    ON CONFLICT DO NOTHING
"""
_CHANNELS = "SELECT descriptor FROM duplexes ORDER BY channel_id"
_NEWEST = """
    SELECT duplexes.descriptor, duplexes.whole_from, standings.kept FROM duplexes
    LEFT JOIN standings ON standings.channel_id = duplexes.channel_id
    WHERE duplexes.channel_id = $1 ORDER BY standings.epoch DESC LIMIT 1
"""
_OF_EPOCH = """
    SELECT duplexes.descriptor, duplexes.whole_from, standings.kept FROM duplexes
    LEFT JOIN standings ON standings.channel_id = duplexes.channel_id AND standings.epoch = $2
    WHERE duplexes.channel_id = $1
"""
_EPOCHS = "SELECT kept FROM standings WHERE channel_id = $1 ORDER BY epoch DESC"
_FIRST = "INSERT INTO standings VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
_NEXT = "UPDATE standings SET revision = $3, kept = $4 WHERE channel_id = $1 AND epoch = $2 AND revision = $5"
_FORGOTTEN = "UPDATE duplexes SET whole_from = $2 WHERE channel_id = $1 AND whole_from < $2"
_LEARN = "INSERT INTO conditions VALUES ($1, $2) ON CONFLICT DO NOTHING"
_DATA = "SELECT data FROM conditions WHERE data_hash = $1"


class Standings:
    """One row a channel and epoch. The law:

    once                        of one version one message is signed, whoever shares the store
    durable before the answer   a memory is kept before anything of it is signed or sent
    compare and set             revision n + 1 takes the place of n, and of nothing else; one statement sees to it
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, channel: DuplexChannel) -> None:
        """A channel that one is a party of; one that is known stays as it is."""
        self._change(_ADD, channel.id, json.dumps(channel.to_json()))

    def channels(self) -> list[DuplexChannel]:
        """All that were ever added."""
        return [_channel(text) for (text,) in self.database.rows(_CHANNELS)]

    def find(self, channel_id: ChannelId, epoch: int | None = None) -> Kept:
        """With the memory of an epoch, its newest one if none is named, or of one in which nothing was said.

        Raises `UnknownLane`.
        """
        asked = (_NEWEST, channel_id) if epoch is None else (_OF_EPOCH, channel_id, epoch)
        for text, whole_from, kept in self.database.rows(*asked):
            channel = _channel(text)
            return Kept(channel, Memory.start(channel, epoch or 0) if kept is None else _memory(kept), whole_from)
        raise UnknownLane(channel_id)

    def memories(self, channel_id: ChannelId) -> list[Memory]:
        """Of all epochs in which something was said, the newest first; what an ended one promised still counts."""
        return [_memory(kept) for (kept,) in self.database.rows(_EPOCHS, channel_id)]

    def forgotten(self, channel_id: ChannelId, whole_from: int) -> None:
        """Of epochs before `whole_from` this store may have forgotten something; it never goes back."""
        self._change(_FORGOTTEN, channel_id, whole_from)

    def keep(self, memory: Memory) -> bool:
        """In place of its forerunner, durably; False where another has taken that place, or nothing has."""
        (channel_id, epoch), revision = memory.key, memory.revision
        row = channel_id, epoch, revision, json.dumps(memory.to_json())
        kept = self._change(_FIRST, *row) if revision == 1 else self._change(_NEXT, *row, revision - 1)
        return kept == 1

    def learn(self, data_hash: Hash32, data: bytes) -> None:
        """What a condition was told, which a promise names by its hash."""
        self._change(_LEARN, data_hash, data)

    def data(self, data_hash: Hash32) -> bytes | None:
        """None where it was not learned."""
        for (data,) in self.database.rows(_DATA, data_hash):
            return bytes(data)
        return None

    def close(self) -> None:
        """Ends the connection."""
        self.database.close()

    def _change(self, statement: str, *values: Any) -> int:
        """In a transaction of its own, so that it is marked: an old backup would have forgotten it."""

        def step(transaction: Transaction) -> int:
            return transaction.change(statement, *values)

        return self.database.run(step)


def _memory(text: str) -> Memory:
    return Memory.from_json(json.loads(text))


def _channel(text: str) -> DuplexChannel:
    return DuplexChannel.from_json(json.loads(text))
