from pathlib import Path

import pytest

from chain.typed_data import Domain
from channels import Channel, Lane, MemoryStore, PayerSession, SqliteStore
from channels.stores.errors import StoreUnreadable
from channels.stores.opening import AsyncStores, Stores, store_of


def test_a_path_is_a_file(path: Path, domain: Domain) -> None:
    for store in (path, str(path)):
        assert store_of(store) == SqliteStore(store)
        Stores.till(store, domain).close()
    assert path.exists()
    given = SqliteStore(path, restored=True)
    assert store_of(given) is given


def test_a_till_and_a_wallet_have_a_file_each(path: Path, domain: Domain) -> None:
    Stores.wallet(path, domain).close()
    with pytest.raises(StoreUnreadable):
        Stores.till(path, domain)


async def test_both_forms_share_a_file(path: Path, domain: Domain, channel: Channel) -> None:
    known = PayerSession(channel=channel, lane=Lane())
    wallet, beside = Stores.wallet(path, domain), AsyncStores.wallet(path, domain)
    wallet.add(known)
    assert await beside.session(channel.id) == known
    await beside.close()
    wallet.close()
    till = AsyncStores.till(path.with_suffix(".till"), domain)
    assert await till.find(channel.id) is None
    await till.close()


def test_every_memory_is_another(domain: Domain, channel: Channel) -> None:
    one, other = MemoryStore().wallet(domain), MemoryStore().wallet(domain)
    one.add(PayerSession(channel=channel, lane=Lane()))
    assert (len(one.sessions()), len(other.sessions())) == (1, 0)
    one.close()
    other.close()
