"""Files of version 2, which did not keep how old money is."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chain.signing import Signed
from chain.typed_data import Domain
from channels import Channel, Lane, PayerSession, SqliteStore, Voucher
from channels.duplex.session import Memory
from channels.stores.book import Fee, Settlement
from channels.stores.errors import StoreFailed, StoreOfAnotherChain, StoreRolledBack
from tests.channels.duplex.duplex_forms import CHANNEL
from tests.channels.promise_states import offer, promise, proven
from tests.channels.stores import version_2
from tests.channels.stores.steps import accept, deliver, look

Open = Callable[..., Any]
SETTLEMENT: Any = {"epoch": 0, "transaction_hash": b"\1" * 32, "amount": 7, "at": 5}
FEE: Any = {"transaction_hash": b"\1" * 32, "amount": 2**70, "at": 5}


def all_of(till: Any, channel: Channel) -> tuple[Any, ...]:
    """What is in it, but for the age of money."""
    books = [msgspec.structs.replace(book, unsettled_since=0) for book in till.books()]
    return books, till.deliveries(), till.exposure(), till.settlements(), till.fees(), till.meters(channel.id)


def sell(till: Any, channel: Channel, describe: Any, sign: Any) -> None:
    """Two epochs of one channel, the newer with a promise that is proven; another channel that owes nothing."""
    other = describe(salt=1)
    till.see(channel, look(), None)
    accept(till, sign(40), at=100)
    deliver(till, channel.id, {"a": 30})
    till.see(channel, look(2_000, epoch=1), till.book(channel.id))
    signed, promises = offer(lambda amount, **more: sign(amount, epoch=1, **more), 50, promise(1))
    accept(till, signed, *promises, at=200)
    till.alter(channel.id, lambda session: session.prove(proven(promise(1), 30, 9), 0))
    till.see(other, look(settled=7), None)
    till.journal([Settlement(channel_id=channel.id, **SETTLEMENT)], [Fee(**FEE)])


def test_a_till_comes_with_all_that_is_in_it(
    opened: Open, path: Path, channel: Channel, describe: Any, sign: Callable[..., Signed[Voucher]]
) -> None:
    till = opened("till", path)
    sell(till, channel, describe, sign)
    before = all_of(till, channel)
    till.close()
    version_2.write(path, "till")
    for _ in range(2):
        till = opened("till", path)
        assert all_of(till, channel) == before
        assert version_2.versions(path) == (4, 4)
        till.close()


def test_what_it_owed_is_older_than_any_wait_until_a_claim_is_settled(
    opened: Open, path: Path, channel: Channel, sign: Any
) -> None:
    till = opened("till", path)
    till.see(channel, look(), None)
    accept(till, sign(40), at=100)
    till.close()
    version_2.write(path, "till")
    till = opened("till", path)
    accept(till, sign(50), at=200)
    assert till.book(channel.id).unsettled_since == 0
    till.claiming([till.book(channel.id)], 300)
    accept(till, sign(60), at=400)
    assert till.see(channel, look(9_000, settled=50), till.book(channel.id)).unsettled_since == 300


def test_the_count_of_its_changes_goes_on_and_an_old_copy_is_noticed(opened: Open, path: Path) -> None:
    till = opened("till", path)
    till.journal([], [])
    till.close()
    version_2.write(path, "till")
    shutil.copy(path, path.with_suffix(".bak"))
    till = opened("till", path)
    till.journal([], [])
    assert version_2.changes(path) == 2
    till.close()
    shutil.copy(path.with_suffix(".bak"), path)
    with pytest.raises(StoreRolledBack):
        opened("till", path)
    assert version_2.versions(path) == (2, 2), "what is refused is left as it is"
    opened("till", path, restored=True)


def test_a_wallet_and_two_way_channels_go_on(opened: Open, path: Path, tmp_path: Path, channel: Channel) -> None:
    known = PayerSession(channel=channel, lane=Lane(), version=1)
    wallet = opened("wallet", path)
    wallet.add(known)
    wallet.close()
    standings = opened("duplex", tmp_path / "duplex.db")
    standings.add(CHANNEL)
    standings.close()
    for kind, file in (("wallet", path), ("duplex", tmp_path / "duplex.db")):
        version_2.write(file, kind)
        store = opened(kind, file)
        if kind == "duplex":
            assert store.find(CHANNEL.id) == (CHANNEL, Memory.start(CHANNEL, 0), 0)
        else:
            assert store.sessions() == [known]
        store.close()
        assert version_2.versions(file) == (4, 4)


def test_another_chains_file_is_left_as_it_is(opened: Open, path: Path, domain: Domain) -> None:
    SqliteStore(path).till(Domain(domain.chain_id + 1, domain.contract)).close()
    version_2.write(path, "till")
    before = path.read_bytes()
    with pytest.raises(StoreOfAnotherChain):
        opened("till", path)
    assert path.read_bytes() == before


def test_a_damaged_file_is_left_as_it_is(opened: Open, path: Path) -> None:
    opened("till", path).close()
    version_2.write(path, "till")
    file = sqlite3.connect(path)
    file.execute("ALTER TABLE epochs ADD COLUMN claimed_at BIGINT NOT NULL DEFAULT 0")
    file.commit()
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    before = path.read_bytes()
    with pytest.raises(StoreFailed):
        opened("till", path)
    assert path.read_bytes() == before


def test_of_processes_that_open_it_at_once_one_brings_it_up_to_date(
    path: Path, domain: Domain, channel: Channel, sign: Callable[..., Signed[Voucher]]
) -> None:
    till = SqliteStore(path).till(domain)
    till.see(channel, look(), None)
    accept(till, sign(40), at=100)
    till.close()
    version_2.write(path, "till")
    script = [sys.executable, str(Path(__file__).with_name("opening_old.py")), str(path)]
    workers = [
        subprocess.Popen(
            [*script, str(domain.chain_id), domain.contract], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    writer = sqlite3.connect(path)
    writer.execute("BEGIN IMMEDIATE")  # All four have begun before the first may write.
    for worker in workers:
        assert worker.stdin
        assert worker.stdout
        worker.stdin.write("go\n")
        worker.stdin.flush()
        assert worker.stdout.readline() == "opening\n"
    writer.rollback()
    writer.close()
    assert [worker.communicate()[0] for worker in workers] == ["[(40, 0)]\n"] * 4
    assert [worker.returncode for worker in workers] == [0] * 4
    assert version_2.versions(path) == (4, 4)
