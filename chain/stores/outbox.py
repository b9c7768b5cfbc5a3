"""The outbox's file: intents, every transaction that was ever signed for them, and who sends for which account."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chain.outbox.entry import Attempt, Entry, Stage
from chain.outbox.errors import (
    IntentKeyReused,
    OutboxBusy,
    OutboxFailed,
    OutboxLeaseLost,
    OutboxOfAnotherChain,
    OutboxOfAnotherProcess,
    OutboxRolledBack,
    OutboxUnreadable,
    UnknownIntent,
)
from chain.outbox.fees import Price
from chain.outbox.intent import Intent
from chain.outbox.machine import RESTORED
from chain.stores.file_mark import FileMark
from chain.stores.outbox_tables import OPEN, TABLES
from chain.stores.sqlite import SqliteFile
from chain.units import Address, Seconds

_KIND, _VERSION = int.from_bytes(b"Outb", "big"), 2
_ADD = """
    INSERT INTO intents (key, account, payee, data, value, expiry, fills, stage) VALUES (?, ?, ?, ?, ?, ?, ?, 'queued')
    ON CONFLICT (key) DO UPDATE SET stage = 'queued', cancelled = 0, why = ''
    WHERE stage = 'refused' AND NOT restored
"""
_RESUBMIT = """
    UPDATE intents SET stage = 'queued', cancelled = 0, restored = 0, why = '' WHERE key = ? AND stage = 'refused'
"""
_COLUMNS = """
    SELECT key, account, payee, data, value, expiry, fills,
        stage, cancelled, restored, nonce, gas, transaction_hash, block, block_hash, why
    FROM intents
"""
_ONE = _COLUMNS + " WHERE key = ?"
_ALL = f"{_COLUMNS} ORDER BY number"
_OPEN_OF = f"{_COLUMNS} WHERE account = ? AND {OPEN} ORDER BY number"
_CANCEL = f"UPDATE intents SET cancelled = 1 WHERE key = ? AND {OPEN}"  # noqa: S608  # no value comes from outside
_ATTEMPTS = """
    SELECT transaction_hash, raw, tip, max_fee, cancels, block FROM attempts WHERE key = ? AND nonce = ? ORDER BY number
"""
_KEEP = """
    UPDATE intents SET stage = ?, nonce = ?, gas = ?, transaction_hash = ?, block = ?, block_hash = ?, why = ?
    WHERE key = ?
"""
_ON_ITS_WAY = """
    SELECT key FROM intents
    WHERE account = ? AND payee = ? AND data = ? AND value = ? AND NOT cancelled
        AND stage IN ('queued', 'sent', 'unknown')
    ORDER BY number LIMIT 1
"""
_SIGNED = "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RESTORED = f"""
    UPDATE intents SET restored = 1,
        stage = CASE WHEN nonce IS NULL THEN 'refused' ELSE stage END, why = CASE WHEN nonce IS NULL THEN ? ELSE why END
    WHERE fills IS NULL AND (stage = 'refused' OR {OPEN})
"""  # noqa: S608  # no value comes from outside
_NEXT = """
    SELECT account, max(floor, COALESCE((
        SELECT max(attempts.nonce) + 1 FROM intents JOIN attempts USING (key) WHERE intents.account = accounts.account
    ), 0)) FROM accounts ORDER BY account
"""
_MEMORY = ":memory:"
_LEASE = """
    INSERT INTO accounts VALUES (?1, 0, ?2, ?3, 1)
    ON CONFLICT (account) DO UPDATE SET holder = ?2, until = ?3, fence = fence + (holder <> ?2)
    WHERE holder = ?2 OR until <= ?4 OR until > ?4 + 10 * (?3 - ?4)
