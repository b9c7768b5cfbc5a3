"""Stores that keep nothing beyond the process: SQLite without a file, and what is newest of a channel beside it.

A voucher that follows the one kept last is taken without a statement; whatever else is asked of the store is asked of
the database, after all that was taken has been written there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from chain.typed_data import Domain
from chain.units import Address, Seconds
from channels.channel import ChannelId
from channels.exposure import Limits, SpendLimits
from channels.payee_session import PayeeSession
from channels.payer_session import PayerSession
from channels.stores.book import Newer
from channels.stores.database import Transaction
from channels.stores.schema import Kind
from channels.stores.sqlite import MEMORY, SqliteDatabase
from channels.stores.sync.till import Till
from channels.stores.sync.vouchers import Kept
from channels.stores.sync.wallet import Wallet

T = TypeVar("T")


class MemoryDatabase(SqliteDatabase):
    """Before each statement it lets `flush` write what was taken."""

    def __init__(self, kind: Kind, domain: Domain) -> None:
        self.flush: Callable[[], None] = lambda: None
        super().__init__(MEMORY, kind, domain)

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query answers."""
        self.flush()
        return super().rows(query, *values)

    def change(self, statement: str, *values: Any) -> int:
        """How many rows the statement changed."""
        self.flush()
        return super().change(statement, *values)

    def run(self, step: Callable[[Transaction], T], calls: int = 1) -> T:
        """What `step` answers; if it raises, nothing of it comes to be."""
        self.flush()
        return super().run(step, calls)


class MemoryTill(Till):
    """A payee's."""

    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        database.flush = self._flush
        self._lock = database.lock
        self._taken: dict[ChannelId, tuple[PayeeSession, PayeeSession, Seconds]] = {}

    def keep(self, vouchers: Sequence[Newer], limits: Mapping[Address, Limits]) -> list[Kept]:
        """As `Till.keep`."""
        with self._lock:
            if not limits and all(map(self._follows, vouchers)):
                for newer in vouchers:
                    channel_id, since = newer.before.channel.id, newer.since
                    first, _, at = self._taken[channel_id]
                    self._taken[channel_id] = first, newer.after, at if since is None else since
                return [True] * len(vouchers)
            kept = super().keep(vouchers, limits)
            known = [(newer.after, newer.at) for newer, done in zip(vouchers, kept, strict=True) if done is True]
            self._taken = {session.channel.id: (session, session, at) for session, at in known}
            return kept

    def _follows(self, newer: Newer) -> bool:
        """What leaves a promise out is told to the database: a meter's ticks may be in it."""
        before, taken = newer.before, self._taken.get(newer.before.channel.id)
        return taken is not None and before is taken[1] and not (before.promises and newer.left_out)

    def _flush(self) -> None:
        with self._lock:
            taken, self._taken = self._taken, {}
            newer = [
                Newer(one, last, last.newest, at) for one, last, at in taken.values() if last is not one and last.newest
            ]
            if newer:
                super().keep(newer, {})


class MemoryWallet(Wallet):
    """A payer's."""

    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        database.flush = self._flush
        self._lock = database.lock
        self._taken: dict[ChannelId, tuple[PayerSession, PayerSession, Seconds]] = {}

    def session(self, channel_id: ChannelId) -> PayerSession:
        """As `Wallet.session`."""
        with self._lock:
            taken = self._taken.get(channel_id)
            if taken is not None:
                return taken[1]
            session = super().session(channel_id)
            self._taken[channel_id] = session, session, Seconds(0)
            return session

    def keep(self, before: PayerSession, after: PayerSession, limits: SpendLimits | None, now: Seconds) -> bool:
        """As `Wallet.keep`."""
        with self._lock:
            taken = self._taken.get(before.channel.id)
            if limits is None and taken is not None and taken[1] is before:
                self._taken[before.channel.id] = taken[0], after, now
                return True
            return super().keep(before, after, limits, now)

    def _flush(self) -> None:
        with self._lock:
            taken, self._taken = self._taken, {}
            for first, last, now in taken.values():
                if last is not first:
                    super().keep(first, last, None, now)


class Answering:
    """A store that never waits, with coroutines."""

    def __init__(self, store: object) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        async def call(*values: Any, **named: Any) -> Any:
            return method(*values, **named)

        setattr(self, name, call)
        return call
