"""An old copy of the file: noticed by its mark, and what a restored one may still do."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chain.outbox.entry import Stage
from chain.outbox.errors import OutboxFailed, OutboxRolledBack, UnknownIntent
from chain.outbox.intent import filling
from chain.outbox.machine import refused, signed
from chain.stores.outbox import OutboxStore
from tests.chain.outbox.kept import attempt, begun
from tests.chain.outbox.world import ANN, intent_of


def copied(path: Path, backup: Path) -> None:
    """As SQLite's own backup makes it: one file."""
    with sqlite3.connect(path) as source, sqlite3.connect(backup) as target:
        source.backup(target)
    source.close()
    target.close()


def test_an_old_backup_sends_nothing_a_second_time(store: OutboxStore, path: Path, tmp_path: Path) -> None:
    begun(store, "sent", 3)
    store.add(intent_of("queued"))
    reverting = store.add(intent_of("refused"))
    fence = store.lease(ANN, "me", 0, 10)
    assert fence is not None
    store.keep(reverting, refused(reverting, "it would have reverted"), fence)
    copied(path, tmp_path / "backup.db")
    begun(store, "queued", 4)
    for number in range(3):
        store.add(intent_of(f"forgotten {number}"))
    store.close()
    for part in ("", "-wal", "-shm"):
        Path(f"{path}{part}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", path)
    with pytest.raises(OutboxRolledBack) as caught:
        OutboxStore(path, 1)
    assert caught.value.found < (caught.value.marked or 0)

    restored = OutboxStore(path, 1, restored=True)
    assert [(entry.intent.key, entry.stage, entry.restored) for entry in restored.entries()] == [
        ("sent", Stage.SENT, True),
        ("queued", Stage.REFUSED, True),
        ("refused", Stage.REFUSED, True),  # It may have been asked for again since.
    ]
    assert restored.next_nonces() == {ANN: 4}
    for key in ("queued", "refused"):
        assert restored.add(intent_of(key)).stage is Stage.REFUSED, "a plain retry knows no more than the file"
    assert restored.resubmit("queued").stage is Stage.QUEUED
    assert not restored.entry("queued").restored
    assert restored.resubmit("sent").stage is Stage.SENT
    with pytest.raises(UnknownIntent):
        restored.resubmit("nobody's")
    restored.close()
    OutboxStore(path, 1).close()


def test_what_a_backup_had_open_gets_no_nonce_whoever_writes(store: OutboxStore, path: Path) -> None:
    sent, fence = begun(store, "sent", 3)
    store.add(intent_of("queued"))
    store.close()
    with closing(OutboxStore(path, 1, restored=True)) as restored:
        before = restored.entry("queued")
        with pytest.raises(OutboxFailed, match="may have happened"):
            restored.keep(before, signed(before, 5, 21_000, attempt(6)), fence)
        bumped = signed(sent, 3, 21_000, attempt(9))
        restored.keep(sent, bumped, fence)
        freed = replace(bumped, stage=Stage.QUEUED, nonce=None, gas=0, attempts=())
        restored.keep(bumped, freed, fence)
        with pytest.raises(OutboxFailed, match="may have happened"):
            restored.keep(freed, signed(freed, 6, 21_000, attempt(7)), fence)


def test_a_restored_filler_still_fills(store: OutboxStore, path: Path) -> None:
    store.add(filling(1, ANN, 3))
    store.close()
    with closing(OutboxStore(path, 1, restored=True)) as restored:
        assert [(entry.stage, entry.restored) for entry in restored.entries()] == [(Stage.QUEUED, False)]


def test_a_file_without_its_mark_is_not_believed(store: OutboxStore, path: Path) -> None:
    store.add(intent_of("queued"))
    store.close()
    Path(f"{path}-mark").unlink()
    with pytest.raises(OutboxRolledBack):
        OutboxStore(path, 1)


def test_a_crash_before_the_first_mark_accuses_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """At once."""

    def killed(_: OutboxStore) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(OutboxStore, "_write_ahead", killed)
        with pytest.raises(Killed):
            OutboxStore(path, 1)
    OutboxStore(path, 1).close()


def test_the_mark_is_the_file_s_whatever_its_name(store: OutboxStore, path: Path) -> None:
    store.add(intent_of("queued"))
    store.close()
    (path.parent / "other.db").symlink_to(path)
    OutboxStore(path.parent / "other.db", 1).close()
    assert not Path(f"{path.parent / 'other.db'}-mark").exists()


def test_every_change_is_marked_once_it_is_durable(store: OutboxStore, path: Path) -> None:
    for number in range(3):
        store.add(intent_of(f"intent {number}"))
        assert int.from_bytes(Path(f"{path}-mark").read_bytes(), "big") == store._changes()
