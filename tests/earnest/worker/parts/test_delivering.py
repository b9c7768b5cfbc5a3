import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from earnest.worker.errors import WorkerLeaseLost
from earnest.worker.file import WorkerFile
from earnest.worker.lease import Held, Lease
from earnest.worker.news import Cursor, Seen
from earnest.worker.parts.delivering import TOGETHER, Delivering
from earnest.worker.report import Report
from earnest.worker.webhooks.deliveries import Deliveries
from earnest.worker.webhooks.sending import Sender
from tests.earnest.worker.conftest import Receiving
from tests.earnest.worker.receiver import Arrived, Receiver
from tests.earnest.worker.values import CHAIN_ID, endpoint, event, seen

READ = Cursor(latest=9, final=9, mark="mark")


@dataclass
class Desk:
    part: Delivering
    deliveries: Deliveries
    shop: Receiver
    start: float = field(default_factory=time.time)
    """The clock stands still unless a test moves it, by less than what the library believes."""
    now: float = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.start

    async def rounds(self, held: Held) -> list[Report]:
        """As long as one follows at once."""
        reports = [await self.part.round(held, self.now)]
        while reports[-1].again:
            reports.append(await self.part.round(held, self.now))
        return reports


@pytest.fixture
async def desks(file: WorkerFile, receiving: Receiving) -> AsyncIterator[Callable[..., Desk]]:
    senders: list[Sender] = []
    desks: list[Desk] = []

    def start(answer: Callable[[Arrived], int] = lambda _: 204, **facts: Any) -> Desk:
        shop = receiving(answer)
        there = endpoint(shop.url, allow_http=True, **facts)
        senders.append(Sender(there))
        deliveries = Deliveries(file, CHAIN_ID, [there])
        part = Delivering(there, deliveries, senders[-1], clock=lambda: desks[-1].now, random=lambda: 0.0)
        desks.append(Desk(part, deliveries, shop))
        return desks[-1]

    yield start
    for sender in senders:
        await sender.close()


def metrics(report: Report) -> dict[str, float]:
    return {gauge.name: gauge.value for gauge in report.gauges}


def counted(reports: list[Report], name: str) -> float:
    return sum(count.more for report in reports for count in report.counts if count.name == name)


async def test_all_of_a_payment_arrives_in_order_and_once(held: Held, desks: Callable[..., Desk]) -> None:
    desk = desks()
    told = steps(19)
    desk.deliveries.keep(held, told, READ, desk.start)

    reports = await desk.rounds(held)

    for payment in ("p", "q"):
        arrived = [request.told[0] for request in desk.shop.taken if request.subject == subject(payment)]
        assert arrived == [f"Step{place}" for place in range(1, 20)]
    assert counted(reports, "webhook_deliveries") == len(desk.shop.arrived) == 38
    assert metrics(reports[-1]) == {"webhook_pending": 0, "webhook_oldest_seconds": 0, "webhook_disabled": False}


def steps(count: int) -> list[Seen]:
    """So many of two payments, in turn."""
    return [
        seen(2 * step + place, payment, name=f"Step{step}")
        for step in range(1, count + 1)
        for place, payment in enumerate("pq")
    ]


def subject(payment: str) -> str:
    return "0x" + bytes(event(payment).args["paymentId"]).hex()


async def test_a_payment_that_fails_waits_as_a_whole_while_others_go_on(held: Held, desks: Callable[..., Desk]) -> None:
    broken = [True]
    desk = desks(lambda request: 500 if broken[0] and request.subject == subject("p") else 204)
    told = steps(3)
    desk.deliveries.keep(held, told, READ, desk.start)

    await desk.rounds(held)
    assert [request.told[0] for request in desk.shop.taken] == ["Step1", "Step2", "Step3"]
    assert [request.told[0] for request in desk.shop.arrived if request not in desk.shop.taken] == ["Step1"]

    desk.now += 1.9
    await desk.rounds(held)
    assert len(desk.shop.arrived) == 4
    broken[0], desk.now = False, desk.now + 0.1
    await desk.rounds(held)

    assert [request.told[0] for request in desk.shop.taken[3:]] == ["Step1", "Step2", "Step3"]
    ids = {request.id for request in desk.shop.arrived if request.subject == subject("p")}
    assert len(ids) == 3  # The repeat has the id of the first attempt.


