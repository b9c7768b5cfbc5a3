import inspect
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chain.errors import ExtraMissing
from chain.typed_data import Domain
from channels import Channel, PayerSession
from channels.errors import UnknownLane
from channels.stores.aio.till import AsyncTill
from channels.stores.aio.wallet import AsyncWallet
from channels.stores.errors import StoreOfAnotherChain, StoreOfAnotherProcess
from channels.stores.postgres import PostgresStore
from channels.stores.sync.till import Till
from channels.stores.sync.wallet import Wallet
from tests.channels.stores.postgres.making import newer, seen

THREAD = "earnest-store"


@pytest.fixture
def till(dsn: str, domain: Domain) -> Iterator[Till]:
    made = PostgresStore(dsn).till(domain)
    yield made
    made.close()


def threads() -> int:
    return sum(thread.name == THREAD for thread in threading.enumerate())


@pytest.mark.parametrize(("sync", "asynchronous"), [(Till, AsyncTill), (Wallet, AsyncWallet)])
def test_what_the_sync_store_can_do_can_be_waited_for(sync: type, asynchronous: type) -> None:
    def verbs(kind: type) -> dict[str, list[str]]:
        found = inspect.getmembers(kind, inspect.isfunction)
        return {name: list(inspect.signature(verb).parameters) for name, verb in found if not name.startswith("_")}

    assert verbs(sync) == verbs(asynchronous)


def test_it_is_used_as_any_other_till(till: Till, channel: Channel) -> None:
    with pytest.raises(UnknownLane):
        till.book(channel.id)
    session = till.see(channel, seen(), None).session
    assert till.keep([newer(session, 10)], {}) == [True]
    assert till.find(channel.id) == till.book(channel.id)
    assert till.book(channel.id).session.accepted == 10


def test_any_number_of_threads_may_use_it(till: Till, crowd: list[Channel]) -> None:
    def accept(channel: Channel) -> int:
        session = till.see(channel, seen(), None).session
        for amount in (10, 20):
            assert till.keep([newer(session, amount)], {}) == [True]
            session = till.book(channel.id).session
        return session.accepted

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(accept, crowd)) == [20] * len(crowd)


def test_a_wallet_likewise(dsn: str, domain: Domain, channel: Channel) -> None:
    wallet = PostgresStore(dsn).wallet(domain)
    session = PayerSession(channel=channel, lane=seen().lane)
    wallet.add(session)
    assert wallet.sessions() == [session]
    wallet.close()


def test_its_thread_ends_with_it_or_with_its_failure(dsn: str, domain: Domain) -> None:
    before = threads()
    till = PostgresStore(dsn).till(domain)
    assert threads() == before + 1
    till.close()
    till.close()
    with pytest.raises(StoreOfAnotherChain):
        PostgresStore(dsn).till(Domain(1, domain.contract))
    assert threads() == before


def refused_in_a_child(till: Till) -> None:
    """Ends the child: with 0 if the till says at once that it is of another process."""
    signal.alarm(5)
    try:
        till.all_newest()
    except StoreOfAnotherProcess:
        till.close()
        os._exit(0)
    os._exit(1)


def test_it_is_not_carried_through_a_fork(till: Till) -> None:
    """The child has no such thread, and would wait for ever."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # From 3.12 on Python warns of forks beside threads.
        child = os.fork()
    if not child:
        refused_in_a_child(till)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert till.all_newest() == []


def test_without_the_driver_it_says_what_to_install(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("channels.stores.postgres.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    for opening in (PostgresStore("postgresql:///").till, PostgresStore("postgresql:///").async_wallet):
        with pytest.raises(ExtraMissing) as caught:
            opening(domain)
        assert caught.value.facts == {"extra": "postgres", "module": "asyncpg"}
