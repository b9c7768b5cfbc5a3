"""The tables, in words that SQLite, PostgreSQL and its distributed kin share: keyed by channel, without sequences.

Amounts are 12 bytes, big end first (sums over channels 16): they order as numbers do, and integers stop at 2**63.
`VERSION` rises with every change; `migrations.py` leads from one version to the next.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

Kind = Literal["till", "wallet", "duplex"]
VERSION = 4

_TILL = (
    "CREATE TABLE channels (channel_id BYTEA PRIMARY KEY, descriptor TEXT NOT NULL)",
    """
    CREATE TABLE epochs (
        channel_id BYTEA NOT NULL, epoch BIGINT NOT NULL,
        deposit BYTEA NOT NULL, settled BYTEA NOT NULL, closes_at BIGINT NOT NULL,
        unconfirmed BYTEA NOT NULL, pending BYTEA NOT NULL,
        accepted BYTEA NOT NULL, delivered BYTEA NOT NULL, refunded BYTEA NOT NULL, stopped BIGINT NOT NULL,
        cumulative BYTEA NOT NULL, signature BYTEA NOT NULL, promises TEXT NOT NULL, proven TEXT NOT NULL,
        included BYTEA NOT NULL, seen_at BIGINT NOT NULL,
        unsettled_since BIGINT NOT NULL, claimed BYTEA NOT NULL, claimed_at BIGINT NOT NULL,
        PRIMARY KEY (channel_id, epoch)
    )
    """,
    """
    CREATE TABLE deliveries (
        channel_id BYTEA NOT NULL, key TEXT NOT NULL, epoch BIGINT NOT NULL, made_at BIGINT NOT NULL,
        price BYTEA NOT NULL, refunded BYTEA NOT NULL, delivered BYTEA NOT NULL, accepted BYTEA NOT NULL,
        PRIMARY KEY (channel_id, key)
    )
    """,
    """
    CREATE TABLE meters (
        channel_id BYTEA NOT NULL, promise_hash BYTEA NOT NULL, epoch BIGINT NOT NULL,
        opening TEXT NOT NULL, position BIGINT NOT NULL, tip BYTEA NOT NULL, served BYTEA NOT NULL,
        PRIMARY KEY (channel_id, promise_hash)
    )
    """,
    """
    CREATE TABLE settlements (
        channel_id BYTEA NOT NULL, epoch BIGINT NOT NULL, transaction_hash BYTEA NOT NULL,
        amount BYTEA NOT NULL, made_at BIGINT NOT NULL,
        PRIMARY KEY (channel_id, epoch, transaction_hash)
    )
    """,
    "CREATE TABLE fees (transaction_hash BYTEA PRIMARY KEY, amount BYTEA NOT NULL, made_at BIGINT NOT NULL)",
    "CREATE TABLE exposure (token TEXT PRIMARY KEY, at_risk BYTEA NOT NULL, unconfirmed BYTEA NOT NULL)",
)
_WALLET = (
    """
    CREATE TABLE lanes (
        channel_id BYTEA PRIMARY KEY, descriptor TEXT NOT NULL, epoch BIGINT NOT NULL,
        deposit BYTEA NOT NULL, settled BYTEA NOT NULL, closes_at BIGINT NOT NULL,
        promised BYTEA NOT NULL, promises TEXT NOT NULL, version BIGINT NOT NULL, guessed BYTEA NOT NULL
    )
    """,
    """
    CREATE TABLE spent (
        token TEXT NOT NULL, payee TEXT NOT NULL, quarter BIGINT NOT NULL, amount BYTEA NOT NULL,
        PRIMARY KEY (token, payee, quarter)
    )
    """,
    """
    CREATE TABLE chains (
        channel_id BYTEA NOT NULL, salt BYTEA NOT NULL, price BYTEA NOT NULL, ticks BIGINT NOT NULL,
        PRIMARY KEY (channel_id, salt)
    )
    """,
)
_DUPLEX = (
    """
    CREATE TABLE duplexes (
        channel_id BYTEA PRIMARY KEY, descriptor TEXT NOT NULL, whole_from BIGINT NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE standings (
        channel_id BYTEA NOT NULL, epoch BIGINT NOT NULL, revision BIGINT NOT NULL, kept TEXT NOT NULL,
        PRIMARY KEY (channel_id, epoch)
    )
    """,
    "CREATE TABLE conditions (data_hash BYTEA PRIMARY KEY, data BYTEA NOT NULL)",
)
TABLES: Mapping[Kind, Sequence[str]] = {"till": _TILL, "wallet": _WALLET, "duplex": _DUPLEX}
COMMON = (
    "CREATE TABLE IF NOT EXISTS belongs_to (kind TEXT PRIMARY KEY, domain BYTEA NOT NULL, version BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS marks (writer TEXT PRIMARY KEY, changes BIGINT NOT NULL)",
)
"""What every kind has; in one PostgreSQL database several kinds may live together."""
RESTORED: Mapping[Kind, Sequence[str]] = {
    "till": (
        "UPDATE epochs SET stopped = stopped + 1",
        "INSERT INTO marks VALUES ('restoration', 1) ON CONFLICT DO NOTHING",
    ),
    "wallet": (),
    "duplex": (
        "UPDATE duplexes SET whole_from = -1",
        "INSERT INTO marks VALUES ('restored party', 1) ON CONFLICT DO NOTHING",
    ),
}
"""What keeps an old backup from harm: a payee that has forgotten vouchers would give goods for them again, a party of
two-way channels would count on a state that one which it has forgotten cancels.

A restoration is no writer. While `marks` has a till's, epochs that are seen for the first time begin stopped; while it
has a party's, so do channels that are added. `whole_from` is the first epoch in which nothing can have been forgotten;
below zero it is not known before the next look at the chain.
"""
