import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from channels.stores.errors import StoreOfAnotherChain, StoreUnreadable, StoreVersion
from earnest.worker.errors import WorkerLeaseLost
from earnest.worker.file import VERSION, WorkerFile
from earnest.worker.lease import Held, Lease, require_held
from earnest.worker.news import Cursor
from earnest.worker.webhooks.deliveries import Deliveries
from tests.earnest.worker.values import CHAIN_ID, endpoint, seen


@pytest.mark.parametrize(("second", "taken"), [(0, False), (9, False), (10, True), (11, True)])
def test_another_takes_over_at_the_second_at_which_the_lease_ends(file: WorkerFile, second: float, taken: bool) -> None:
    first, other = Lease(file, "first", 10), Lease(file, "other", 10)
    assert first.take(0)

    assert bool(other.take(second)) == taken


@pytest.mark.parametrize(("ahead", "bound"), [(0, True), (90, True), (91, False), (10**9, False)])
def test_a_turn_that_ends_later_than_ten_would_last_binds_nobody(file: WorkerFile, ahead: float, bound: bool) -> None:
    """Its clock was wrong, and all others would wait until that second comes."""
    first, other = Lease(file, "first", 10), Lease(file, "other", 10)
    wrong = first.take(100 + ahead)
    assert wrong

    assert other.current(100) == (wrong if bound else None)
    held = other.take(100)
    assert bool(held) != bound
    if held:
        assert other.current(101) == held
        with pytest.raises(WorkerLeaseLost):
            require_held(file, wrong)


@pytest.mark.parametrize(("second", "kept"), [(9, True), (10, False)])
def test_a_lease_is_renewed_only_before_it_ends(file: WorkerFile, second: float, kept: bool) -> None:
    lease = Lease(file, "first", 10)
    held = lease.take(0)
    assert held

    if kept:
        assert lease.renew(held, second).until == second + 10
    else:
        with pytest.raises(WorkerLeaseLost):
            lease.renew(held, second)


def test_who_has_lost_its_turn_neither_renews_nor_releases_nor_writes(file: WorkerFile) -> None:
    first, other = Lease(file, "first", 10), Lease(file, "other", 10)
    old, new = first.take(0), other.take(10)
    assert old
    assert new

    with pytest.raises(WorkerLeaseLost):
        first.renew(old, 11)
    with pytest.raises(WorkerLeaseLost):
        require_held(file, old)
    first.release(old)
    require_held(file, new)

    assert other.current(11) == new


def test_the_fence_rises_with_every_turn_of_the_same_holder(file: WorkerFile) -> None:
    lease = Lease(file, "first", 10)
    old, new = lease.take(0), lease.take(10)
    assert old
    assert new

    assert new.fence > old.fence
    with pytest.raises(WorkerLeaseLost):
        lease.renew(old, 11)


def test_a_released_lease_is_free_at_once(file: WorkerFile) -> None:
    first, other = Lease(file, "first", 10), Lease(file, "other", 10)
    held = first.take(0)
    assert held
    first.release(held)

    assert other.current(1) is None
    assert other.take(1)


def test_two_processes_see_one_lease(path: Path, file: WorkerFile) -> None:
    beside = WorkerFile(path, CHAIN_ID)
    held = Lease(file, "first", 10).take(0)

    assert Lease(beside, "other", 10).take(5) is None
    assert Lease(beside, "other", 10).current(5) == held
    beside.close()


def test_a_file_of_another_chain_or_kind_is_refused(path: Path, file: WorkerFile, tmp_path: Path) -> None:
    with pytest.raises(StoreOfAnotherChain):
        WorkerFile(path, CHAIN_ID + 1)
    (tmp_path / "text").write_text("no database")
    with closing(sqlite3.connect(tmp_path / "theirs.db")) as theirs:
        theirs.execute("CREATE TABLE lease (of_a_flat TEXT)")
    for name in ("text", "theirs.db"):
        with pytest.raises(StoreUnreadable):
            WorkerFile(tmp_path / name, CHAIN_ID)


def test_a_file_of_a_later_version_is_refused(path: Path, file: WorkerFile) -> None:
    file.change(f"PRAGMA user_version = {VERSION + 1}")

    with pytest.raises(StoreVersion):
        WorkerFile(path, CHAIN_ID)


def test_a_file_of_version_1_goes_on_where_it_was(path: Path, file: WorkerFile, held: Held) -> None:
    kept = Deliveries(file, CHAIN_ID, [endpoint()])
    kept.keep(held, [seen(1, "p")], Cursor(latest=1, mark="mark"), 0)
    file.change("ALTER TABLE cursor DROP COLUMN reading")
    file.change("DROP TABLE told")
    file.change("PRAGMA user_version = 1")
    file.close()

    with closing(WorkerFile(path, CHAIN_ID)) as migrated:
        kept = Deliveries(migrated, CHAIN_ID, [endpoint()])
        assert kept.cursor == Cursor(latest=1, mark="mark")
        assert len(kept.due("shop", 0, 9)) == 1
        kept.read_again()
        assert kept.keep(held, [seen(1, "p")], Cursor(latest=1, mark="mark", reading=1), 0) == 1
    with closing(WorkerFile(path, CHAIN_ID)) as again:
        assert Deliveries(again, CHAIN_ID, ()).cursor.reading == 1
