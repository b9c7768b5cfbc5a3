"""Which PostgreSQL database; the driver is loaded when a store is opened in it."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec

from chain.errors import ExtraMissing
from chain.typed_data import Domain
from channels.stores.postgres.dsn import shown

if TYPE_CHECKING:
    from channels.stores.aio.standings import AsyncStandings
    from channels.stores.aio.till import AsyncTill
    from channels.stores.aio.wallet import AsyncWallet
    from channels.stores.postgres.database import AsyncPostgresDatabase
    from channels.stores.schema import Kind
    from channels.stores.sync.standings import Standings
    from channels.stores.sync.till import Till
    from channels.stores.sync.wallet import Wallet


class PostgresStore(msgspec.Struct, frozen=True):
    """A database by its DSN (`postgresql://user@host/name`), for any number of processes and machines.

    `mark` is a file that lies elsewhere and tells the database from an old backup of it, which without one nobody
    notices. An old backup is refused (`StoreRolledBack`) unless it is opened as `restored`: a till's epochs then accept
    nothing more and are to be closed, since vouchers that it has forgotten would be credited again; a two-way channel's
    are only to be ended, since a close or a state that it has forgotten would cancel a newer one.
    `connections` is the most that one event loop has at once. `by_channel` is for tables that are spread over machines
    (Citus): then each statement names one channel, at a round trip each.
    """

    dsn: str
    mark: str | Path | None = None
    restored: bool = False
    connections: int = 8
    by_channel: bool = False

    def __repr__(self) -> str:
        """Without the password."""
        return f"{type(self).__name__}({shown(self.dsn)!r})"

    def till(self, domain: Domain) -> "Till":
        """A payee's. Raises `ExtraMissing` and what `AsyncPostgresDatabase` raises."""
        from channels.stores.postgres.blocking import Blocking

        return cast("Till", Blocking(self.async_till(domain), shown(self.dsn)))

    def wallet(self, domain: Domain) -> "Wallet":
        """A payer's. Raises `ExtraMissing` and what `AsyncPostgresDatabase` raises."""
        from channels.stores.postgres.blocking import Blocking

        return cast("Wallet", Blocking(self.async_wallet(domain), shown(self.dsn)))

    def duplex(self, domain: Domain) -> "Standings":
        """A party's of two-way channels. Raises `ExtraMissing` and what `AsyncPostgresDatabase` raises."""
        from channels.stores.postgres.blocking import Blocking

        return cast("Standings", Blocking(self.async_duplex(domain), shown(self.dsn)))

    def async_till(self, domain: Domain) -> "AsyncTill":
        """A payee's, for asyncio. Raises `ExtraMissing`."""
        database = self._database("till", domain)
        from channels.stores.postgres.by_channel import AsyncByChannelTill
        from channels.stores.postgres.till import AsyncPostgresTill

        return AsyncByChannelTill(database) if self.by_channel else AsyncPostgresTill(database)

    def async_wallet(self, domain: Domain) -> "AsyncWallet":
        """A payer's, for asyncio. Raises `ExtraMissing`."""
        from channels.stores.aio.wallet import AsyncWallet

        return AsyncWallet(self._database("wallet", domain))

    def async_duplex(self, domain: Domain) -> "AsyncStandings":
        """A party's of two-way channels, for asyncio. Raises `ExtraMissing`."""
        from channels.stores.aio.standings import AsyncStandings

        return AsyncStandings(self._database("duplex", domain))

    def _database(self, kind: "Kind", domain: Domain) -> "AsyncPostgresDatabase":
        try:
            from channels.stores.postgres.database import AsyncPostgresDatabase
        except ModuleNotFoundError as missing:
            raise ExtraMissing("postgres", str(missing.name)) from None
        return AsyncPostgresDatabase(
            self.dsn, kind, domain, mark=self.mark, restored=self.restored, connections=self.connections
        )