async def test_each_failure_doubles_the_wait(held: Held, desks: Callable[..., Desk]) -> None:
    desk = desks(lambda _: 503)
    desk.deliveries.keep(held, [seen(1, "p")], READ, desk.start)

    for attempt in range(1, 6):
        (report,) = await desk.rounds(held)
        assert counted([report], "webhook_failures") == 1
        assert report.said[0].facts == {"reason": "503"}
        desk.now += 2.0**attempt - 0.01
        assert counted(await desk.rounds(held), "webhook_failures") == 0
        desk.now += 0.01
    assert metrics(report)["webhook_oldest_seconds"] == pytest.approx(sum(2.0**n for n in range(1, 5)))


async def test_gone_disables_the_endpoint_and_nothing_is_dropped(held: Held, desks: Callable[..., Desk]) -> None:
    desk = desks(lambda _: 410)
    desk.deliveries.keep(held, [seen(1, "p")], READ, desk.start)

    (report,) = await desk.rounds(held)
    assert metrics(report)["webhook_disabled"]
    assert [said.event for said in report.said] == ["delivery failed", "endpoint disabled"]
    desk.deliveries.keep(held, [seen(2, "q")], READ, desk.start)
    desk.now += 100
    await desk.rounds(held)
    assert len(desk.shop.arrived) == 1

    desk.shop.answer = lambda _: 204
    desk.deliveries.enable("shop")
    await desk.rounds(held)
    assert len(desk.shop.taken) == 2


@pytest.mark.parametrize(("after", "disabled"), [(29.9, False), (30.0, True)])
async def test_who_fails_for_too_long_is_disabled(
    held: Held, desks: Callable[..., Desk], after: float, disabled: bool
) -> None:
    desk = desks(lambda _: 500, give_up=30.0)
    desk.deliveries.keep(held, [seen(1, "p")], READ, desk.start - 10**6)  # Read long ago: that alone is no failure.

    for second in (0, 10):
        desk.now = desk.start + second
        (report,) = await desk.rounds(held)
        assert not metrics(report)["webhook_disabled"]
    desk.now = desk.start + after
    (report,) = await desk.rounds(held)

    assert bool(metrics(report)["webhook_disabled"]) == disabled


async def test_what_arrives_in_between_ends_the_count_of_days(held: Held, desks: Callable[..., Desk]) -> None:
    desk = desks(lambda _: 500, give_up=30.0)
    desk.deliveries.keep(held, [seen(1, "p"), seen(2, "p")], READ, desk.start)
    await desk.rounds(held)
    desk.shop.answer = lambda request: 204 if request.body["data"]["block"] == 1 else 500
    desk.now += 29
    await desk.rounds(held)
    desk.now += 29

    (report,) = await desk.rounds(held)

    assert len(desk.shop.taken) == 1
    assert not metrics(report)["webhook_disabled"]


async def test_one_that_hangs_delays_no_more_than_its_own_round(held: Held, desks: Callable[..., Desk]) -> None:
    desk = desks(answer_within=0.3)
    desk.shop.answer = lambda request: desk.shop.hang(request) if request.subject == subject("p") else 204
    desk.deliveries.keep(held, [seen(1, "p"), seen(2, "q"), seen(3, "r")], READ, desk.start)

    first = await desk.part.round(held, desk.now)

    assert counted([first], "webhook_deliveries") == 2
    assert [count.labels[-1] for count in first.counts if count.name == "webhook_failures"] == ["timeout"]


async def test_a_round_is_bounded(held: Held, desks: Callable[..., Desk]) -> None:
    desk = desks()
    desk.deliveries.keep(held, [seen(place, f"p{place}") for place in range(TOGETHER + 1)], READ, desk.start)

    await desk.part.round(held, desk.now)

    assert len(desk.shop.taken) == TOGETHER


async def test_who_has_lost_the_lease_meanwhile_notes_nothing_and_the_next_sends_the_same_id(
    held: Held, file: WorkerFile, desks: Callable[..., Desk]
) -> None:
    desk = desks()
    desk.deliveries.keep(held, [seen(1, "p")], READ, desk.start)
    newer = Lease(file, "other", 10).take(held.until)
    assert newer

    with pytest.raises(WorkerLeaseLost):
        await desk.part.round(held, desk.now)
    await desk.rounds(newer)

    assert len(desk.shop.taken) == 2
    assert len({request.id for request in desk.shop.taken}) == 1
