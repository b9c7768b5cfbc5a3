"""One request, and a death at each of its system calls in turn: no moment between two of them is left out."""

import errno
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.crash.answered import Answered
from tests.crash.disk import Disk
from tests.crash.fault import Fault, Trouble
from tests.crash.life import Life
from tests.crash.market import Market, Request
from tests.crash.merchant import serving
from tests.crash.sqlite_place import CHECKED, FILES
from tests.crash.supervisor import Supervisor
from tests.crash.syscalls import DISK, LOCKS, SPEECH

CALLS = (*DISK, *SPEECH, *LOCKS)
STOCK = 400


class Shop:
    """A merchant over one file, whose every life hears one request."""

    def __init__(self, market: Market, path: Path, chance: random.Random) -> None:
        self._market, self._path = market, path
        self._stock = iter(market.requests(STOCK, chance))
        self.answered, self.disk = Answered(), Disk(FILES, checked=CHECKED)
        self.serve(self.new_request())

    def new_request(self) -> Request:
        request = next(self._stock)
        self.answered.ask([request])
        return request

    def serve(self, request: Request, fault: Fault | None = None) -> bool:
        """Whether the fault happened."""
        supervisor = Supervisor(trouble=Trouble(fault), disk=self.disk)
        work = serving(self._market, self._path, [request])
        for word in Life(work, traced=CALLS, supervisor=supervisor).end():
            self.answered.hear(word)
        return supervisor.trouble.happened

    def end(self) -> None:
        """All that is in doubt is answered in the end."""
        for word in Life(serving(self._market, self._path, list(self.answered.in_doubt.values()))).end():
            self.answered.hear(word)
        self.answered.settle()


@pytest.fixture
def shop(market: Market, till_path: Path, chance: random.Random) -> Iterator[Shop]:
    shop = Shop(market, till_path, chance)
    yield shop
    shop.end()


def test_a_merchant_killed_at_any_call_keeps_its_word(shop: Shop) -> None:
    for nth in count(1):
        if not shop.serve(shop.new_request(), Fault(calls=CALLS, nth=nth, does="kill")):
            break
    assert nth > 30


def test_a_merchant_killed_in_the_middle_of_any_write_keeps_its_word_though_the_power_goes(
    shop: Shop, chance: random.Random
) -> None:
    for nth in count(1):
        happened = shop.serve(shop.new_request(), Fault(calls=("pwrite64",), files=FILES, nth=nth, does="tear"))
        shop.disk.cut(chance)
        if not happened:
            break
    assert nth > 8


@pytest.mark.parametrize("later", [1, 2])
def test_what_a_killed_merchant_wrote_and_did_not_sync_is_answered_only_when_it_is_synced(
    shop: Shop, chance: random.Random, later: int
) -> None:
    """The next life finds it in the log; unless that one syncs it, an answer from it is lost with the power."""
    for nth in count(1):
        request = shop.new_request()
        happened = shop.serve(request, Fault(calls=("fdatasync",), files=FILES, nth=nth, does="kill"))
        shop.serve(request, Fault(calls=("fdatasync",), files=FILES, nth=later, does="kill"))
        shop.disk.cut(chance)
        shop.serve(request)
        if not happened:
            break
    assert nth > 2


@pytest.mark.parametrize(("call", "error"), [("fdatasync", errno.EIO), ("pwrite64", errno.ENOSPC)])
def test_a_store_whose_disk_fails_once_answers_nobody_and_goes_on(shop: Shop, call: str, error: int) -> None:
    for nth in count(1):
        request, failed = shop.new_request(), shop.answered.failed
        if not shop.serve(request, Fault(calls=(call,), files=FILES, nth=nth, does=error)):
            break
        if shop.answered.failed > failed:
            shop.serve(request)
        assert request.key in shop.answered.delivered
    assert nth > 2
