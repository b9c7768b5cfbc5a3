"""The merchant as a process of its own: what it answered survives whatever happens to it."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import IO, cast

import pytest

from chain import Chain, LocalChain, Signer
from channels import Payee, Payer, SignedVoucher, WalletLane
from earnest.cli.demo.merchant import Merchant

KEY = "0x" + "22" * 32
SHOP = Signer.from_key(KEY)
PRICE, ORDERS = 1_000, 150
PIPE = 4_096
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def chain() -> Iterator[LocalChain]:
    with Chain.local() as chain:
        chain.fund(SHOP.address)
        yield chain


@pytest.fixture(scope="module")
def url(chain: LocalChain) -> str:
    return chain.serve()


@pytest.fixture
def wallet(chain: LocalChain, tmp_path: Path) -> Iterator[Payer]:
    ann = Signer.generate()
    chain.fund(ann.address)
    with Payer(chain, ann, tmp_path / "wallet.db") as wallet:
        yield wallet


@pytest.fixture
def lane(chain: LocalChain, wallet: Payer) -> WalletLane:
    return wallet.open(SHOP.address, chain.token("USDC")("1"), timedelta(days=1))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
def start(url: str, store: Path) -> Iterator[Start]:
    """Starts the merchant on the same store, again and again."""
    started: list[subprocess.Popen[str]] = []
    command = [sys.executable, "-m", "earnest.cli.demo.merchant", "--rpc", url, "--store", str(store)]

    def merchant() -> "subprocess.Popen[str]":
        environment = os.environ | {"EARNEST_KEY": KEY}
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment))
        return started[-1]

    yield merchant
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def till(chain: LocalChain, store: Path) -> Iterator[Payee]:
    """The same store, looked at from this process."""
    with Payee(chain, SHOP, store) as till:
        yield till


@pytest.fixture
def requests(chain: LocalChain, wallet: Payer, lane: WalletLane) -> list[str]:
    """So many orders, each with its own voucher."""
    price = chain.token("USDC").units(PRICE)
    return [request(str(number), voucher) for number, voucher in enumerate(wallet.pay_many(lane, [price] * ORDERS))]


def request(order: str, voucher: SignedVoucher, price: str = str(PRICE)) -> str:
    return json.dumps({"order": order, "price": price, "voucher": voucher.to_json()}) + "\n"


def ask(process: "subprocess.Popen[str]", requests: list[str]) -> list[dict[str, str]]:
    """One after the other, each answered before the next is sent."""
    assert process.stdin
    assert process.stdout
    answers = []
    for line in requests:
        process.stdin.write(line)
        process.stdin.flush()
        answers.append(json.loads(process.stdout.readline()))
    return answers


def flood(process: "subprocess.Popen[str]", requests: list[str]) -> threading.Thread:
    """All at once; nobody reads the answers, so that the merchant gets stuck in saying one."""
    assert process.stdin
    assert process.stdout
    fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, PIPE)

    def write() -> None:
        with suppress(BrokenPipeError):
            cast("IO[str]", process.stdin).writelines(requests)

    writer = threading.Thread(target=write)
    writer.start()
    return writer


def wait_until_stuck(till: Payee) -> int:
    """How many orders are delivered once one more is than there is room for answers."""
    lengths = [len(json.dumps(answer_to(number)) + "\n") for number in range(ORDERS)]
    stuck = sum(total <= PIPE for total in accumulate(lengths)) + 1
    deadline = time.monotonic() + 60
    while sum(lane.delivered.units for lane in till.lanes()) < PRICE * stuck:
        assert time.monotonic() < deadline, "the merchant never got stuck"
        time.sleep(0.05)
    return stuck


def answer_to(number: int) -> dict[str, str]:
    return {"order": str(number), "delivered": str(PRICE * (number + 1)), "left": "0"}


def test_a_merchant_killed_between_accept_and_answer_loses_no_voucher_and_charges_nobody_twice(
    chain: LocalChain, lane: WalletLane, start: Start, till: Payee, requests: list[str]
) -> None:
    merchant = start()
    writer = flood(merchant, requests)
    delivered = wait_until_stuck(till)
    merchant.kill()
    assert merchant.wait() == -signal.SIGKILL  # Only then are its answers read: room for one would let it answer.
    writer.join()
    assert merchant.stdout
    answered = [json.loads(line) for line in merchant.stdout if line.endswith("\n")]
    assert len(answered) == delivered - 1, "it was killed with an order delivered and not answered"

    (kept,) = till.lanes()
    assert kept.accepted == kept.delivered == chain.token("USDC").units(PRICE * delivered)
    again = ask(start(), requests)

    assert again == [answer_to(number) for number in range(ORDERS)]
    assert again[: len(answered)] == answered
    usdc = chain.token("USDC")
    before = chain.balance(usdc, SHOP.address)
    till.close(lane)
    assert chain.balance(usdc, SHOP.address) - before == usdc.units(PRICE * ORDERS)


def test_what_was_answered_survives_kills_at_any_moment(
    chain: LocalChain, start: Start, till: Payee, requests: list[str]
) -> None:
    asked: list[dict[str, str]] = []
    for turn in range(3):
        merchant = start()
        asked += ask(merchant, requests[turn * 20 : turn * 20 + 20])
        assert merchant.stdin
        merchant.stdin.writelines(requests[turn * 20 + 20 : turn * 20 + 40])
        merchant.stdin.flush()
        time.sleep(0.01 * turn)
        merchant.kill()
        merchant.wait()

    again = ask(start(), requests)

    assert again[: len(asked)] == asked
    assert [answer["order"] for answer in again] == [str(number) for number in range(ORDERS)]
    (kept,) = till.lanes()
    assert kept.accepted == kept.delivered == chain.token("USDC").units(PRICE * ORDERS)


def test_an_order_is_answered_the_same_however_often_it_is_asked(till: Payee, requests: list[str]) -> None:
    merchant = Merchant(till)

    first, second, third = (json.loads(merchant.answer(requests[number])) for number in (0, 1, 0))

    assert first == third == answer_to(0)
    assert second == answer_to(1)


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"order": 1, "price": "1", "voucher": {}}',
        '{"order": "1", "price": 1, "voucher": {}}',
        '{"order": "1", "price": "-1", "voucher": {}}',
        '{"order": "1", "price": "1", "voucher": {}}',
        '{"order": "1", "price": "1", "voucher": "voucher"}',
    ],
)
def test_what_is_no_request_is_answered_so(till: Payee, line: str) -> None:
    assert json.loads(Merchant(till).answer(line))["error"] == "Malformed"


@pytest.mark.parametrize(("price", "error"), [(str(PRICE + 1), "NotEnough"), ("0", "InvalidAmount")])
def test_an_order_that_is_not_covered_is_refused_and_charged_nothing(
    chain: LocalChain, wallet: Payer, lane: WalletLane, till: Payee, price: str, error: str
) -> None:
    voucher = wallet.pay(lane, chain.token("USDC").units(PRICE))
    merchant = Merchant(till)

    refused = json.loads(merchant.answer(request("a", voucher, price)))

    assert (refused["order"], refused["error"]) == ("a", error)
    assert json.loads(merchant.answer(request("a", voucher)))["left"] == "0"


def test_a_voucher_for_somebody_else_buys_nothing(chain: LocalChain, wallet: Payer, tmp_path: Path) -> None:
    other, price = Signer.generate(), chain.token("USDC").units(PRICE)
    lane = wallet.open(other.address, price, timedelta(days=1))
    with Payee(chain, SHOP, tmp_path / "other.db") as till:
        answer = json.loads(Merchant(till).answer(request("1", wallet.pay(lane, price))))

    assert answer["error"] == "NotPayee"
