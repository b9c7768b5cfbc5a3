import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from channels.duplex.session import Memory, Pay
from channels.errors import UnknownLane
from channels.stores.errors import StoreRolledBack, StoreUnreadable
from tests.channels.duplex.duplex_forms import CHANNEL
from tests.channels.duplex.session.parties import EPOCH, lock, memory, promise

OTHER = replace(CHANNEL, salt=CHANNEL.salt + 1)


@pytest.fixture
def standings(opened: Any) -> Any:
    found = opened("duplex")
    found.add(CHANNEL)
    return found


def rich() -> Memory:
    """With promises, something undone, a close and the largest numbers."""
    said = {"undone": (Pay(amount=5),), "credited": 2**256 - 1, "corrected": True, "signed": 2**64 - 1}  # type: ignore[arg-type]
    return memory(2, (promise(0), promise(1)), net=-7, **said)


def test_a_memory_comes_back_the_same_from_the_file(opened: Any, path: Path) -> None:
    before, kept = opened("duplex", path), rich().next()
    before.add(CHANNEL)
    assert before.keep(kept)
    before.close()
    again = opened("duplex", path)
    assert again.find(CHANNEL.id) == (CHANNEL, kept, 0)
    assert again.channels() == [CHANNEL]


def test_where_nothing_was_said_there_is_an_empty_memory_of_the_first_epoch(standings: Any) -> None:
    assert standings.find(CHANNEL.id) == (CHANNEL, Memory.start(CHANNEL, 0), 0)


def test_an_unknown_channel_is_a_typed_error(standings: Any) -> None:
    with pytest.raises(UnknownLane) as caught:
        standings.find(OTHER.id)
    assert caught.value.facts == {"channel_id": OTHER.id}


def test_adding_a_known_channel_changes_nothing(standings: Any) -> None:
    kept = rich().next()
    standings.keep(kept)
    standings.add(CHANNEL)
    assert standings.find(CHANNEL.id) == (CHANNEL, kept, 0)


def test_of_two_that_follow_one_memory_one_is_kept(standings: Any) -> None:
    for _ in range(3):
        before = standings.find(CHANNEL.id).memory
        mine, theirs = before.next(signed=9), before.next(signed=7)
        assert standings.keep(mine)
        assert not standings.keep(theirs)
        assert not standings.keep(mine), "nor twice"
        assert standings.find(CHANNEL.id)[1] == mine


@pytest.mark.parametrize("ahead", [-1, 0, 2, 3])
def test_a_memory_follows_its_forerunner_alone(standings: Any, ahead: int) -> None:
    kept = rich()
    for _ in range(4):
        kept = kept.next()
        assert standings.keep(kept)
    assert not standings.keep(replace(kept, revision=kept.revision + ahead))
    assert standings.find(CHANNEL.id)[1] == kept


def test_nothing_follows_what_is_not_there(standings: Any) -> None:
    assert not standings.keep(replace(rich(), revision=2))


def test_a_newer_epoch_is_found_and_the_older_one_stays(standings: Any) -> None:
    old, new = rich().next(), Memory.start(CHANNEL, 10).next(signed=1)
    assert standings.keep(new)
    assert standings.keep(old)
    assert standings.find(CHANNEL.id)[1] == new
    older, none = old.next(), Memory.start(CHANNEL, 9)
    assert standings.keep(older), "it is still there"
    assert standings.memories(CHANNEL.id) == [new, older]
    named = [standings.find(CHANNEL.id, epoch).memory for epoch in (10, EPOCH, 9)]
    assert named == [new, older, none]
    assert standings.find(CHANNEL.id, 9).channel == CHANNEL
    with pytest.raises(UnknownLane):
        standings.find(OTHER.id, 10)


def test_channels_do_not_touch_each_other(standings: Any) -> None:
    standings.add(OTHER)
    assert standings.keep(Memory.start(OTHER, 3).next(signed=1))
    assert standings.keep(rich().next())
    assert standings.find(OTHER.id)[1].signed == 1
    assert standings.channels() == sorted([CHANNEL, OTHER], key=lambda channel: channel.id)


def test_what_a_condition_was_told_is_kept(standings: Any) -> None:
    told = lock(1)
    assert standings.data(told.data_hash) is None
    for _ in range(2):
        standings.learn(told.data_hash, told.data)
    assert standings.data(told.data_hash) == told.data
    assert standings.data(lock(2).data_hash) is None


def test_every_change_is_marked_so_an_old_backup_is_refused(opened: Any, path: Path, tmp_path: Path) -> None:
    first, backup = rich().next(), tmp_path / "backup.db"
    store = opened("duplex", path)
    store.add(CHANNEL)
    store.keep(first)
    store.close()
    shutil.copy(path, backup)
    store = opened("duplex", path)
    assert store.keep(first.next())
    store.close()
    shutil.copy(backup, path)

    with pytest.raises(StoreRolledBack):
        opened("duplex", path)
    restored = opened("duplex", path, restored=True)
    assert restored.find(CHANNEL.id)[1] == first, "the other party knows what is missing"


def test_a_restored_store_knows_from_which_epoch_on_it_has_forgotten_nothing_once_it_was_told(
    opened: Any, path: Path
) -> None:
    store = opened("duplex", path)
    store.add(CHANNEL)
    store.close()
    for _ in range(2):
        store = opened("duplex", path, restored=True)
        store.add(OTHER)
        assert [store.find(one.id).whole_from for one in (CHANNEL, OTHER)] == [-1, -1]
        store.forgotten(CHANNEL.id, 3)
        store.forgotten(CHANNEL.id, 2)
        store.close()
        store = opened("duplex", path)
        assert [store.find(one.id).whole_from for one in (CHANNEL, OTHER)] == [3, -1]
        store.close()


def test_it_is_no_other_kind_of_store(opened: Any, path: Path) -> None:
    opened("duplex", path).close()
    with pytest.raises(StoreUnreadable):
        opened("wallet", path)
