"""What a tower keeps: which row is looked at next, what a row has cost, and that old files are not misread."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from chain.errors import EarnestError
from chain.units import Amount, Seconds
from channels import SignedVoucher
from channels.stores.errors import StoreVersion
from channels.stores.watchtower import TowerStore
from channels.stores.watchtower_schema import APPLICATION
from channels.watchtower import Job, Quota, TowerPolicy
from channels.watchtower.errors import OverQuota
from tests.channels.watchtower.test_jobs import lane_job

POLICY = TowerPolicy(margin=Seconds(100))
QUOTA = Quota(acts=10)
LIMIT, ROWS = 3, 10
NOW = Seconds(1_000)
JOB = lane_job(proofs=())


def of_lane(salt: int, at: int = 1) -> Job:
    """What another lane's payee would hand over; the store asks for no signature."""
    message = JOB.message
    assert isinstance(message, SignedVoucher)
    channel = replace(message.channel, salt=salt)
    said = replace(message.voucher, channel_id=channel.id, cumulative_amount=Amount(at))
    return replace(JOB, message=structs.replace(message, channel=channel, voucher=said), at=at)


def kept(store: TowerStore, *jobs: Job, quota: Quota = QUOTA) -> list[bool | EarnestError]:
    return store.keep(jobs, quota, POLICY)


@pytest.fixture
def store() -> Iterator[TowerStore]:
    found = TowerStore(":memory:", 1)
    yield found
    found.close()


FLOODS = st.lists(st.lists(st.tuples(st.integers(1, ROWS - 1), st.booleans()), max_size=20), min_size=6, max_size=6)


