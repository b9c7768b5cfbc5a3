"""Files of version 1 as it wrote them: its statements stand here literally."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chain.signing import Signed
from chain.typed_data import Domain
from channels import Channel, Lane, PayeeSession, PayerSession, SqliteStore, Voucher
from channels.exposure import Limits, OverLimit
from channels.stores.book import Delivered, Delivery
from channels.stores.columns import blob, descriptor
from channels.stores.errors import StoreOfAnotherChain, StoreRolledBack, StoreUnreadable, StoreVersion
from tests.channels.stores.steps import accept, deliver, look

Open = Callable[..., Any]
BELONGS = "CREATE TABLE belongs_to (domain BLOB PRIMARY KEY) WITHOUT ROWID"
TILL = (
    BELONGS,
    "CREATE TABLE channels (channel_id BLOB PRIMARY KEY, descriptor TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE epochs (
        channel_id BLOB NOT NULL, epoch INTEGER NOT NULL,
        deposit BLOB NOT NULL, settled BLOB NOT NULL, closes_at INTEGER NOT NULL,
        accepted BLOB NOT NULL, delivered BLOB NOT NULL, stopped INTEGER NOT NULL,
        signature BLOB NOT NULL, included BLOB NOT NULL, seen_at INTEGER NOT NULL,
        PRIMARY KEY (channel_id, epoch)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE deliveries (
        channel_id BLOB NOT NULL, key TEXT NOT NULL, epoch INTEGER NOT NULL,
        price BLOB NOT NULL, delivered BLOB NOT NULL, accepted BLOB NOT NULL,
        PRIMARY KEY (channel_id, key)
    ) WITHOUT ROWID
    """,
    """
    CREATE VIEW books AS
    SELECT channel_id, descriptor, epoch, deposit, settled, closes_at,
        accepted, delivered, stopped, signature, included, seen_at
    FROM channels JOIN epochs USING (channel_id)
    """,
)
WALLET = (
    BELONGS,
    """
    CREATE TABLE lanes (
        channel_id BLOB PRIMARY KEY, descriptor TEXT NOT NULL, epoch INTEGER NOT NULL,
        deposit BLOB NOT NULL, settled BLOB NOT NULL, closes_at INTEGER NOT NULL, promised BLOB NOT NULL
    ) WITHOUT ROWID
    """,
)
KINDS = {"till": (b"Till", TILL), "wallet": (b"Wllt", WALLET)}


def write(path: Path, kind: str, domain: Domain, *rows: tuple[str, tuple[Any, ...]]) -> None:
    """A file of version 1 with these rows."""
    name, tables = KINDS[kind]
    file = sqlite3.connect(path)
    for table in tables:
        file.execute(table)
    file.execute("INSERT INTO belongs_to VALUES (?)", (domain.separator,))
    for table, values in rows:
        file.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608
    file.execute(f"PRAGMA application_id = {int.from_bytes(name, 'big')}")
    file.execute("PRAGMA user_version = 1")
    file.commit()
    file.close()


@pytest.fixture
def sold(path: Path, domain: Domain, channel: Channel, describe: Any, sign: Callable[..., Signed[Voucher]]) -> Path:
    """Two channels: one in its second epoch, 50 accepted and 20 delivered, 10 settled; one without a voucher."""
    other = describe(salt=1)

    def epoch(of: Channel, number: int, settled: int, accepted: int, *rest: Any) -> tuple[str, tuple[Any, ...]]:
        return "epochs", (of.id, number, blob(100), blob(settled), 0, blob(accepted), *rest)

    write(
        path,
        "till",
        domain,
        ("channels", (channel.id, descriptor(channel))),
        ("channels", (other.id, json.dumps(other.to_json()))),
        epoch(channel, 0, 30, 40, blob(40), 1, sign(40).signature, blob(30), 5),
        epoch(channel, 1, 10, 50, blob(20), 0, sign(50, epoch=1).signature, blob(15), 7),
        epoch(other, 0, 7, 7, blob(0), 0, b"", blob(7), 9),
        ("deliveries", (channel.id, "a", 0, blob(40), blob(40), blob(40))),
        ("deliveries", (channel.id, "b", 1, blob(20), blob(20), blob(50))),
    )
    return path


@pytest.fixture
def spent(path: Path, domain: Domain, channel: Channel) -> Path:
    """A channel in its epoch 2, with 30 of 100 promised."""
    write(path, "wallet", domain, ("lanes", (channel.id, descriptor(channel), 2, blob(100), blob(7), 0, blob(30))))
    return path


def test_a_till_of_version_1_comes_with_all_its_books(
    opened: Open, sold: Path, channel: Channel, describe: Any, sign: Any
) -> None:
    for _ in range(2):
        till = opened("till", sold)
        old, new = till.epoch(channel.id, 0), till.book(channel.id)
        lanes: Any = [{"deposit": 100, "settled": 30}, {"deposit": 100, "settled": 10, "epoch": 1}]
        sums: Any = [{"accepted": 40, "delivered": 40}, {"accepted": 50, "delivered": 20}]
        kept = sign(40), sign(50, epoch=1)
        assert old.session == PayeeSession(
            channel=channel, lane=Lane(**lanes[0]), newest=kept[0], stopped=True, **sums[0]
        )
        assert new.session == PayeeSession(channel=channel, lane=Lane(**lanes[1]), newest=kept[1], **sums[1])
        assert (old.included, new.included) == (30, 15)
        other = till.book(describe(salt=1).id)
        assert (other.session.accepted, other.session.newest, other.included) == (7, None, 7)
        assert len(till.books()) == 3
        till.close()


