import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from earnest.worker.errors import NoSuchEndpoint, WorkerLeaseLost
from earnest.worker.file import WorkerFile
from earnest.worker.lease import Held, Lease
from earnest.worker.news import Cursor, Seen
from earnest.worker.webhooks.deliveries import Deliveries, Delivery
from tests.earnest.worker.values import CHAIN_ID, PAYEE, PAYER, STRANGER, endpoint, event, seen

READ = Cursor(latest=9, final=9, mark="mark")


def deliveries(file: WorkerFile, *names: str, parties: tuple[str, ...] = ()) -> Deliveries:
    return Deliveries(file, CHAIN_ID, [endpoint(name=name) for name in names or ("shop",)], parties)


def bodies(due: list[Delivery]) -> list[str]:
    return [delivery.body for delivery in due]


def test_what_is_kept_is_due_for_every_endpoint(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file, "shop", "books")

    assert kept.keep(held, [seen(1, "p"), seen(2, "q")], READ, 0) == 2

    assert bodies(kept.due("shop", 0, 9)) == bodies(kept.due("books", 0, 9))
    assert len(kept.due("shop", 0, 9)) == 2


def test_the_cursor_moves_with_what_is_kept_or_not_at_all(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file)
    broken = replace(seen(2, "q"), event=replace(event("q"), args={"paymentId": b"", "bad": object()}))

    with pytest.raises(TypeError):
        kept.keep(held, [seen(1, "p"), broken], READ, 0)

    assert kept.cursor == Cursor()
    assert not kept.due("shop", 0, 9)
    kept.keep(held, [seen(1, "p")], READ, 0)
    assert kept.cursor == READ


def test_only_the_first_of_a_payment_is_due_and_other_payments_go_on(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file)
    kept.keep(held, [seen(1, "p", name="Authorized"), seen(2, "p"), seen(3, "q"), seen(4, "p", "final")], READ, 0)
    first, other = kept.due("shop", 0, 9)

    kept.failed(held, first, 0, 100)
    kept.delivered(held, other)

    assert not kept.due("shop", 99, 9)
    (again,) = kept.due("shop", 100, 9)
    assert (again.message_id, again.attempts) == (first.message_id, 1)
    kept.delivered(held, again)
    assert [delivery.position for delivery in kept.due("shop", 100, 9)] == [2]


def test_an_endpoint_that_fails_holds_up_no_other(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file, "shop", "books")
    kept.keep(held, [seen(1, "p"), seen(2, "p", name="Voided")], READ, 0)

    kept.failed(held, kept.due("shop", 0, 9)[0], 0, 100)
    kept.delivered(held, kept.due("books", 0, 9)[0])

    assert not kept.due("shop", 0, 9)
    assert [delivery.position for delivery in kept.due("books", 0, 9)] == [2]


def test_a_message_is_forgotten_once_all_have_it(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file, "shop", "books")
    kept.keep(held, [seen(1, "p")], READ, 0)

    kept.delivered(held, kept.due("shop", 0, 9)[0])
    assert file.rows("SELECT count(*) FROM messages") == [(1,)]
    kept.delivered(held, kept.due("books", 0, 9)[0])
    assert file.rows("SELECT count(*) FROM messages") == [(0,)]


def test_a_later_message_never_takes_the_place_of_one_that_was_forgotten(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file)
    kept.keep(held, [seen(1, "p")], READ, 0)
    (first,) = kept.due("shop", 0, 9)
    kept.delivered(held, first)
    kept.keep(held, [seen(2, "p")], READ, 0)

    assert kept.due("shop", 0, 9)[0].position > first.position


def test_a_disabled_endpoint_loses_nothing_and_goes_on_in_order(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file)
    kept.keep(held, [seen(1, "p"), seen(2, "q")], READ, 0)
    kept.failed(held, kept.due("shop", 0, 9)[0], 0, 10**6)
    kept.disable(held, "shop", 0, "it answered 410 Gone")
    kept.keep(held, [seen(3, "p", "final")], READ, 0)

    assert not kept.due("shop", 0, 9)
    assert (kept.standing("shop").pending, kept.standing("shop").disabled) == (3, "it answered 410 Gone")
    assert kept.enable("shop") == 3
    assert [delivery.position for delivery in kept.due("shop", 0, 9)] == [1, 2]
    assert {delivery.failing_since for delivery in kept.due("shop", 0, 9)} == {None}
    with pytest.raises(NoSuchEndpoint):
        kept.enable("elsewhere")


def test_an_endpoint_gets_only_the_finality_that_it_asked_for(file: WorkerFile, held: Held) -> None:
    sure = Deliveries(file, CHAIN_ID, [endpoint(finality=("final",))])

    sure.keep(held, [seen(1, "p"), seen(1, "p", "final"), seen(2, "q", "undone")], READ, 0)

    assert ['"finality": "final"' in body for body in bodies(sure.due("shop", 0, 9))] == [True]