@given(FLOODS, st.integers(0, ROWS - 1), st.integers(0, 5))
@settings(deadline=None, max_examples=100)
def test_what_is_due_is_looked_at_in_its_turn_whatever_others_send(
    floods: list[list[tuple[int, bool]]], order: int, adding: int
) -> None:
    """Newer jobs, touches and new rows in every round: whoever was looked at stands at the end."""
    store, at = TowerStore(":memory:", 1), 1
    victim = of_lane(0)
    kept(store, *[of_lane(salt) for salt in range(1, order + 1)], victim)
    kept(store, *[of_lane(salt) for salt in range(order + 1, ROWS)])
    for salt in [*range(1, order + 1), 0, *range(order + 1, ROWS)]:
        store.looked(of_lane(salt).place, seen_at=Seconds(1), look_at=Seconds(NOW - 1))
    rounds = -(-ROWS // LIMIT) + 1
    for number, flood in enumerate(floods[:rounds]):
        due = [job for job, _ in store.due(NOW, LIMIT)]
        if victim in due:
            break
        for job in due:
            store.looked(job.place, seen_at=NOW, look_at=Seconds(NOW + 300))
        for salt, touched in flood:
            at += 1
            kept(store, of_lane(salt, at))
            if touched:
                store.touch(of_lane(salt).channel.id)
        kept(store, *[of_lane(1_000 * (number + 1) + salt) for salt in range(adding)])
    else:
        raise AssertionError(f"not looked at in {rounds} rounds")
    store.close()


def test_a_newer_job_is_looked_at_when_the_older_would_have_been(store: TowerStore) -> None:
    kept(store, of_lane(0))
    store.looked(of_lane(0).place, seen_at=NOW, look_at=Seconds(NOW + 300))
    assert kept(store, of_lane(0, at=2)) == [True]
    assert store.due(Seconds(NOW + 299), LIMIT) == []
    assert [job for job, _ in store.due(Seconds(NOW + 300), LIMIT)] == [of_lane(0, at=2)]


@pytest.mark.parametrize(("look_at", "at_once"), [(-191, False), (-190, True)])
def test_a_newer_job_whose_proof_can_not_wait_so_long_is_looked_at_at_once(
    store: TowerStore, look_at: Any, at_once: bool
) -> None:
    """Its promise expires at 9, and must be recorded two margins before."""
    proven = lane_job(amount=8, at=2)
    kept(store, lane_job(proofs=()))
    store.looked(proven.place, seen_at=NOW, look_at=look_at)
    kept(store, proven)
    ((left,),) = store.rows("SELECT look_at FROM jobs")
    assert left == (0 if at_once else look_at)


def test_what_was_touched_is_due(store: TowerStore) -> None:
    kept(store, of_lane(0))
    store.looked(of_lane(0).place, seen_at=NOW, look_at=Seconds(NOW + 300))
    store.touch(of_lane(0).channel.id)
    assert len(store.due(NOW, LIMIT)) == 1


def test_what_waits_is_late_from_the_second_on_at_which_it_became_due() -> None:
    """Rows that are new, touched, or newer with a proof; what happens to them meanwhile hides nothing."""
    clock = iter(range(100, 1_000, 100))
    store = TowerStore(":memory:", 1, clock=lambda: next(clock))
    assert store.totals() == (0, None)
    kept(store, of_lane(1))
    assert store.totals() == (1, 100)
    store.touch(of_lane(1).channel.id)
    kept(store, of_lane(1, at=2))
    assert store.totals() == (1, 100)
    store.looked(of_lane(1).place, seen_at=NOW, look_at=Seconds(350))
    assert store.totals() == (1, 350)
    store.touch(of_lane(1).channel.id)
    assert store.totals() == (1, 350), "it is late already"
    store.looked(of_lane(1).place, seen_at=NOW, look_at=NOW)
    store.touch(of_lane(1).channel.id)
    assert store.totals() == (1, 500)
    store.looked(of_lane(1).place, seen_at=NOW, look_at=NOW)
    kept(store, lane_job(proofs=()))
    store.looked(lane_job().place, seen_at=NOW, look_at=NOW)
    kept(store, lane_job(amount=8, at=2))
    assert store.totals() == (2, 700)
    store.close()


def test_transactions_are_counted_for_all_or_none(store: TowerStore) -> None:
    jobs = [of_lane(salt) for salt in range(2)]
    kept(store, *jobs)
    places = [job.place for job in jobs]
    store.count(places[:1], 10)
    for _ in range(9):
        store.count(places, 10)
    with pytest.raises(OverQuota):
        store.count(places[::-1], 10)
    assert sorted(shown.acts for shown in store.shown()) == [9, 10]
    assert (store.exhausted(10), store.exhausted(9)) == (1, 2)
    store.uncount(places)
    assert sorted(shown.acts for shown in store.shown()) == [8, 9]


@pytest.mark.parametrize(("acts", "plain", "proven"), [(1, True, True), (2, True, False), (9, True, False)])
def test_a_newer_job_for_which_nothing_could_be_done_is_refused(
    store: TowerStore, acts: int, plain: bool, proven: bool
) -> None:
    """Of ten transactions eight are for the end."""
    held = lane_job(proofs=())
    kept(store, held)
    for _ in range(acts):
        store.count([held.place], 10)
    (found,) = kept(store, lane_job(amount=8, at=2))
    assert isinstance(found, bool) is proven
    (found,) = kept(store, lane_job(amount=9, at=3, proofs=()))
    assert isinstance(found, bool) is plain


def test_when_all_transactions_are_sent_what_is_held_stays_and_an_older_job_is_harmless(store: TowerStore) -> None:
    kept(store, of_lane(0, at=5))
    for _ in range(10):
        store.count([of_lane(0).place], 10)
    (found,) = kept(store, of_lane(0, at=6))
    assert isinstance(found, OverQuota)
    assert kept(store, of_lane(0, at=5), of_lane(0, at=4)) == [False, False]
    assert store.jobs(of_lane(0).channel.id) == [of_lane(0, at=5)]


def test_a_file_of_the_first_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tower.db"
    file = sqlite3.connect(path)
    file.execute("CREATE TABLE belongs_to (chain_id INTEGER PRIMARY KEY)")
    file.execute(f"PRAGMA application_id = {APPLICATION}")
    file.execute("PRAGMA user_version = 1")
    file.commit()
    file.close()
    for chain_id in (1, None):
        with pytest.raises(StoreVersion):
            TowerStore(path, chain_id)
