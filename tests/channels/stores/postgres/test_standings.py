import asyncio

from chain.typed_data import Domain
from channels.duplex.session import Memory
from channels.stores.postgres import PostgresStore
from tests.channels.duplex.duplex_forms import CHANNEL, OTHER
from tests.channels.duplex.session.parties import lock


async def test_of_one_revision_one_memory_is_kept_whoever_asks(dsn: str, domain: Domain) -> None:
    stores = [PostgresStore(dsn, connections=2).async_duplex(domain) for _ in range(4)]
    await stores[0].add(CHANNEL)
    kept = Memory.start(CHANNEL, 3)
    for _ in range(3):
        rivals = [kept.next(signed=kept.signed + number) for number in range(1, 13)]
        answers = await asyncio.gather(
            *(store.keep(rival) for store, rival in zip(stores * 3, rivals, strict=True)),
        )
        assert answers.count(True) == 1
        kept = rivals[answers.index(True)]
        assert await stores[1].find(CHANNEL.id) == (CHANNEL, kept, 0)
    for store in stores:
        await store.close()


def test_it_is_used_without_a_loop_likewise(dsn: str, domain: Domain) -> None:
    store, told = PostgresStore(dsn).duplex(domain), lock(1)
    store.add(CHANNEL)
    assert store.channels() == [CHANNEL]
    store.learn(told.data_hash, told.data)
    assert store.data(told.data_hash) == told.data
    store.close()


async def test_a_restored_one_does_not_know_which_epochs_it_has_forgotten(dsn: str, domain: Domain) -> None:
    store = PostgresStore(dsn).async_duplex(domain)
    await store.add(CHANNEL)
    await store.close()
    for opened, whole_from in ((PostgresStore(dsn, restored=True), -1), (PostgresStore(dsn), 4)):
        store = opened.async_duplex(domain)
        await store.add(OTHER)
        assert [(await store.find(one.id)).whole_from for one in (CHANNEL, OTHER)] == [whole_from, -1]
        await store.forgotten(CHANNEL.id, 4)
        await store.forgotten(CHANNEL.id, 3)
        await store.close()
