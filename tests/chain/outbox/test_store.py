"""What is on disk, and the law that the database keeps whoever writes."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from chain.outbox.entry import ENDS, Entry, Stage
from chain.outbox.errors import (
    IntentKeyReused,
    OutboxFailed,
    OutboxLeaseLost,
    OutboxOfAnotherChain,
    OutboxOfAnotherProcess,
    OutboxUnreadable,
    UnknownIntent,
)
from chain.outbox.machine import given_up, refused, signed
from chain.stores.outbox import OutboxStore
from tests.chain.outbox.kept import attempt, begun
from tests.chain.outbox.world import ANN, SHOP, intent_of


def test_everything_is_there_after_a_restart(store: OutboxStore, path: Path) -> None:
    entry, fence = begun(store, "a", 3)
    bumped = signed(entry, 3, 21_000, replace(attempt(9), cancels=True))
    store.keep(entry, bumped, fence)
    seen = replace(bumped, stage=Stage.INCLUDED, transaction="0x1", block=7, block_hash="0x2", why="so")
    store.keep(bumped, seen, fence)
    store.add(replace(intent_of("b", expiry=9), fills=4, value=2**255))
    store.close()

    again = OutboxStore(path, 1)
    assert again.entries() == [seen, Entry(intent=replace(intent_of("b", expiry=9), fills=4, value=2**255))]
    assert again.entry("a") == seen
    again.close()


def test_a_repeat_is_the_same_intent(store: OutboxStore) -> None:
    entry, _ = begun(store, "a", 3)
    assert store.add(intent_of("a")) == entry
    assert store.entries() == [entry]


def test_a_key_with_another_call_is_refused(store: OutboxStore) -> None:
    store.add(intent_of("a"))
    with pytest.raises(IntentKeyReused) as caught:
        store.add(intent_of("a", to=ANN))
    assert caught.value.facts == {"key": "a", "differs": "to"}
    assert store.entry("a").intent.to == SHOP


def test_what_was_refused_is_queued_anew_and_what_was_given_up_is_not(store: OutboxStore) -> None:
    fence = store.lease(ANN, "me", 0, 10)
    assert fence is not None
    for key, end in (("a", refused), ("b", given_up)):
        entry = store.add(intent_of(key))
        store.keep(entry, end(entry, "so"), fence)
    assert store.add(intent_of("a")) == Entry(intent=intent_of("a"))
    assert store.add(intent_of("b")).stage is Stage.GIVEN_UP


def test_a_key_that_nobody_used_is_unknown(store: OutboxStore) -> None:
    assert not store.stands("a")
    for ask in (store.entry, store.cancel):
        with pytest.raises(UnknownIntent):
            ask("a")


def test_only_what_is_open_can_be_cancelled(store: OutboxStore) -> None:
    entry, fence = begun(store, "a", 3)
    assert store.cancel("a") == replace(entry, cancelled=True)
    done, _ = begun(store, "b", 4)
    store.keep(done, replace(done, stage=Stage.DONE), fence)
    assert not store.cancel("b").cancelled


def test_writing_what_was_decided_before_a_cancellation_leaves_it_asked_for(store: OutboxStore) -> None:
    entry, fence = begun(store, "a", 3)
    store.cancel("a")
    store.keep(entry, replace(entry, stage=Stage.UNKNOWN), fence)
    assert store.entry("a").cancelled


@pytest.mark.parametrize(("now", "other"), [(9.9, None), (10.0, 2), (11.0, 2)])
def test_a_lease_is_one_holder_s_until_it_runs_out(store: OutboxStore, now: float, other: int | None) -> None:
    assert store.lease(ANN, "me", 0, 10) == 1
    assert store.lease(ANN, "you", now, 10) == other


@pytest.mark.parametrize(("ahead", "fence"), [(300, None), (301, 2), (3_600, 2)])
def test_a_lease_by_a_clock_that_was_far_ahead_binds_nobody(store: OutboxStore, ahead: float, fence: int) -> None:
    assert store.lease(ANN, "dead", 1_000 + ahead - 30, 30) == 1
    assert store.lease(ANN, "me", 1_000, 30) == fence


def test_a_lease_that_is_renewed_keeps_its_number_even_late(store: OutboxStore) -> None:
    assert [store.lease(ANN, "me", now, 10) for now in (0, 5, 50)] == [1, 1, 1]
    assert store.lease(ANN, "you", 59, 10) is None


def test_accounts_are_leased_one_by_one_and_released_together(store: OutboxStore) -> None:
    assert [store.lease(ANN, "me", 0, 10), store.lease(SHOP, "you", 0, 10)] == [1, 1]
    store.release("me")
    assert [store.lease(ANN, "you", 0, 10), store.lease(SHOP, "me", 0, 10)] == [2, None]


def test_of_many_that_want_a_lease_one_has_it(path: Path) -> None:
    stores = [OutboxStore(path, 1) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda place: stores[place].lease(ANN, str(place), 0, 10), range(8)))
    for store in stores:
        store.close()
    assert [fence for fence in won if fence] == [1]


def test_who_lost_the_lease_writes_nothing(store: OutboxStore) -> None:
    entry, fence = begun(store, "a", 3)
    store.lease(ANN, "you", 10, 10)
    with pytest.raises(OutboxLeaseLost):
        store.keep(entry, signed(entry, 3, 21_000, attempt(9)), fence)
    with pytest.raises(OutboxLeaseLost):
        store.keep(entry, replace(entry, stage=Stage.DONE), fence)
    assert store.entry("a") == entry


def test_no_two_intents_have_one_nonce(store: OutboxStore) -> None:
    _, fence = begun(store, "a", 3)
    other = store.add(intent_of("b"))
    with pytest.raises(OutboxFailed):
        store.keep(other, signed(other, 3, 21_000, attempt(9)), fence)
    assert store.entry("b") == other


@pytest.mark.parametrize("stage", [Stage.DONE, Stage.REVERTED, Stage.GIVEN_UP])
def test_what_ended_is_never_written_again(store: OutboxStore, stage: Stage) -> None:
    entry, fence = begun(store, "a", 3)
    ended = replace(entry, stage=stage)
    store.keep(entry, ended, fence)
    with pytest.raises(OutboxFailed):
        store.keep(ended, entry, fence)
    assert store.open_of(ANN) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE intents SET nonce = 4",
        "DELETE FROM intents",
        "UPDATE attempts SET raw = x'00'",
        "DELETE FROM attempts",
    ],
)
def test_what_was_signed_is_never_forgotten(store: OutboxStore, statement: str) -> None:
    begun(store, "a", 3)
    with pytest.raises(OutboxFailed):
        store.change(statement)


def test_no_nonce_is_given_below_one_that_is_final(store: OutboxStore) -> None:
    entry, fence = begun(store, "a", 3)
    assert store.floor(ANN) == 0
    store.keep(entry, replace(entry, stage=Stage.DONE), fence)
    assert store.floor(ANN) == 4
    taken, _ = begun(store, "b", 1)
    store.keep(taken, Entry(intent=taken.intent), fence)
    assert (store.floor(ANN), store.entry("b")) == (4, Entry(intent=intent_of("b")))


def test_an_intent_with_a_new_nonce_shows_only_what_was_signed_for_it(store: OutboxStore) -> None:
    entry, fence = begun(store, "a", 3)
    queued = Entry(intent=entry.intent)
    store.keep(entry, queued, fence)
    anew = signed(queued, 8, 21_000, attempt(9))
    store.keep(queued, anew, fence)
    assert store.entry("a") == anew


@pytest.mark.parametrize("stage", Stage)
def test_the_index_and_the_machine_agree_on_what_is_open(store: OutboxStore, stage: Stage) -> None:
    store.add(intent_of("a"))
    store.change("UPDATE intents SET stage = ?", stage)
    rows = store.rows(
        "SELECT 1 FROM intents INDEXED BY open_intents WHERE account = ? AND "
        "stage NOT IN ('done', 'given up', 'refused', 'reverted')",
        ANN,
    )
    assert bool(rows) == (stage not in ENDS)


def test_the_file_of_another_chain_is_refused(store: OutboxStore, path: Path) -> None:
    with pytest.raises(OutboxOfAnotherChain) as caught:
        OutboxStore(path, 2)
    assert (caught.value.expected, caught.value.found) == (2, 1)


def test_another_program_s_file_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(OutboxUnreadable):
        OutboxStore(path, 1)


def test_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"no database" * 1_000)
    with pytest.raises(OutboxUnreadable):
        OutboxStore(path, 1)


def test_an_open_file_is_not_carried_through_a_fork(store: OutboxStore) -> None:
    child = os.fork()
    if child == 0:
        try:
            store.entries()
        except OutboxOfAnotherProcess:
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
