"""Which store: a file's path is enough."""

from pathlib import Path
from typing import Protocol, cast

import msgspec

from chain.typed_data import Domain
from channels.stores.aio.standings import AsyncStandings
from channels.stores.aio.till import AsyncTill
from channels.stores.aio.wallet import AsyncWallet
from channels.stores.in_thread import AsyncSqliteDatabase
from channels.stores.memory import Answering, MemoryDatabase, MemoryTill, MemoryWallet
from channels.stores.schema import Kind
from channels.stores.sqlite import MEMORY, SqliteDatabase
from channels.stores.sync.standings import Standings
from channels.stores.sync.till import Till
from channels.stores.sync.wallet import Wallet


class Store(Protocol):
    """Where something is kept; a till, a wallet or standings of one contract on one chain is opened in it."""

    def till(self, domain: Domain) -> Till:
        """A payee's."""

    def wallet(self, domain: Domain) -> Wallet:
        """A payer's."""

    def duplex(self, domain: Domain) -> Standings:
        """A party's of two-way channels."""

    def async_till(self, domain: Domain) -> AsyncTill:
        """A payee's, for asyncio."""

    def async_wallet(self, domain: Domain) -> AsyncWallet:
        """A payer's, for asyncio."""

    def async_duplex(self, domain: Domain) -> AsyncStandings:
        """A party's of two-way channels, for asyncio."""


class SqliteStore(msgspec.Struct, frozen=True):
    """One file, for any number of threads and processes of one machine.

    An old backup is refused (`StoreRolledBack`) unless it is opened as `restored`: a till's epochs then accept nothing
    more and are to be closed, since vouchers that it has forgotten would be credited again. A two-way channel's epochs
    are only to be ended, since a close or a state that it has forgotten would cancel a newer one.
    """

    path: str | Path
    restored: bool = False

    def till(self, domain: Domain) -> Till:
        """A payee's. Raises what `SqliteDatabase` raises."""
        return Till(self._database("till", domain))

    def wallet(self, domain: Domain) -> Wallet:
        """A payer's. Raises what `SqliteDatabase` raises."""
        return Wallet(self._database("wallet", domain))

    def duplex(self, domain: Domain) -> Standings:
        """A party's of two-way channels. Raises what `SqliteDatabase` raises."""
        return Standings(self._database("duplex", domain))

    def async_till(self, domain: Domain) -> AsyncTill:
        """A payee's, for asyncio. Raises what `SqliteDatabase` raises."""
        return AsyncTill(AsyncSqliteDatabase(self._database("till", domain)))

    def async_wallet(self, domain: Domain) -> AsyncWallet:
        """A payer's, for asyncio. Raises what `SqliteDatabase` raises."""
        return AsyncWallet(AsyncSqliteDatabase(self._database("wallet", domain)))

    def async_duplex(self, domain: Domain) -> AsyncStandings:
        """A party's of two-way channels, for asyncio. Raises what `SqliteDatabase` raises."""
        return AsyncStandings(AsyncSqliteDatabase(self._database("duplex", domain)))

    def _database(self, kind: Kind, domain: Domain) -> SqliteDatabase:
        return SqliteDatabase(self.path, kind, domain, restored=self.restored)


class MemoryStore(msgspec.Struct, frozen=True):
    """Keeps nothing beyond the process, under the same law: for tests, and for payers of one run."""

    def till(self, domain: Domain) -> Till:
        """A payee's."""
        return MemoryTill(MemoryDatabase("till", domain))

    def wallet(self, domain: Domain) -> Wallet:
        """A payer's."""
        return MemoryWallet(MemoryDatabase("wallet", domain))

    def duplex(self, domain: Domain) -> Standings:
        """A party's of two-way channels."""
        return Standings(MemoryDatabase("duplex", domain))

    def async_till(self, domain: Domain) -> AsyncTill:
        """A payee's, for asyncio."""
        return cast(AsyncTill, Answering(self.till(domain)))

    def async_wallet(self, domain: Domain) -> AsyncWallet:
        """A payer's, for asyncio."""
        return cast(AsyncWallet, Answering(self.wallet(domain)))

    def async_duplex(self, domain: Domain) -> AsyncStandings:
        """A party's of two-way channels, for asyncio."""
        return cast(AsyncStandings, Answering(self.duplex(domain)))


def store_of(store: Store | str | Path) -> Store:
    """A path is an SQLite file; ":memory:" keeps nothing."""
    if store == MEMORY:
        return MemoryStore()
    return SqliteStore(store) if isinstance(store, str | Path) else store


class Stores:
    """Opens stores for sync shells."""

    @staticmethod
    def till(store: Store | str | Path, domain: Domain) -> Till:
        """A payee's."""
        return store_of(store).till(domain)

    @staticmethod
    def wallet(store: Store | str | Path, domain: Domain) -> Wallet:
        """A payer's."""
        return store_of(store).wallet(domain)

    @staticmethod
    def duplex(store: Store | str | Path, domain: Domain) -> Standings:
        """A party's of two-way channels."""
        return store_of(store).duplex(domain)


class AsyncStores:
    """Opens stores for asyncio."""

    @staticmethod
    def till(store: Store | str | Path, domain: Domain) -> AsyncTill:
        """A payee's."""
        return store_of(store).async_till(domain)

    @staticmethod
    def wallet(store: Store | str | Path, domain: Domain) -> AsyncWallet:
        """A payer's."""
        return store_of(store).async_wallet(domain)

    @staticmethod
    def duplex(store: Store | str | Path, domain: Domain) -> AsyncStandings:
        """A party's of two-way channels."""
        return store_of(store).async_duplex(domain)
