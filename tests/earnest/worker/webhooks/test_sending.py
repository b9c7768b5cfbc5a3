import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from earnest.worker.webhooks.endpoint import Endpoint
from earnest.worker.webhooks.secret import Secret
from earnest.worker.webhooks.sending import Outcome, Sender
from earnest.worker.webhooks.signing import headers_of
from tests.earnest.worker.conftest import Receiving
from tests.earnest.worker.values import OTHER_SECRET, SECRET, endpoint

BODY = '{"subject": "0x01"}'


@pytest.fixture
async def sending() -> AsyncIterator[Callable[..., Sender]]:
    senders: list[Sender] = []

    def start(url: str, **facts: Any) -> Sender:
        senders.append(Sender(endpoint(url, **{"allow_http": True, **facts})))
        return senders[-1]

    yield start
    for sender in senders:
        await sender.close()


async def sent(sender: Sender) -> Outcome:
    return await sender.send("msg_1", BODY, time.time())


async def test_a_delivery_is_verified_by_the_library_and_keeps_its_id(
    receiving: Receiving, sending: Callable[..., Sender]
) -> None:
    shop = receiving()

    assert await sent(sending(shop.url)) == Outcome(True, "ok")

    (arrived,) = shop.taken
    assert (arrived.id, arrived.body) == ("msg_1", {"subject": "0x01"})
    assert arrived.headers["content-type"] == "application/json"


@pytest.mark.parametrize("known", [SECRET, OTHER_SECRET])
async def test_while_a_secret_is_replaced_both_are_good(
    receiving: Receiving, sending: Callable[..., Sender], known: str
) -> None:
    shop = receiving(secret=known)
    both = (Secret(SECRET), Secret(OTHER_SECRET))

    assert (await sent(sending(shop.url, secrets=both))).delivered


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome(True, "ok")),
        (299, Outcome(True, "ok")),
        (301, Outcome(False, "redirect")),
        (308, Outcome(False, "redirect")),
        (400, Outcome(False, "400")),
        (410, Outcome(False, "410")),
        (500, Outcome(False, "500")),
    ],
)
async def test_only_2xx_is_success_and_no_redirect_is_followed(
    receiving: Receiving, sending: Callable[..., Sender], status: int, outcome: Outcome
) -> None:
    shop = receiving(lambda _: status)

    assert await sent(sending(shop.url)) == outcome
    assert len(shop.arrived) == 1
    assert outcome.gone == (status == 410)


async def test_who_hangs_is_left_alone_after_the_time_that_was_set(
    receiving: Receiving, sending: Callable[..., Sender]
) -> None:
    shop = receiving()
    shop.answer = shop.hang

    assert await sent(sending(shop.url, answer_within=0.2)) == Outcome(False, "timeout")


async def test_where_nobody_listens_it_is_said(sending: Callable[..., Sender]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert await sent(sending(f"http://127.0.0.1:{port}/")) == Outcome(False, "connection")


async def test_an_endless_answer_is_not_read(sending: Callable[..., Sender]) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    written = threading.Event()

    def pour() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
            while True:
                connection.sendall(b"x" * 65536)
        written.set()

    threading.Thread(target=pour, daemon=True).start()

    assert await sent(sending(f"http://127.0.0.1:{listening.getsockname()[1]}/")) == Outcome(True, "ok")
    assert await asyncio.to_thread(written.wait, 10)
    listening.close()


async def test_a_name_that_leads_inside_is_refused_when_it_is_resolved() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    listening.settimeout(0.1)
    sender = Sender(endpoint(f"https://localhost:{port}/"))

    assert await sent(sender) == Outcome(False, "address")

    with pytest.raises(TimeoutError):
        listening.accept()
    listening.close()
    await sender.close()


@pytest.mark.parametrize(
    ("address", "internal", "reached"),
    [
        ("8.8.8.8", False, True),
        ("10.1.2.3", False, False),
        ("10.1.2.3", True, True),
        ("::ffff:10.1.2.3", False, False),
        ("::ffff:127.0.0.1", True, False),
        ("fd00::1", False, False),
        ("fd00::1", True, True),
        ("127.0.0.1", True, False),
        ("0.0.0.0", True, False),  # noqa: S104  # It is only looked at.
        ("169.254.169.254", True, False),
        ("100.64.0.1", False, False),
        ("224.0.0.1", True, False),
    ],
)
def test_which_addresses_a_name_may_have(address: str, internal: bool, reached: bool) -> None:
    assert endpoint(internal=internal).reaches(address) == reached


def test_the_time_is_that_of_the_attempt_so_that_old_ones_can_be_refused() -> None:
    shop: Endpoint = endpoint()
    now = time.time()
    first, later = headers_of(shop, "msg_1", BODY, now), headers_of(shop, "msg_1", BODY, now + 60)

    assert first["webhook-id"] == later["webhook-id"]
    assert int(later["webhook-timestamp"]) == int(first["webhook-timestamp"]) + 60
    for headers in (first, later):
        assert Webhook(SECRET).verify(BODY, headers) == {"subject": "0x01"}
