import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chain.errors import StoreError
from chain.typed_data import Domain
from channels.stores.errors import StoreBusy, StoreFailed, StoreOfAnotherChain, StoreOfAnotherProcess, StoreUnreadable
from channels.stores.opening import SqliteStore
from channels.stores.sqlite import SqliteDatabase

Open = Callable[[Path | str, Domain], SqliteDatabase]
ADD = "INSERT INTO fees VALUES ($1, zeroblob(500), 0)"
ALL = "SELECT transaction_hash FROM fees"
COUNT = "SELECT count(*) FROM fees"


def limit(store: SqliteDatabase) -> None:
    """The disk has room for one page more."""
    ((pages,),) = store.rows("PRAGMA page_count")
    store.change(f"PRAGMA max_page_count = {pages + 1}")


@pytest.fixture
def opened() -> Iterator[Open]:
    """Stores that are closed with the test."""
    stores: list[SqliteDatabase] = []

    def new(path: Path | str, domain: Domain) -> SqliteDatabase:
        stores.append(SqliteDatabase(path, "till", domain))
        return stores[-1]

    yield new
    for store in stores:
        store.close()


def fill(store: SqliteDatabase) -> None:
    for number in range(10_000):
        store.change(ADD, number.to_bytes(32, "big"))


def fail_halfway(store: SqliteDatabase) -> None:
    with store.transaction():
        store.change(ADD, b"\1")
        raise RuntimeError


def fill_at_once(store: SqliteDatabase) -> None:
    with store.transaction():
        fill(store)


def test_what_returned_survives_a_power_cut(opened: Open, path: Path, domain: Domain) -> None:
    store = opened(path, domain)
    assert store.rows("PRAGMA journal_mode") == [("wal",)]
    assert store.rows("PRAGMA synchronous") == [(2,)], "FULL: a commit waits for the disk"
    assert store.rows("PRAGMA fullfsync") == [(1,)]
    store.change(ADD, b"\1")
    store.close()
    assert opened(path, domain).rows(ALL) == [(b"\1",)]


def test_a_store_in_memory_is_a_store(opened: Open, domain: Domain) -> None:
    store = opened(":memory:", domain)
    assert store.change(ADD, b"\1") == 1
    store.close()


def test_a_transaction_is_all_or_nothing(opened: Open, path: Path, domain: Domain) -> None:
    store = opened(path, domain)
    with pytest.raises(RuntimeError):
        fail_halfway(store)
    assert store.rows(ALL) == []
    with store.transaction():
        store.change(ADD, b"\2")
    assert opened(path, domain).rows(ALL) == [(b"\2",)]


def test_a_file_belongs_to_one_contract_on_one_chain(opened: Open, path: Path, domain: Domain) -> None:
    opened(path, domain).close()
    for other in (Domain(1, domain.contract), Domain(domain.chain_id, domain.contract[:2] + "11" * 20)):  # type: ignore[arg-type]
        with pytest.raises(StoreOfAnotherChain):
            opened(path, other)
    opened(path, domain).close()


def test_a_wallet_is_no_till(path: Path, domain: Domain) -> None:
    SqliteStore(path).wallet(domain).close()
    with pytest.raises(StoreUnreadable):
        SqliteStore(path).till(domain)
    SqliteStore(path).wallet(domain).close()


def test_another_programs_database_is_left_alone(opened: Open, path: Path, domain: Domain) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (value)")
    other.commit()
    before = path.read_bytes()
    with pytest.raises(StoreUnreadable):
        opened(path, domain)
    assert path.read_bytes() == before
    other.close()


def test_what_is_no_database_is_unreadable(opened: Open, path: Path, domain: Domain, tmp_path: Path) -> None:
    path.write_bytes(b"not a database " * 1_000)
    for place in (path, tmp_path, tmp_path / "nowhere" / "store.db"):
        with pytest.raises(StoreUnreadable) as caught:
            opened(place, domain)
        assert caught.value.facts["path"] == str(place)


def test_a_damaged_file_is_unreadable(opened: Open, path: Path, domain: Domain) -> None:
    store = opened(path, domain)
    fill_at_once(store)
    store.close()
    content = bytearray(path.read_bytes())
    content[4_096:] = b"\xff" * (len(content) - 4_096)
    path.write_bytes(content)
    with pytest.raises(StoreUnreadable):
        opened(path, domain).rows("SELECT count(amount) FROM fees")


def test_a_lock_that_is_held_too_long_is_a_typed_error_that_can_be_retried(
    opened: Open, path: Path, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chain.stores.sqlite.PATIENCE", 0.05)
    one, other = opened(path, domain), opened(path, domain)
    with one.transaction(), pytest.raises(StoreBusy) as caught:
        other.change(ADD, b"\1")
    assert caught.value.retryable
    assert other.change(ADD, b"\1") == 1


def test_a_full_disk_is_a_typed_error_and_writes_nothing(opened: Open, path: Path, domain: Domain) -> None:
    store = opened(path, domain)
    limit(store)
    with pytest.raises(StoreFailed):
        fill(store)
    ((written,),) = store.rows(COUNT)
    store.close()
    assert opened(path, domain).rows(COUNT) == [(written,)]


def test_a_commit_that_fails_leaves_nothing_behind(opened: Open, path: Path, domain: Domain) -> None:
    store = opened(path, domain)
    limit(store)
    with pytest.raises(StoreFailed):
        fill_at_once(store)
    assert store.rows(COUNT) == [(0,)]


def test_a_store_is_not_carried_through_a_fork(
    opened: Open, path: Path, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, child = opened(path, domain), os.getpid() + 1
    monkeypatch.setattr(os, "getpid", lambda: child)
    with pytest.raises(StoreOfAnotherProcess):
        store.rows(ALL)


def test_any_number_may_open_a_new_file_at_once(opened: Open, path: Path, domain: Domain) -> None:
    ready, failures = threading.Barrier(8), []

    def open_it() -> None:
        ready.wait()
        try:
            opened(path, domain).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert opened(path, domain).rows(COUNT) == [(0,)]
