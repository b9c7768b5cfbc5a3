"""Tables of version 2 as it made them: its statements stand here literally."""

import sqlite3
from pathlib import Path

EPOCHS = """
    CREATE TABLE epochs_2 (
        channel_id BYTEA NOT NULL, epoch BIGINT NOT NULL,
        deposit BYTEA NOT NULL, settled BYTEA NOT NULL, closes_at BIGINT NOT NULL,
        unconfirmed BYTEA NOT NULL, pending BYTEA NOT NULL,
        accepted BYTEA NOT NULL, delivered BYTEA NOT NULL, refunded BYTEA NOT NULL, stopped BIGINT NOT NULL,
        cumulative BYTEA NOT NULL, signature BYTEA NOT NULL, promises TEXT NOT NULL, proven TEXT NOT NULL,
        included BYTEA NOT NULL, seen_at BIGINT NOT NULL,
        PRIMARY KEY (channel_id, epoch)
    )
"""
_FILL = """
    INSERT INTO epochs_2
    SELECT channel_id, epoch, deposit, settled, closes_at, unconfirmed, pending, accepted, delivered, refunded, stopped,
        cumulative, signature, promises, proven, included, seen_at
    FROM epochs
"""
TILL = (EPOCHS, _FILL, "DROP TABLE epochs", "ALTER TABLE epochs_2 RENAME TO epochs")
WALLET = ("ALTER TABLE lanes DROP COLUMN guessed",)
DUPLEX = ("ALTER TABLE duplexes DROP COLUMN whole_from",)
TABLES = {"till": TILL, "wallet": WALLET, "duplex": DUPLEX}
"""What makes a kind's newer tables version 2's, with all that was in them."""
OWN = "UPDATE belongs_to SET version = 2"


def write(path: Path, kind: str) -> None:
    """Makes a closed file one of version 2."""
    file = sqlite3.connect(path)
    for statement in TABLES[kind]:
        file.execute(f"{statement} WITHOUT ROWID" if "CREATE TABLE" in statement else statement)
    file.execute(OWN)
    file.execute("PRAGMA user_version = 2")
    file.commit()
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()


def versions(path: Path) -> tuple[int, int]:
    """As the file says it in either place."""
    return _number(path, "PRAGMA user_version"), _number(path, "SELECT version FROM belongs_to")


def changes(path: Path) -> int:
    """How many the file has counted."""
    return _number(path, "SELECT changes FROM marks")


def _number(path: Path, query: str) -> int:
    file = sqlite3.connect(path)
    ((number,),) = file.execute(query).fetchall()
    file.close()
    assert isinstance(number, int)
    return number
