"""`earnest worker` as it is run: processes that are killed, a shop that listens, metrics that are scraped."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chain import LocalChain
from tests.earnest.worker.conftest import Receiving
from tests.earnest.worker.receiver import Receiver
from tests.earnest.worker.shop import DEEP, PAYEE, captured, paid
from tests.earnest.worker.values import SECRET

COMMAND = [sys.executable, "-c", "from earnest.cli import main; main()", "worker"]
KEY = "0x" + "07" * 32
CONFIG = """
network = "local"
rpc = ["{url}/a-secret-path"]
finality = {{confirmations = {deep}}}
store = "worker.db"
lease = 1
port = 0
max_lag = 86400
parties = ["{party}"]
[key]
env = "SHOP_KEY"
[follower]
[outbox]
[settlement]
every = 0.5
[[endpoint]]
name = "shop"
url = "{shop}"
secrets = ["env:SHOP_SECRET"]
allow_http = true
"""


class Process:
    """A worker, its log read line by line."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.log"
        with self.path.open("wb") as log:
            self._process = subprocess.Popen(
                [*COMMAND, "--config", str(folder / "worker.toml")],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"SHOP_KEY": KEY, "SHOP_SECRET": SECRET},
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        whole = self.path.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def said(self, event: str) -> dict[str, Any]:
        """The first line of that event, once it is there."""
        waited(lambda: self.has_said(event) or self._process.poll() is not None)
        assert self.has_said(event), self.path.read_text()
        return next(line for line in self.lines if line["event"] == event)

    def has_said(self, event: str) -> bool:
        return any(line["event"] == event for line in self.lines)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.said('worker started')['port']}{path}") as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def metrics(self) -> dict[tuple[str, ...], float]:
        families = text_string_to_metric_families(self.get("/metrics")[1])
        return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}

    def end(self, sign: signal.Signals) -> int:
        self._process.send_signal(sign)
        return self._process.wait(30)


@pytest.fixture
def workers(chain: LocalChain, url: str, tmp_path: Path) -> Iterator[Any]:
    processes: list[Process] = []

    def start(shop: Receiver) -> Process:
        facts = {"url": url, "deep": DEEP, "shop": shop.url + "hook/url-secret", "party": PAYEE.address}
        (tmp_path / "worker.toml").write_text(CONFIG.format(**facts))
        processes.append(Process(tmp_path, f"worker{len(processes)}"))
        return processes[-1]

    yield start
    for process in processes:
        process.end(signal.SIGKILL)


def test_a_worker_tells_the_shop_is_scraped_and_ends_on_demand(
    chain: LocalChain, receiving: Receiving, workers: Any
) -> None:
    shop = receiving(lambda _: 500)
    worker = workers(shop)
    worker.said("lease taken")
    captured(chain, paid(chain))
    chain.mine(DEEP)
    worker.said("delivery failed")
    shop.answer = lambda _: 204

    told = [request.told for request in shop.until(4)]

    assert told.index(("Authorized", "latest")) == 0
    assert sorted(told) == sorted((name, how) for name in ("Authorized", "Captured") for how in ("latest", "final"))
    waited(lambda: worker.get("/health")[0] == 200)
    waited(lambda: worker.metrics()["earnest_webhook_deliveries_total", "shop"] == 4)
    values = worker.metrics()
    assert values["earnest_lease_held",] == 1
    assert values["earnest_webhook_failures_total", "shop", "500"] >= 1
    assert values["earnest_webhook_pending", "shop"] == 0
    assert values["earnest_events_total", "Escrow", "Captured"] == 1
    assert values["earnest_outbox_open_intents",] == 0
    assert worker.end(signal.SIGTERM) == 0
    assert worker.lines[-1]["event"] == "worker ended"
    for secret in (KEY[2:], SECRET[6:], "a-secret-path", "url-secret"):
        assert secret not in worker.path.read_text()


def test_a_worker_that_is_killed_is_followed_and_nothing_is_lost(
    chain: LocalChain, receiving: Receiving, workers: Any
) -> None:
    shop = receiving(lambda _: 500)
    both = [workers(shop), workers(shop)]
    payments = [paid(chain, salt=salt) for salt in range(2)]
    waited(lambda: any(worker.has_said("delivery failed") for worker in both))
    works, waits = sorted(both, key=lambda worker: not worker.has_said("delivery failed"))
    waiting = {"ok": True, "lease": "waiting", "reasons": []}
    status, body = waits.get("/health")
    assert (status, json.loads(body)) == (200, waiting)
    assert waits.metrics()["earnest_lease_held",] == 0
    assert not waits.has_said("lease taken")

    works.end(signal.SIGKILL)
    payments.append(captured(chain, paid(chain, salt=len(payments))))
    shop.answer = lambda _: 204
    chain.mine(DEEP)

    waited(lambda: len({request.id for request in shop.taken}) == 2 * 2 + 4)
    for payment in payments:
        told = [request for request in shop.taken if request.subject == "0x" + payment.payment_id.hex()]
        order = list(dict.fromkeys(request.told for request in told))
        assert len({request.id for request in told}) == len(order)
        assert order[0] == ("Authorized", "latest")
        if len(order) > 2:
            assert order.index(("Captured", "latest")) < order.index(("Captured", "final"))
    assert {request.id for request in shop.arrived} == {request.id for request in shop.taken}


def waited(true: Callable[[], object]) -> None:
    """Until it is so; a test that hangs is ended."""
    deadline = time.monotonic() + 40
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