def test_only_the_payments_of_ones_own_parties_are_told(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file, parties=(PAYEE,))
    theirs: list[Seen] = [
        seen(1, "stranger's", name="Authorized", payer=STRANGER, payee=STRANGER),
        seen(2, "stranger's"),
        seen(3, "ours", name="Authorized", payer=PAYER, payee=PAYEE),
        seen(4, "ours"),
    ]
    credit = event("", "Credited", owner=PAYEE)
    owned = Seen(position=5, event=replace(credit, args={"owner": PAYEE}), finality="latest")
    foreign = Seen(position=6, event=replace(credit, args={"owner": STRANGER}), finality="latest")

    assert kept.keep(held, [*theirs, owned, foreign], READ, 0) == 3


def test_who_has_lost_the_lease_writes_nothing(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file)
    kept.keep(held, [seen(1, "p")], READ, 0)
    (delivery,) = kept.due("shop", 0, 9)
    kept.read_again()
    assert Lease(file, "other", 10).take(held.until)

    writes: list[Callable[[], object]] = [
        lambda: kept.keep(held, [seen(2, "q")], kept.cursor, 0),
        lambda: kept.take_back(held, kept.doubtful(kept.cursor), kept.cursor, 0),
        lambda: kept.delivered(held, delivery),
        lambda: kept.failed(held, delivery, 0, 5),
        lambda: kept.disable(held, "shop", 0, "gone"),
    ]
    for write in writes:
        with pytest.raises(WorkerLeaseLost):
            write()

    assert kept.due("shop", 0, 9) == [delivery]


def told(kept: Deliveries, held: Held, name: str) -> list[tuple[str, str]]:
    """The id and the event of all that an endpoint gets, which takes everything."""
    found = []
    while due := kept.due(name, 0, 9):
        for delivery in due:
            found.append((delivery.message_id, json.loads(delivery.body)["type"].partition(".")[2]))
            kept.delivered(held, delivery)
    return found


def test_what_is_read_again_is_told_to_every_endpoint_in_its_order_after_what_still_waits(
    file: WorkerFile, held: Held
) -> None:
    first, then = seen(1, "p", name="Authorized"), seen(2, "p")
    before = deliveries(file, "old")
    before.keep(held, [first, then], READ, 0)
    before.delivered(held, before.due("old", 0, 9)[0])
    kept = deliveries(file, "old", "new")
    kept.read_again()

    assert kept.cursor == Cursor(reading=1)
    assert kept.keep(held, [first, then], replace(READ, reading=1), 0) == 2

    anew = told(kept, held, "new")
    assert [name for _, name in anew] == ["Authorized", "Captured"]
    waited, *again = told(kept, held, "old")
    assert waited[1] == "Captured"
    assert again == anew
    assert waited not in anew


def test_who_read_before_all_was_to_be_read_again_keeps_nothing(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file)
    kept.keep(held, [seen(1, "p")], READ, 0)
    read = replace(kept.cursor, latest=10)
    kept.read_again()

    assert kept.keep(held, [seen(2, "q")], read, 0) is None

    assert kept.cursor == Cursor(reading=1)
    assert kept.standing("shop").pending == 1


def test_only_what_was_told_as_latest_and_is_neither_final_nor_undone_is_doubtful(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file, parties=(PAYEE,))
    told: list[Seen] = [seen(number, name, payee=PAYEE) for number, name in enumerate("pqrs", 1)]
    foreign = seen(5, "t", payee=STRANGER)
    settled = [replace(told[0], finality="final"), replace(told[2], finality="undone", position=6)]
    kept.keep(held, [*told, foreign, *settled], READ, 0)
    assert kept.doubtful(kept.cursor) == []

    kept.read_again()

    assert [found.place[0] for found in kept.doubtful(kept.cursor)] == [4, 2]
    newest, other = kept.doubtful(kept.cursor)
    assert kept.take_back(held, [newest], kept.cursor, 0) == 1
    assert kept.doubtful(kept.cursor) == []
    kept.read_again()
    assert kept.doubtful(kept.cursor) == [other]


def test_what_nobody_hears_as_latest_is_never_doubtful(file: WorkerFile, held: Held) -> None:
    sure = Deliveries(file, CHAIN_ID, [endpoint(finality=("final",))])
    sure.keep(held, [seen(1, "p")], READ, 0)
    sure.read_again()

    assert sure.doubtful(sure.cursor) == []


def test_nothing_is_taken_back_for_a_reading_that_is_over(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file)
    kept.keep(held, [seen(1, "p")], READ, 0)
    kept.read_again()
    read = kept.cursor
    doubtful = kept.doubtful(read)
    kept.read_again()

    assert kept.take_back(held, doubtful, read, 0) is None

    assert kept.doubtful(kept.cursor) == doubtful
    assert kept.standing("shop").pending == 1


def test_the_age_of_what_waits_is_that_of_the_oldest(file: WorkerFile, held: Held) -> None:
    kept = deliveries(file)
    assert kept.standing("shop").oldest is None
    kept.keep(held, [seen(1, "p")], READ, 50)
    kept.keep(held, [seen(2, "q")], READ, 60)

    assert kept.standing("shop").oldest == 50
