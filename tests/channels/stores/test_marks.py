"""A store that has forgotten what came after a backup is noticed before it signs or accepts anything."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chain.signing import Signed
from channels import Channel, Lane, PayerSession, Voucher
from channels.errors import ChannelClosing
from channels.stores.errors import StoreRolledBack
from tests.channels.stores.steps import accept, look

Open = Callable[..., Any]
NOW: Any = 0


def use(store: Any, kind: str, channel: Channel, sign: Callable[..., Signed[Voucher]]) -> None:
    """Once more, whatever was done before."""
    if kind == "till":
        known = store.find(channel.id)
        book = store.see(channel, look(known.seen_at + 1 if known else 1), known)
        assert accept(store, sign(book.session.accepted + 1)) is True
        return
    lane: Any = {"deposit": 100}
    store.add(PayerSession(channel=channel, lane=Lane(**lane)))
    before = store.session(channel.id)
    assert store.keep(before, before.pay(1)[0], None, NOW)


def backup(path: Path, to: Path) -> None:
    """As it lies there while nobody has it open."""
    shutil.copy(path, to)


def restore(path: Path, copy: Path) -> None:
    shutil.copy(copy, path)


@pytest.fixture(params=["till", "wallet"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def used(opened: Open, kind: str, path: Path, channel: Channel, sign: Any) -> Callable[[int], None]:
    """Opens the store, uses it so often, and closes it."""

    def do(times: int) -> None:
        store = opened(kind, path)
        for _ in range(times):
            use(store, kind, channel, sign)
        store.close()

    return do


def mark_of(path: Path) -> Path:
    return path.with_name(path.name + "-mark")


@pytest.mark.parametrize("changes", [0, 1, 3])
def test_an_old_backup_is_refused_even_one_of_an_unused_store(
    opened: Open, kind: str, path: Path, used: Any, changes: int
) -> None:
    used(changes)
    backup(path, path.with_suffix(".bak"))
    used(1)
    restore(path, path.with_suffix(".bak"))
    with pytest.raises(StoreRolledBack) as caught:
        opened(kind, path)
    facts: Any = caught.value.facts
    assert facts["path"] == str(path)
    assert facts["found"] < facts["expected"]


def test_a_file_whose_mark_is_lost_is_refused(opened: Open, kind: str, path: Path, used: Any) -> None:
    used(2)
    mark_of(path).unlink()
    with pytest.raises(StoreRolledBack) as caught:
        opened(kind, path)
    assert caught.value.facts["expected"] is None


def test_a_file_that_is_lost_is_not_replaced_by_an_empty_one(opened: Open, kind: str, path: Path, used: Any) -> None:
    used(2)
    path.unlink()
    for _ in range(2):
        with pytest.raises(StoreRolledBack):
            opened(kind, path)
    mark_of(path).unlink()
    opened(kind, path)


def test_what_was_moved_with_its_mark_goes_on(opened: Open, kind: str, path: Path, used: Any, tmp_path: Path) -> None:
    used(2)
    there = tmp_path / "there"
    there.mkdir()
    for file in (path, mark_of(path)):
        file.rename(there / file.name)
    opened(kind, there / path.name)


def test_a_backup_of_the_present_goes_on(opened: Open, kind: str, path: Path, used: Any) -> None:
    used(2)
    backup(path, path.with_suffix(".bak"))
    restore(path, path.with_suffix(".bak"))
    used(1)
    used(0)


@pytest.mark.parametrize("content", [b"", bytes(8)])
def test_a_mark_that_was_never_written_accuses_nobody(opened: Open, kind: str, path: Path, content: bytes) -> None:
    """A crash between the first change and its mark leaves such a one."""
    mark_of(path).write_bytes(content)
    opened(kind, path)


def test_what_crashed_before_it_was_marked_goes_on(
    opened: Open, kind: str, path: Path, used: Any, channel: Channel, sign: Any
) -> None:
    used(1)
    older = mark_of(path).read_bytes()
    used(1)
    mark_of(path).write_bytes(older)
    used(1)


def test_changes_of_several_that_have_it_open_count_together(
    opened: Open, kind: str, path: Path, channel: Channel, sign: Any
) -> None:
    one, other = opened(kind, path), opened(kind, path)
    for store in (one, other, one, other):
        use(store, kind, channel, sign)
    changes = int.from_bytes(mark_of(path).read_bytes(), "big")
    assert changes >= 4
    for store in (one, other):
        store.close()
    opened(kind, path)


def test_the_mark_is_its_owners_alone(opened: Open, kind: str, path: Path) -> None:
    opened(kind, path)
    assert mark_of(path).stat().st_mode & 0o777 == 0o600


def test_a_memory_leaves_no_mark(opened: Open, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    opened(kind)
    assert list(tmp_path.iterdir()) == []


def test_what_was_restored_once_is_believed_from_then_on(opened: Open, kind: str, path: Path, used: Any) -> None:
    used(1)
    backup(path, path.with_suffix(".bak"))
    used(5)
    restore(path, path.with_suffix(".bak"))

    opened(kind, path, restored=True).close()

    opened(kind, path)


def test_a_restored_till_accepts_nothing_more_in_the_epochs_that_it_knows(
    opened: Open, path: Path, channel: Channel, describe: Any, sign: Any
) -> None:
    """Vouchers that it has forgotten would be credited again; what it knows can still be claimed."""
    till = opened("till", path)
    use(till, "till", channel, sign)
    till.close()
    backup(path, path.with_suffix(".bak"))
    till = opened("till", path)
    use(till, "till", channel, sign)
    till.close()
    restore(path, path.with_suffix(".bak"))

    till = opened("till", path, restored=True)
    session = till.book(channel.id).session
    assert (session.accepted, session.stopped, session.newest) == (1, True, sign(1))
    with pytest.raises(ChannelClosing):
        session.receive(sign(2))
    assert till.see(channel, look(9_000, epoch=1), till.book(channel.id)).session.stopped, "it may have been served"
    till.recover([])
    assert not till.see(channel, look(9_001, epoch=2), till.book(channel.id)).session.stopped
    till.close()
    opened("till", path).close()


def test_a_restored_wallet_opens_and_can_be_corrected(opened: Open, path: Path, channel: Channel, sign: Any) -> None:
    wallet = opened("wallet", path)
    use(wallet, "wallet", channel, sign)
    wallet.close()
    backup(path, path.with_suffix(".bak"))
    wallet = opened("wallet", path)
    use(wallet, "wallet", channel, sign)
    wallet.close()
    restore(path, path.with_suffix(".bak"))

    wallet = opened("wallet", path, restored=True)
    before = wallet.session(channel.id)
    assert before.promised == 1
    assert wallet.keep(before, before.correct(sign(2), ()), None, NOW)
    assert wallet.session(channel.id).promised == 2