def test_its_deliveries_are_answered_as_they_were(opened: Open, sold: Path, channel: Channel) -> None:
    till, gone = opened("till", sold), Delivered(40, 40, 0)  # type: ignore[arg-type]
    assert deliver(till, channel.id, {"a": 40, "b": 20}) == [gone, Delivered(20, 20, 30)]  # type: ignore[arg-type]
    assert [(made.key, made.epoch, made.refunded) for made in till.deliveries()] == [("a", 0, 0), ("b", 1, 0)]
    assert till.delivery(channel.id, "b") == Delivery(
        channel_id=channel.id,
        key="b",
        epoch=1,
        at=0,  # type: ignore[arg-type]
        price=20,  # type: ignore[arg-type]
        refunded=0,  # type: ignore[arg-type]
    )


def test_its_money_at_risk_is_counted(opened: Open, sold: Path, channel: Channel, sign: Any) -> None:
    """Of the epochs that live: limits would not hold otherwise, and the sums would fall below nothing."""
    till = opened("till", sold)
    token, limits = channel.token, {channel.token: Limits(at_risk=41)}  # type: ignore[arg-type]
    assert (till.exposure()[token].at_risk, till.exposure()[token].unconfirmed) == (40, 0)
    assert isinstance(accept(till, sign(52, epoch=1), limits=limits), OverLimit)
    assert accept(till, sign(51, epoch=1), limits=limits) is True
    till.see(channel, look(2_000, deposit=100, settled=51, epoch=1), till.book(channel.id))
    assert till.exposure()[token].at_risk == 0


def test_a_wallet_of_version_1_goes_on(opened: Open, spent: Path, channel: Channel) -> None:
    lane: Any = {"deposit": 100, "settled": 7, "epoch": 2}
    promised: Any = 30
    known = PayerSession(channel=channel, lane=Lane(**lane), promised=promised, version=1)
    wallet = opened("wallet", spent)
    assert wallet.sessions() == [known]
    later, _ = known.pay(5)  # type: ignore[arg-type]
    assert wallet.keep(known, later, None, 0)
    wallet.close()
    assert opened("wallet", spent).session(channel.id) == later


@pytest.mark.parametrize("kind", ["till", "wallet"])
def test_an_old_file_is_no_way_round_the_mark(
    opened: Open, kind: str, path: Path, domain: Domain, channel: Channel
) -> None:
    """Put back after it was migrated and used, it has forgotten what came after."""
    write(path, kind, domain)
    shutil.copy(path, path.with_suffix(".bak"))
    store = opened(kind, path)
    if kind == "till":
        store.journal([], [])
    else:
        store.add(PayerSession(channel=channel, lane=Lane()))
        store.see(channel, Lane())
    store.close()
    shutil.copy(path.with_suffix(".bak"), path)
    with pytest.raises(StoreRolledBack):
        opened(kind, path)
    opened(kind, path, restored=True)


@pytest.mark.parametrize("kind", ["till", "wallet"])
def test_an_old_file_of_another_chain_is_left_as_it_is(opened: Open, kind: str, path: Path, domain: Domain) -> None:
    write(path, kind, Domain(domain.chain_id + 1, domain.contract))
    before = path.read_bytes()
    with pytest.raises(StoreOfAnotherChain):
        opened(kind, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["till", "wallet"])
def test_a_damaged_old_file_is_left_as_it_is(
    opened: Open, kind: str, path: Path, domain: Domain, channel: Channel
) -> None:
    """A migration happens as a whole or not at all."""
    table = "epochs" if kind == "till" else "lanes"
    write(path, kind, domain)
    file = sqlite3.connect(path)
    file.execute(f"DROP TABLE {table}")
    file.commit()
    file.close()
    before = path.read_bytes()
    with pytest.raises(Exception, match=str(path)) as caught:
        opened(kind, path)
    assert type(caught.value).__name__ in {"StoreFailed", "StoreUnreadable"}
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [5, 2**31 - 1, -1])
@pytest.mark.parametrize("kind", ["till", "wallet"])
def test_a_file_of_a_newer_version_is_refused(
    opened: Open, kind: str, path: Path, domain: Domain, version: int
) -> None:
    opened(kind, path).close()
    file = sqlite3.connect(path)
    file.execute(f"PRAGMA user_version = {version}")
    file.close()
    with pytest.raises(StoreVersion) as caught:
        opened(kind, path)
    assert caught.value.facts == {"path": str(path), "found": version, "expected": 4}


def test_an_old_wallet_is_no_till(spent: Path, domain: Domain) -> None:
    with pytest.raises(StoreUnreadable):
        SqliteStore(spent).till(domain)
    SqliteStore(spent).wallet(domain).close()
