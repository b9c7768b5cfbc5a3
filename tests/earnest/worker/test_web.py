import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from chain.testing.serve import PortTaken
from earnest.worker.health import Health
from earnest.worker.metrics import COUNTERS, GAUGES, Metrics
from earnest.worker.report import Count, Gauge, Report
from earnest.worker.web import app_of, served

WELL, ILL = Health(lease="held", reasons=()), Health(lease="held", reasons=("follower: late",))


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


async def test_metrics_are_read_by_prometheus_own_parser(client: aiohttp.ClientSession) -> None:
    metrics = Metrics()
    metrics.take(
        Report(
            counts=(Count("webhook_failures", 2, ("shop", "500")), Count("webhook_messages", 3)),
            gauges=(Gauge("money_at_risk_units", 250_000, ("USDC",)), Gauge("lease_held", 1)),
        )
    )

    async with (
        served(app_of(lambda: WELL, metrics), "127.0.0.1", 0) as port,
        client.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        families = {family.name: family for family in text_string_to_metric_families(await answer.text())}

    assert set(families) >= {f"earnest_{name}" for name in COUNTERS | GAUGES}
    values = {(sample.name, *sample.labels.values()): sample.value for f in families.values() for sample in f.samples}
    assert values["earnest_webhook_failures_total", "shop", "500"] == 2
    assert values["earnest_webhook_messages_total",] == 3
    assert values["earnest_money_at_risk_units", "USDC"] == 250_000
    assert values["earnest_lease_held",] == 1


@pytest.mark.parametrize(("health", "status"), [(WELL, 200), (ILL, 503)])
async def test_health_is_a_status_with_its_reasons(client: aiohttp.ClientSession, health: Health, status: int) -> None:
    async with served(app_of(lambda: health, Metrics()), "127.0.0.1", 0) as port:
        async with client.get(f"http://127.0.0.1:{port}/health") as answer:
            assert (answer.status, await answer.json()) == (status, health.to_json())
        async with client.get(f"http://127.0.0.1:{port}/elsewhere") as answer:
            assert answer.status == 404


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            async with served(app_of(lambda: WELL, Metrics()), "127.0.0.1", port):
                pass

    assert refused.value.port == port


async def test_answers_end_with_the_worker(client: aiohttp.ClientSession) -> None:
    async with served(app_of(lambda: WELL, Metrics()), "127.0.0.1", 0) as port:
        pass

    with pytest.raises(aiohttp.ClientConnectorError):
        await client.get(f"http://127.0.0.1:{port}/health")
