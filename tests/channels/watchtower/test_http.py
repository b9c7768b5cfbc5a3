"""The tower over real HTTP, to its own client and to one that knows nothing of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import pytest

from chain import LocalChain, Signer, Token
from chain.units import Seconds
from channels import Payee, Payer, WalletLane
from channels.watchtower import Job, write_job
from channels.watchtower.aio.client import AsyncTowerClient
from channels.watchtower.errors import TowerRefused, TowerUnreachable
from channels.watchtower.reading import LONGEST
from channels.watchtower.service.serving import Serving
from channels.watchtower.sync.client import TowerClient
from tests.channels.watchtower.test_jobs import lane_job
from tests.channels.watchtower.towers import Host

Asked = Callable[..., tuple[int, Any]]


@pytest.fixture
def url(host: Host) -> Iterator[str]:
    serving = Serving(host.tower, every=3_600)
    serve = host.loop.create_task(serving.serve())
    yield serving.url
    serving.stop()
    host.wait(serve)


@pytest.fixture
def ask(host: Host, url: str) -> Asked:
    """Status and JSON, by a client that we did not write."""

    async def asked(method: str, path: str, body: bytes | None) -> tuple[int, Any]:
        async with aiohttp.ClientSession() as session, session.request(method, url + path, data=body) as answer:
            return answer.status, await answer.json()

    return lambda method, path, body=None: host.wait(asked(method, path, body))


@pytest.fixture
def job(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> Job:
    till.accept(wallet.pay(lane, usdc("4")))
    job = till.job(lane, 1)
    assert job is not None
    return job


def test_a_job_is_created_once_and_shown_without_its_amount(ask: Asked, job: Job) -> None:
    told = {"channelId": "0x" + job.channel.id.hex(), "epoch": "0", "content": "0x" + job.guard.content.hex()}
    assert ask("POST", "/jobs", write_job(job)) == (201, told | {"newer": True})
    assert ask("POST", "/jobs", write_job(job)) == (200, told | {"newer": False})

    status, shown = ask("GET", "/jobs/" + told["channelId"])
    assert status == 200
    assert [(one["content"], one["client"]) for one in shown["jobs"]] == [(told["content"], job.client)]
    assert "4000000" not in str(shown)
    assert ask("GET", "/jobs/0x" + "00" * 32)[0] == 404
    assert ask("GET", "/jobs/nothing")[0] == 422


def test_why_something_failed_is_told_to_the_operator_alone(ask: Asked, host: Host, job: Job) -> None:
    """A node's words may hold its address and a key."""
    ask("POST", "/jobs", write_job(job))
    while not host.tower.store.shown()[0].seen_at:  # A first look would wipe the failure out.
        host.tower.touch([job.channel.id])
        host.step()
    host.tower.store.fail(job.place, "NodeUnreachable: https://node.example/v3/secret: it said: no", again=Seconds(9))
    _, shown = ask("GET", "/jobs/0x" + job.channel.id.hex())
    assert [one["failure"] for one in shown["jobs"]] == ["NodeUnreachable"]
    assert "secret" in host.tower.store.shown()[0].failure


async def answered(address: tuple[str, int], sent: bytes) -> bytes:
    """Up to where the server ends the connection."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()


def test_a_body_that_never_ends_holds_no_place_for_ever(host: Host, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.watchtower.service.app._WITHIN", 0.05)
    begun = b"POST /jobs HTTP/1.1\r\nHost: tower\r\nContent-Length: 100\r\n\r\n{"
    answer = host.wait(answered(("127.0.0.1", int(url.rpartition(":")[2])), begun))
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"TooSlow" in answer
    assert b"connection: close" in answer.lower(), "what trickles in would keep it open"


def test_a_head_that_is_too_long_is_refused(host: Host, url: str) -> None:
    port = int(url.rpartition(":")[2])
    answer = host.wait(answered(("127.0.0.1", port), b"GET /health HTTP/1.1\r\nX-Long: " + b"x" * 20_000))
    assert answer.startswith(b"HTTP/1.1 400")


def test_what_is_refused_is_told_by_its_name(ask: Asked) -> None:
    assert ask("POST", "/jobs", b"{}")[1]["error"] == "Malformed"
    status, told = ask("POST", "/jobs", write_job(lane_job()))
    assert (status, told["error"]) == (422, "InvalidSignature"), "it was signed for another contract"
    status, told = ask("POST", "/jobs", b"x" * (LONGEST + 1))
    assert (status, told["error"]) == (422, "Malformed")
    assert len(told["why"]) <= 300


def test_health_says_how_late_it_is(chain: LocalChain, ask: Asked, host: Host, job: Job) -> None:
    ask("POST", "/jobs", write_job(job))
    host.step()
    status, told = ask("GET", "/health")
    assert (status, told["jobs"], told["lag"]) == (200, "1", "0")
    chain.travel(to=chain.after(hours=1))
    status, told = ask("GET", "/health")
    assert status == 503
    assert int(told["lag"]) > 600


def test_the_clients_hand_over_what_is_newest(
    host: Host, url: str, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, job: Job
) -> None:
    def in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
        return host.wait(asyncio.to_thread(work, *arguments))

    with TowerClient(url, clock=lambda: 1_000.0) as client:
        assert in_thread(client.guard, till, lane)
        assert in_thread(client.guard, till, lane), "time goes on, though the clock does not"
        till.accept(wallet.pay(lane, usdc("1")))
        assert in_thread(client.guard, till, lane)
        assert not in_thread(client.send, job), "an old one is harmless"
        with pytest.raises(TowerRefused) as refused:
            in_thread(client.send, lane_job())
    assert refused.value.error == "InvalidSignature"
    (held,) = host.tower.store.jobs(lane.id)
    assert held.owed == 5_000_000


def test_a_client_for_asyncio_hands_over_the_same(host: Host, url: str, job: Job) -> None:
    async def send() -> bool:
        async with AsyncTowerClient(url) as client:
            return await client.send(job)

    assert host.wait(send())


def test_who_is_no_tower_or_away_has_kept_nothing(host: Host, job: Job) -> None:
    def answering(answer: bytes) -> Awaitable[asyncio.Server]:
        async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()

        return asyncio.start_server(answered, "127.0.0.1", 0)

    async def sent(answer: bytes) -> None:
        server = await answering(answer)
        port = server.sockets[0].getsockname()[1]
        async with AsyncTowerClient(f"http://127.0.0.1:{port}/secret") as client:
            try:
                await client.send(job)
            finally:
                server.close()

    busy = b'{"error":"OverQuota","why":"later"}'
    for answer in (
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 429 Busy\r\nContent-Length: %d\r\n\r\n%s" % (len(busy), busy),
    ):
        with pytest.raises(TowerUnreachable) as unreachable:
            host.wait(sent(answer))
        assert "secret" not in str(unreachable.value)