"""


class OutboxStore(SqliteFile):
    """Bound to one chain; ":memory:" keeps nothing. The law, which the database keeps whoever writes:

    one key, one call           the same key with another content is refused
    one nonce, one intent       and an intent's nonce never changes, it can only be taken back
    what ended stays            done, reverted and given up never change; no signed transaction is forgotten
    one writer an account       what changes an intent carries its lease's number, and an older one is refused

    An old backup is refused (`OutboxRolledBack`) unless it is opened as `restored`: then no intent in it gets a nonce
    that it did not have there, since it may have had one since; who knows that it has not happened resubmits its key.
    """

    unreadable, failed, busy, of_another_process = OutboxUnreadable, OutboxFailed, OutboxBusy, OutboxOfAnotherProcess

    def __init__(self, path: str | Path, chain_id: int, *, restored: bool = False) -> None:
        self._chain_id, self._restored = chain_id, restored
        self._mark: FileMark | None = None
        super().__init__(path)
        if self.path != _MEMORY:
            try:
                self._mark = self._opened_mark()
            except OutboxFailed:
                self.close()
                raise
            self._mark.note(self._changes(), anew=restored)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As every `SqliteFile`'s; and the change is counted, in the file and beside it."""
        with self.lock:
            with super().transaction():
                yield
                self.change("UPDATE belongs_to SET changes = changes + 1")
                changes = self._changes()
            if self._mark:
                self._mark.note(changes)

    def close(self) -> None:
        """Ends the connection."""
        super().close()
        if self._mark:
            self._mark.close()

    def add(self, intent: Intent) -> Entry:
        """Durable; a repeat changes nothing, unless the first would have reverted: then it is queued anew.

        Raises `IntentKeyReused`.
        """
        with self.transaction():
            values = intent.account, intent.to, intent.data, str(intent.value), intent.expiry, intent.fills
            for row in self.rows(_ONE, intent.key):
                if differs := _intent(self._chain_id, row).differs(intent):
                    raise IntentKeyReused(intent.key, differs)
            self.change(_ADD, intent.key, *values)
        return self.entry(intent.key)

    def resubmit(self, key: str) -> Entry:
        """Queued anew if it was refused, whatever a backup may have forgotten. Raises `UnknownIntent`."""
        with self.transaction():
            self.change(_RESUBMIT, key)
        return self.entry(key)

    def stands(self, key: str) -> bool:
        """Whether something stands under this key, and is not refused."""
        return bool(self.rows("SELECT 1 FROM intents WHERE key = ? AND stage <> 'refused'", key))

    def on_its_way(self, account: Address, to: Address, data: bytes, value: int) -> str | None:
        """The key of this very call, where it is in no block yet and may still be."""
        found = self.rows(_ON_ITS_WAY, account, to, data, str(value))
        return str(found[0][0]) if found else None

    def entry(self, key: str) -> Entry:
        """Raises `UnknownIntent`."""
        for entry in self._entries(_ONE, key):
            return entry
        raise UnknownIntent(key)

    def open_of(self, account: Address) -> list[Entry]:
        """Those of an account to which something may still happen, in the order in which they came."""
        return self._entries(_OPEN_OF, account)

    def entries(self) -> list[Entry]:
        """All, in the order in which they came."""
        return self._entries(_ALL)

    def cancel(self, key: str) -> Entry:
        """Asks for it; what is final decides. Raises `UnknownIntent`."""
        with self.transaction():
            self.change(_CANCEL, key)
        return self.entry(key)

    def lease(self, account: Address, holder: str, now: float, seconds: float) -> int | None:
        """The number under which `holder` may write for the account, or None while another one has it.

        One that ends later than ten would last was taken by a clock that was wrong, and binds nobody.
        """
        with self.transaction():
            if not self.change(_LEASE, account, holder, now + seconds, now):
                return None
            return int(self.rows("SELECT fence FROM accounts WHERE account = ?", account)[0][0])

    def release(self, holder: str) -> None:
        """Others need not wait until it runs out."""
        self.change("UPDATE accounts SET until = 0 WHERE holder = ?", holder)

    def floor(self, account: Address) -> int:
        """No nonce below it is ever given: all are used, finally."""
        return next((int(floor) for (floor,) in self.rows("SELECT floor FROM accounts WHERE account = ?", account)), 0)

    def next_nonces(self) -> dict[Address, int]:
        """Of each account, the first that nothing in the file has had."""
        return {account: int(nonce) for account, nonce in self.rows(_NEXT)}

    def keep(self, before: Entry, after: Entry, fence: int) -> None:
        """Durable: what changed, and what was signed. Raises `OutboxLeaseLost`, nothing written."""
        intent = after.intent
        with self.transaction():
            if not self.rows("SELECT 1 FROM accounts WHERE account = ? AND fence = ?", intent.account, fence):
                raise OutboxLeaseLost(self.path, intent.account)
            place = after.transaction, after.block, after.block_hash
            self.change(_KEEP, after.stage, after.nonce, after.gas, *place, after.why, intent.key)
            for attempt in after.attempts[len(before.attempts) :]:
                self._sign(after, attempt)
            if before.nonce is not None and (after.nonce is None or not after.open):
                used = before.nonce + 1, intent.account
                self.change("UPDATE accounts SET floor = max(floor, ?) WHERE account = ?", *used)

    def _sign(self, entry: Entry, attempt: Attempt) -> None:
        price = str(attempt.price.tip), str(attempt.price.max_fee)
        place = entry.intent.key, entry.nonce, entry.attempts.index(attempt)
        self.change(_SIGNED, attempt.transaction, *place, attempt.raw, *price, attempt.cancels, attempt.block)

    def _entries(self, query: str, *values: Any) -> list[Entry]:
        with self.lock:
            return [self._entry(row) for row in self.rows(query, *values)]

    def _entry(self, row: Sequence[Any]) -> Entry:
        stage, cancelled, restored, nonce, gas, transaction, block, block_hash, why = row[7:]
        return Entry(
            intent=_intent(self._chain_id, row),
            stage=Stage(stage),
            cancelled=bool(cancelled),
            restored=bool(restored),
            nonce=nonce,
            gas=gas,
            attempts=tuple(_attempt(found) for found in self.rows(_ATTEMPTS, row[0], nonce)),
            transaction=transaction,
            block=block,
            block_hash=block_hash,
            why=why,
        )

    def _claim(self) -> None:
        kind, version = self._pragma("application_id"), self._pragma("user_version")
        if not kind and not version and not self.rows("SELECT 1 FROM sqlite_master"):
            self._create(TABLES, kind=_KIND, version=_VERSION)
            self.change("INSERT INTO belongs_to VALUES (?, 0)", self._chain_id)
            self._make_mark()
        elif (kind, version) != (_KIND, _VERSION):
            raise OutboxUnreadable(self.path, "it is another program's file, or of another version")
        ((found,),) = self.rows("SELECT chain_id FROM belongs_to")
        if found != self._chain_id:
            raise OutboxOfAnotherChain(self.path, self._chain_id, found)
        if self.path != _MEMORY:
            self._require_newest()

    @property
    def _mark_path(self) -> str:
        """Beside the file itself, by whichever name it was opened."""
        return os.path.realpath(self.path) + "-mark"

    def _make_mark(self) -> None:
        """Before there is a file that could miss it: empty, it accuses nobody."""
        if self.path != _MEMORY:
            self._opened_mark().close()

    def _opened_mark(self) -> FileMark:
        try:
            return FileMark(self._mark_path)
        except OSError as error:
            raise OutboxFailed(self._mark_path, str(error)) from error

    def _changes(self) -> int:
        return int(self.rows("SELECT changes FROM belongs_to")[0][0])

    def _require_newest(self) -> None:
        found, marked = self._changes(), FileMark.read(self._mark_path)
        if self._restored:
            self.change(_RESTORED, RESTORED)
        elif (found > 0) if marked is None else (found < marked):
            raise OutboxRolledBack(self.path, found, marked)


def _intent(chain_id: int, row: Sequence[Any]) -> Intent:
    key, account, payee, data, value, expiry, fills = row[:7]
    return Intent(
        key=key,
        chain_id=chain_id,
        account=account,
        to=payee,
        data=data,
        value=int(value),
        expiry=None if expiry is None else Seconds(expiry),
        fills=fills,
    )


def _attempt(row: Sequence[Any]) -> Attempt:
    transaction, raw, tip, max_fee, cancels, block = row
    price = Price(int(tip), int(max_fee))
    return Attempt(transaction=transaction, raw=raw, price=price, cancels=bool(cancels), block=block)
