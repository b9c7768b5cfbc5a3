"""The tables of a tower's store. Amounts are 12 bytes, big end first, as in the other stores.

`turn` only rises: whoever was looked at stands at the end of the queue. What must be looked at at once has a `look_at`
of 0, and is late from `since` on, by the tower's clock.
"""

APPLICATION = int.from_bytes(b"Towr", "big")
VERSION = 3
TABLES = (
    "CREATE TABLE belongs_to (chain_id INTEGER PRIMARY KEY)",
    """
    CREATE TABLE jobs (
        channel_id BLOB NOT NULL, client TEXT NOT NULL, epoch INTEGER NOT NULL,
        kind TEXT NOT NULL, token TEXT NOT NULL, worth BLOB NOT NULL,
        rank BLOB NOT NULL, said BLOB NOT NULL, content BLOB NOT NULL, body BLOB NOT NULL, other BLOB,
        acts INTEGER NOT NULL, look_at INTEGER NOT NULL, since INTEGER NOT NULL, turn INTEGER NOT NULL,
        seen_at INTEGER NOT NULL, failure TEXT NOT NULL,
        PRIMARY KEY (channel_id, client, epoch)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX by_client ON jobs (client)",
    "CREATE INDEX by_look ON jobs (look_at, since)",
    "CREATE INDEX by_turn ON jobs (turn, look_at)",
    "CREATE INDEX by_acts ON jobs (acts)",
)
