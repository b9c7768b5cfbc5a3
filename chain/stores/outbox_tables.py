"""The outbox's tables and their law. Amounts and fees are decimal text: SQLite's integers stop at 2**63."""

from chain.outbox.entry import ENDS

OPEN = f"stage NOT IN ({', '.join(repr(stage.value) for stage in sorted(ENDS))})"
TABLES = (
    "CREATE TABLE belongs_to (chain_id INTEGER NOT NULL, changes INTEGER NOT NULL)",
    """
    CREATE TABLE intents (
        number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,
        account TEXT NOT NULL, payee TEXT NOT NULL, data BLOB NOT NULL, value TEXT NOT NULL,
        expiry INTEGER, fills INTEGER,
        stage TEXT NOT NULL, cancelled INTEGER NOT NULL DEFAULT 0,
        restored INTEGER NOT NULL DEFAULT 0, nonce INTEGER, gas INTEGER NOT NULL DEFAULT 0,
        transaction_hash TEXT NOT NULL DEFAULT '', block INTEGER NOT NULL DEFAULT 0,
        block_hash TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '',
        UNIQUE (account, nonce)
    )
    """,
    f"CREATE INDEX open_intents ON intents (account, number) WHERE {OPEN}",
    """
    CREATE TABLE attempts (
        transaction_hash TEXT PRIMARY KEY, key TEXT NOT NULL, nonce INTEGER NOT NULL, number INTEGER NOT NULL,
        raw BLOB NOT NULL, tip TEXT NOT NULL, max_fee TEXT NOT NULL, cancels INTEGER NOT NULL, block INTEGER NOT NULL,
        UNIQUE (key, nonce, number)
    )
    """,
    """
    CREATE TABLE accounts (
        account TEXT PRIMARY KEY, floor INTEGER NOT NULL,
        holder TEXT NOT NULL, until REAL NOT NULL, fence INTEGER NOT NULL
    )
    """,
    """
    CREATE TRIGGER ended BEFORE UPDATE ON intents
    WHEN old.stage IN ('done', 'given up', 'reverted')
    BEGIN SELECT raise(ABORT, 'what ended stays'); END
    """,
    """
    CREATE TRIGGER one_nonce BEFORE UPDATE OF nonce ON intents WHEN old.nonce <> new.nonce
    BEGIN SELECT raise(ABORT, 'an intent keeps its nonce'); END
    """,
    """
    CREATE TRIGGER not_by_itself BEFORE UPDATE OF nonce ON intents
    WHEN old.restored AND old.nonce IS NULL AND new.nonce IS NOT NULL
    BEGIN SELECT raise(ABORT, 'what a backup has may have happened'); END
    """,
    "CREATE TRIGGER signed BEFORE UPDATE ON attempts BEGIN SELECT raise(ABORT, 'what was signed stays'); END",
    "CREATE TRIGGER remembered BEFORE DELETE ON attempts BEGIN SELECT raise(ABORT, 'what was signed stays'); END",
    "CREATE TRIGGER kept BEFORE DELETE ON intents BEGIN SELECT raise(ABORT, 'intents stay'); END",
)
