import gc
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chain.errors import StoreError
from escrow.evidence.database import Database
from escrow.evidence_errors import JournalBusy, JournalFailed, JournalOfAnotherProcess, JournalUnreadable

Open = Callable[[Path | str], Database]
ADD = "INSERT INTO entries VALUES (x'01', ?1, 'file', hex(?1), '{}')"
COUNT = "SELECT count(*) FROM entries"


@pytest.fixture
def opened() -> Iterator[Open]:
    found: list[Database] = []

    def new(path: Path | str) -> Database:
        found.append(Database(path))
        return found[-1]

    yield new
    for one in found:
        one.close()


def add_and_fail(one: Database) -> None:
    with one.transaction(), one.transaction():
        one.rows(ADD, 1)
        raise RuntimeError


def fill(one: Database) -> None:
    for number in range(10_000):
        one.rows(ADD, number)


def test_what_returned_survives_a_power_cut(opened: Open, path: Path) -> None:
    one = opened(path)
    assert one.rows("PRAGMA journal_mode") == [("wal",)]
    assert one.rows("PRAGMA synchronous") == [(2,)], "FULL: a commit waits for the disk"
    assert one.rows("PRAGMA fullfsync") == [(1,)]


def test_a_transaction_is_all_or_nothing_and_may_stand_in_another(opened: Open, path: Path) -> None:
    one, other = opened(path), opened(path)
    with pytest.raises(RuntimeError):
        add_and_fail(one)
    assert one.rows(COUNT) == [(0,)]
    with one.transaction():
        with one.transaction():
            one.rows(ADD, 1)
        assert other.rows(COUNT) == [(0,)], "the inner one ends nothing"
        one.rows(ADD, 2)
    assert other.rows(COUNT) == [(2,)]


@pytest.mark.parametrize("statement", ["UPDATE entries SET record = '[]'", "DELETE FROM entries"])
def test_an_entry_is_neither_changed_nor_removed(opened: Open, path: Path, statement: str) -> None:
    one = opened(path)
    one.rows(ADD, 1)
    with pytest.raises(JournalFailed):
        one.rows(statement)
    assert one.rows("SELECT record FROM entries") == [("{}",)]


def test_a_position_is_taken_once(opened: Open, path: Path) -> None:
    one = opened(path)
    one.rows(ADD, 1)
    with pytest.raises(JournalFailed):
        one.rows(ADD, 1)


def test_another_programs_database_is_left_alone(opened: Open, path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (value)")
    other.commit()
    before = path.read_bytes()
    with pytest.raises(JournalUnreadable):
        opened(path)
    assert path.read_bytes() == before
    other.close()


@pytest.mark.parametrize("pragma", ["user_version = 2", "application_id = 7"])
def test_a_file_of_another_version_or_kind_is_refused(opened: Open, path: Path, pragma: str) -> None:
    one = opened(path)
    one.rows(f"PRAGMA {pragma}")
    one.close()
    with pytest.raises(JournalUnreadable):
        opened(path)


def test_what_is_no_database_is_unreadable(opened: Open, path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"not a database " * 1_000)
    for place in (path, tmp_path, tmp_path / "nowhere" / "journals.db"):
        with pytest.raises(JournalUnreadable) as caught:
            opened(place)
        assert caught.value.facts["path"] == str(place)


def test_a_lock_that_is_held_too_long_can_be_retried(opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chain.stores.sqlite.PATIENCE", 0.05)
    one, other = opened(path), opened(path)
    with one.transaction(), pytest.raises(JournalBusy) as caught:
        other.rows(ADD, 1)
    assert caught.value.retryable
    other.rows(ADD, 1)


def test_a_full_disk_is_a_typed_error_and_writes_nothing(opened: Open, path: Path) -> None:
    one = opened(path)
    one.rows("PRAGMA max_page_count = 8")
    with pytest.raises(JournalFailed):
        fill(one)
    ((written,),) = one.rows(COUNT)
    one.close()
    assert opened(path).rows(COUNT) == [(written,)]


def test_a_file_that_nobody_closed_is_closed_when_nobody_has_it_any_more(path: Path) -> None:
    one = Database(path)
    connection = one._connection
    del one
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_file_is_not_carried_through_a_fork(opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, child = opened(path), os.getpid() + 1
    monkeypatch.setattr(os, "getpid", lambda: child)
    with pytest.raises(JournalOfAnotherProcess):
        one.rows(COUNT)


def test_any_number_may_open_a_new_file_at_once(opened: Open, path: Path) -> None:
    ready, failures = threading.Barrier(8), []

    def open_it() -> None:
        ready.wait()
        try:
            opened(path).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("kept", [0.25, 0.5, 0.9, 1.0])
def test_a_torn_last_write_is_cut_off_and_nothing_before_it(opened: Open, path: Path, kept: float) -> None:
    """The write-ahead log as it would lie on the disk after a power cut in the middle of the last write."""
    one = opened(path)
    for number in range(5):
        one.rows(ADD, number)
    log, whole = path.with_name(path.name + "-wal"), len(path.with_name(path.name + "-wal").read_bytes())
    one.rows(ADD, 5)
    written = log.read_bytes()
    torn = path.with_name("torn.db")
    torn.write_bytes(path.read_bytes())
    cut = whole + int((len(written) - whole) * kept)
    torn.with_name("torn.db-wal").write_bytes(written[:cut])
    assert opened(torn).rows("SELECT position FROM entries") == [(n,) for n in range(6 if kept == 1.0 else 5)]
