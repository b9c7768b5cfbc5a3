"""A merchant that dies by SIGKILL, between accept and answer or at any moment under load, loses and doubles nothing."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from channels import Payee, Payer, WalletLane
from channels.stores.opening import SqliteStore

PRICE, REQUESTS, KILLS = 1_000, 600, 25


class Merchant:
    """The process under test; every answer is checked against the first that its key had."""

    def __init__(self, url: str, key: str, store: Path, token: Token) -> None:
        script = Path(__file__).with_name("merchant.py")
        command = [sys.executable, str(script), url, key, str(store)]
        environment = os.environ | {"TOKEN": token.address, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
        )
        self.answers: dict[str, dict[str, Any]] = {}
        self.accepted = 0
        self.child = self.wait_for("up")["up"]

    def ask(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """The next line; what was answered must be in the store of whoever is up."""
        assert self._process.stdout is not None
        line: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "up" in line:
            assert line["accepted"] >= self.accepted, "an answered voucher is never lost"
            self.child = line["up"]
        if "id" in line:
            first = self.answers.setdefault(line["id"], line)
            assert line["delivered"] == first["delivered"], "a key is delivered once"
            self.accepted = max(self.accepted, line["accepted"])
        return line

    def wait_for(self, word: str) -> dict[str, Any]:
        while word not in (line := self.hear()):
            pass
        return line

    def kill(self) -> None:
        """The merchant dies at once; its supervisor starts the next."""
        os.kill(self.child, signal.SIGKILL)

    def end(self) -> None:
        """With the group that it leads."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


@pytest.fixture
def people(served: LocalChain) -> tuple[Signer, Signer, str]:
    """Payer and payee, and the payee's key in hex."""
    secret = "0x" + random.Random(7).randbytes(32).hex()
    ann, shop = Signer.generate(), Signer.from_key(secret)
    for signer in (ann, shop):
        served.fund(signer.address)
    return ann, shop, secret


@pytest.fixture
def requests(
    served: LocalChain, people: tuple[Signer, Signer, str], ends: ExitStack
) -> Callable[[], tuple[WalletLane, Iterator[dict[str, Any]]]]:
    """A channel, and requests that each pay the price once more."""
    ann, shop, _ = people

    def made() -> tuple[WalletLane, Iterator[dict[str, Any]]]:
        usdc = served.token("USDC")
        wallet = ends.enter_context(Payer(served, ann, ":memory:"))
        lane = wallet.open(shop.address, usdc("10"), timedelta(hours=1))
        return lane, (
            {"id": f"{n}", "price": PRICE, "hold": False, "voucher": wallet.pay(lane, usdc.units(PRICE)).to_json()}
            for n in range(REQUESTS)
        )

    return made


@pytest.fixture
def merchant(served: LocalChain, people: tuple[Signer, Signer, str], tmp_path: Path) -> Iterator[Merchant]:
    started = Merchant(served.serve(), people[2], tmp_path / "till.db", served.token("USDC"))
    yield started
    started.end()


def test_a_merchant_killed_between_accept_and_answer_has_the_voucher(
    served: LocalChain, people: tuple[Signer, Signer, str], requests: Any, merchant: Merchant, tmp_path: Path
) -> None:
    lane, asked = requests()
    for _ in range(5):
        request = next(asked)
        merchant.ask(request | {"hold": True})
        assert merchant.wait_for("kept")["kept"] == request["id"]
        merchant.kill()
        up = merchant.wait_for("up")
        assert up["accepted"] == PRICE * (int(request["id"]) + 1), "kept, though nobody was told"
        merchant.ask(request)
        answer = merchant.wait_for("id")
        assert answer["delivered"] == PRICE * (int(request["id"]) + 1)
    store = SqliteStore(tmp_path / "till.db").till(served.domain("VoucherChannels"))
    assert store.book(lane.id).session.delivered == 5 * PRICE
    store.close()


def test_a_merchant_killed_at_any_moment_under_load_loses_and_doubles_nothing(
    served: LocalChain, people: tuple[Signer, Signer, str], requests: Any, merchant: Merchant, tmp_path: Path
) -> None:
    lane, asked = requests()
    chance, killed = random.Random(11), 0
    pending: dict[str, dict[str, Any]] = {}
    while len(merchant.answers) < REQUESTS:
        while len(pending) < 30 and (request := next(asked, None)):
            pending[request["id"]] = request
            merchant.ask(request)
        pending.pop(merchant.wait_for("id")["id"], None)
        if killed < KILLS and chance.random() < 0.1:
            merchant.kill()
            killed += 1
            merchant.wait_for("up")
            for request in pending.values():
                merchant.ask(request)
    assert killed == KILLS

    with Payee(served, people[1], tmp_path / "till.db") as till:
        usdc = served.token("USDC")
        shown = till.show(lane)
        assert shown.accepted == shown.delivered == usdc.units(PRICE * REQUESTS)
        assert till.claim().paid == (usdc.units(PRICE * REQUESTS),)
        assert till.books()[usdc].balance
    delivered = sorted(answer["delivered"] for answer in merchant.answers.values())
    assert delivered == [PRICE * number for number in range(1, REQUESTS + 1)]
