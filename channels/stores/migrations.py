"""From a version of the tables to the next one, in words that SQLite, PostgreSQL and its distributed kin share."""

from collections.abc import Mapping, Sequence

from channels.stores.schema import TABLES, Kind

_EPOCHS_2 = """
    CREATE TABLE epochs (
        channel_id BYTEA NOT NULL, epoch BIGINT NOT NULL,
        deposit BYTEA NOT NULL, settled BYTEA NOT NULL, closes_at BIGINT NOT NULL,
        unconfirmed BYTEA NOT NULL, pending BYTEA NOT NULL,
        accepted BYTEA NOT NULL, delivered BYTEA NOT NULL, refunded BYTEA NOT NULL, stopped BIGINT NOT NULL,
        cumulative BYTEA NOT NULL, signature BYTEA NOT NULL, promises TEXT NOT NULL, proven TEXT NOT NULL,
        included BYTEA NOT NULL, seen_at BIGINT NOT NULL,
        PRIMARY KEY (channel_id, epoch)
    )
"""
_LANES_2 = """
    CREATE TABLE lanes (
        channel_id BYTEA PRIMARY KEY, descriptor TEXT NOT NULL, epoch BIGINT NOT NULL,
        deposit BYTEA NOT NULL, settled BYTEA NOT NULL, closes_at BIGINT NOT NULL,
        promised BYTEA NOT NULL, promises TEXT NOT NULL, version BIGINT NOT NULL
    )
"""
_WALLET_2 = [_LANES_2 if "TABLE lanes" in text else text for text in TABLES["wallet"]]
_TILL_2 = [_EPOCHS_2 if "TABLE epochs" in text else text for text in TABLES["till"]]
MIGRATIONS: Mapping[tuple[Kind, int], Sequence[str]] = {
    ("till", 1): (
        "DROP VIEW books",
        "ALTER TABLE channels RENAME TO channels_1",
        "ALTER TABLE epochs RENAME TO epochs_1",
        "ALTER TABLE deliveries RENAME TO deliveries_1",
        *_TILL_2,
        "INSERT INTO channels SELECT channel_id, descriptor FROM channels_1",
        """
        INSERT INTO epochs
        SELECT channel_id, epoch, deposit, settled, closes_at, x'000000000000000000000000',
            x'000000000000000000000000', accepted, delivered, x'000000000000000000000000', stopped,
            CASE WHEN signature = x'' THEN x'000000000000000000000000' ELSE accepted END, signature, '', '',
            included, 0
        FROM epochs_1
        """,
        """
        INSERT INTO deliveries
        SELECT channel_id, key, epoch, 0, price, x'000000000000000000000000', delivered, accepted FROM deliveries_1
        """,
        "DROP TABLE channels_1",
        "DROP TABLE epochs_1",
        "DROP TABLE deliveries_1",
    ),
    ("wallet", 1): (
        "ALTER TABLE lanes RENAME TO lanes_1",
        *_WALLET_2,
        """
        INSERT INTO lanes
        SELECT channel_id, descriptor, epoch, deposit, settled, closes_at, promised, '', 1 FROM lanes_1
        """,
        "DROP TABLE lanes_1",
    ),
    ("till", 2): (
        "ALTER TABLE epochs ADD COLUMN unsettled_since BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE epochs ADD COLUMN claimed BYTEA NOT NULL DEFAULT ''",
        "ALTER TABLE epochs ADD COLUMN claimed_at BIGINT NOT NULL DEFAULT 0",
    ),
    ("wallet", 3): ("ALTER TABLE lanes ADD COLUMN guessed BYTEA NOT NULL DEFAULT ''",),
    ("duplex", 3): ("ALTER TABLE duplexes ADD COLUMN whole_from BIGINT NOT NULL DEFAULT 0",),
}
"""Where a kind has none it stays as it is. Version 1 knew SQLite only; what comes after it must be harmless when it is
made twice, as `ADD COLUMN` is. Version 2 did not keep how old money is: what it owed counts as older than any wait.
Version 3 did not keep what is guessed: `wallet_rows.py` says what its rows count as.
"""


def statements(kind: Kind, version: int) -> Sequence[str]:
    """What leads from this version to the next one."""
    return MIGRATIONS.get((kind, version), ())
