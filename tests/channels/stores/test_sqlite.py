import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chain.errors import StoreError
from chain.typed_data import Domain
from channels.errors import (
    StoreBusy,
    StoreFailed,
    StoreOfAnotherChain,
    StoreOfAnotherProcess,
    StoreUnreadable,
    StoreVersion,
)
from channels.stores.sqlite import Database
from channels.stores.till import Till
from channels.stores.wallet import Wallet

Open = Callable[[Path | str, Domain], Database]
TABLES = ("CREATE TABLE numbers (value BLOB PRIMARY KEY) WITHOUT ROWID",)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def opened() -> Iterator[Open]:
    """Stores that are closed with the test."""
    stores: list[Database] = []

    def new(path: Path | str, domain: Domain) -> Database:
        stores.append(Database(path, kind="Test", tables=TABLES, domain=domain))
        return stores[-1]

    yield new
    for store in stores:
        store.close()


def fill(store: Database) -> None:
    for number in range(10_000):
        store.change("INSERT INTO numbers VALUES (?)", number.to_bytes(32, "big"))


def fail_halfway(store: Database) -> None:
    with store.transaction():
        store.change("INSERT INTO numbers VALUES (?)", b"\1")
        raise RuntimeError


def fill_at_once(store: Database) -> None:
    with store.transaction():
        fill(store)


def test_what_returned_survives_a_power_cut(opened: Open, path: Path, domain: Domain) -> None:
    store = opened(path, domain)
    assert store.rows("PRAGMA journal_mode") == [("wal",)]
    assert store.rows("PRAGMA synchronous") == [(2,)], "FULL: a commit waits for the disk"
    assert store.rows("PRAGMA fullfsync") == [(1,)]
    store.change("INSERT INTO numbers VALUES (?)", b"\1")
    store.close()
    assert opened(path, domain).rows("SELECT value FROM numbers") == [(b"\1",)]


def test_a_store_in_memory_is_a_store(opened: Open, domain: Domain) -> None:
    store = opened(":memory:", domain)
    assert store.change("INSERT INTO numbers VALUES (?)", b"\1") == 1
    store.close()


def test_a_transaction_is_all_or_nothing(opened: Open, path: Path, domain: Domain) -> None:
    store = opened(path, domain)
    with pytest.raises(RuntimeError):
        fail_halfway(store)
    assert store.rows("SELECT value FROM numbers") == []
    with store.transaction():
        store.change("INSERT INTO numbers VALUES (?)", b"\2")
    assert opened(path, domain).rows("SELECT value FROM numbers") == [(b"\2",)]


def test_a_file_belongs_to_one_contract_on_one_chain(opened: Open, path: Path, domain: Domain) -> None:
    opened(path, domain).close()
    for other in (Domain(1, domain.contract), Domain(domain.chain_id, domain.contract[:2] + "11" * 20)):  # type: ignore[arg-type]
        with pytest.raises(StoreOfAnotherChain):
            opened(path, other)
    opened(path, domain).close()


def test_a_wallet_is_no_till(path: Path, domain: Domain) -> None:
    Wallet(path, domain).close()
    with pytest.raises(StoreUnreadable):
        Till(path, domain)
    Wallet(path, domain).close()


def test_another_programs_database_is_left_alone(opened: Open, path: Path, domain: Domain) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (value)")
    other.commit()
    before = path.read_bytes()
    with pytest.raises(StoreUnreadable):
        opened(path, domain)
    assert path.read_bytes() == before
    other.close()


@pytest.mark.parametrize("version", [2, 2**31 - 1, -1])
def test_a_file_of_another_version_is_refused(opened: Open, path: Path, domain: Domain, version: int) -> None:
    store = opened(path, domain)
    store.change(f"PRAGMA user_version = {version}")
    store.close()
    with pytest.raises(StoreVersion) as caught:
        opened(path, domain)
    assert caught.value.facts == {"path": str(path), "found": version, "expected": 1}


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
        opened(path, domain).rows("SELECT count(value) FROM numbers")


def test_a_lock_that_is_held_too_long_is_a_typed_error_that_can_be_retried(
    opened: Open, path: Path, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chain.stores.sqlite.PATIENCE", 0.05)
    one, other = opened(path, domain), opened(path, domain)
    with one.transaction(), pytest.raises(StoreBusy) as caught:
        other.change("INSERT INTO numbers VALUES (?)", b"\1")
    assert caught.value.retryable
    assert other.change("INSERT INTO numbers VALUES (?)", b"\1") == 1


def test_a_full_disk_is_a_typed_error_and_writes_nothing(opened: Open, path: Path, domain: Domain) -> None:
    store = opened(path, domain)
    store.change("PRAGMA max_page_count = 8")
    with pytest.raises(StoreFailed):
        fill(store)
    ((written,),) = store.rows("SELECT count(*) FROM numbers")
    store.close()
    assert opened(path, domain).rows("SELECT count(*) FROM numbers") == [(written,)]


def test_a_commit_that_fails_leaves_nothing_behind(opened: Open, path: Path, domain: Domain) -> None:
    store = opened(path, domain)
    store.change("PRAGMA max_page_count = 8")
    with pytest.raises(StoreFailed):
        fill_at_once(store)
    assert store.rows("SELECT count(*) FROM numbers") == [(0,)]


def test_a_store_is_not_carried_through_a_fork(
    opened: Open, path: Path, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, child = opened(path, domain), os.getpid() + 1
    monkeypatch.setattr(os, "getpid", lambda: child)
    with pytest.raises(StoreOfAnotherProcess):
        store.rows("SELECT value FROM numbers")


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
    assert opened(path, domain).rows("SELECT count(*) FROM numbers") == [(0,)]
