"""The rules one by one; `test_exactly_once` has them all together."""

from dataclasses import replace
from typing import Any

import pytest

from chain.outbox.entry import Attempt, Entry, Stage
from chain.outbox.fees import Fees, Price
from chain.outbox.intent import filling
from chain.outbox.machine import Finding, Send, Sign, beginning, gap, has_room, in_turn, is_first, review, unpaid
from chain.outbox.sighting import AccountSeen, Mined, Seen, Taken
from chain.units import Seconds
from tests.chain.outbox.world import ANN, intent_of

NOW = AccountSeen(
    final=90,
    head=100,
    final_count=5,
    head_count=7,
    pool_count=7,
    time=Seconds(1_000),
    base_fee=10,
    tip=2,
    balance=10**18,
    gas_limit=30_000_000,
)
SHORT = "insufficient funds: it may cost 2207 wei, and {} are free"
FEES = Fees(max_fee=1_000, patience=3, in_flight=3)
BID = Attempt(transaction="0xaa", raw=b"a", price=Price(8, 80), cancels=False, block=97)
CANCEL = replace(BID, transaction="0xbb", cancels=True, price=Price(9, 90))
QUEUED = Entry(intent=intent_of("a"))


def sent(nonce: int = 7, **other: Any) -> Entry:
    facts: dict[str, Any] = {"stage": Stage.SENT, "attempts": (BID,), "gas": 21_000}
    return Entry(intent=other.pop("intent", intent_of("a")), nonce=nonce, **facts | other)


def mined(**other: Any) -> Mined:
    facts: dict[str, Any] = {"transaction": "0xaa", "cancels": False, "succeeded": True, "final": True}
    return Mined(block=89, block_hash="0x89", **facts | other)


def taken(**other: Any) -> Taken:
    facts: dict[str, Any] = {"transaction": "0xcc", "same": False, "succeeded": True}
    return Taken(block=89, block_hash="0x89", **facts | other)


@pytest.mark.parametrize(
    ("found", "stage"),
    [
        (mined(), Stage.DONE),
        (mined(succeeded=False), Stage.REVERTED),
        (mined(cancels=True), Stage.GIVEN_UP),
        (mined(final=False), Stage.INCLUDED),
        (mined(final=False, succeeded=False), Stage.INCLUDED),
        (mined(final=False, cancels=True), Stage.INCLUDED),
    ],
)
def test_what_is_in_a_block_ends_when_that_is_final(found: Mined, stage: Stage) -> None:
    newer, effects = review(sent(nonce=4), Seen(mined=found), NOW, FEES)
    assert (newer.stage, newer.transaction, newer.block, newer.block_hash) == (stage, "0xaa", 89, "0x89")
    assert effects == []


def test_a_nonce_that_others_used_is_unknown_and_nothing_is_sent_from_there() -> None:
    newer, effects = review(sent(nonce=6), Seen(), NOW, FEES)
    assert (newer.stage, newer.nonce) == (Stage.UNKNOWN, 6)
    assert effects == [Finding("a", "unknown", "nonce 6 is used by a transaction not ours")]


def test_unknown_it_stays_though_the_nonce_is_final_until_the_other_is_named() -> None:
    newer, _ = review(sent(nonce=3, stage=Stage.UNKNOWN), Seen(), NOW, FEES)
    assert newer.stage is Stage.UNKNOWN


def test_a_named_other_that_is_final_frees_the_intent_for_a_new_nonce() -> None:
    newer, effects = review(sent(nonce=3, stage=Stage.UNKNOWN), Seen(taken=taken()), NOW, FEES)
    assert newer == QUEUED
    assert effects == []


@pytest.mark.parametrize("entry", [sent(nonce=3, restored=True), sent(nonce=3, restored=True, cancelled=True)])
def test_what_a_backup_had_open_gets_no_second_nonce_by_itself(entry: Entry) -> None:
    newer, effects = review(entry, Seen(taken=taken()), NOW, FEES)
    assert (newer.stage, newer.nonce, newer.attempts, newer.transaction) == (Stage.REFUSED, None, (), "")
    assert newer.why == "a backup was restored, so it may have happened since"
    assert effects == []
    assert review(entry, Seen(taken=taken(same=True)), NOW, FEES)[0].stage is Stage.DONE


@pytest.mark.parametrize(("succeeded", "stage"), [(True, Stage.DONE), (False, Stage.REVERTED)])
def test_the_same_call_by_another_hand_is_the_intent_itself(succeeded: bool, stage: Stage) -> None:
    other = taken(same=True, succeeded=succeeded)
    newer, _ = review(sent(nonce=3), Seen(taken=other), NOW, FEES)
    assert (newer.stage, newer.transaction, newer.happened) == (stage, "0xcc", True)


@pytest.mark.parametrize(
    "unwanted",
    [
        sent(nonce=3, cancelled=True),
        sent(nonce=3, intent=intent_of("a", expiry=1_000)),
        sent(3, intent=filling(1, ANN, 3)),
    ],
)
def test_what_is_not_wanted_any_more_gets_no_new_nonce(unwanted: Entry) -> None:
    newer, _ = review(unwanted, Seen(taken=taken()), NOW, FEES)
    assert (newer.stage, newer.nonce) == (Stage.GIVEN_UP, 3)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (replace(QUEUED, cancelled=True), "cancelled"),
        (Entry(intent=intent_of("a", expiry=1_000)), "expired"),
        (Entry(intent=intent_of("a", expiry=1_001)), ""),
        (Entry(intent=filling(1, ANN, 4)), "the gap is filled"),
        (Entry(intent=filling(1, ANN, 5)), ""),  # In a block that may still be undone.
        (QUEUED, ""),
    ],
)
def test_what_is_queued_and_not_wanted_is_given_up(entry: Entry, why: str) -> None:
    newer, effects = review(entry, Seen(), NOW, FEES)
    assert (newer.stage, newer.why) == (Stage.GIVEN_UP if why else Stage.QUEUED, why)
    assert effects == []


@pytest.mark.parametrize("before", [Stage.SENT, Stage.INCLUDED, Stage.UNKNOWN])
def test_what_is_in_no_block_is_sent_again_the_same_bytes(before: Stage) -> None:
    entry = sent(nonce=8, stage=before, transaction="0xaa", block=99, block_hash="0x99")
    newer, effects = review(entry, Seen(), NOW, FEES)
    assert newer == sent(nonce=8)
    assert effects == [Send(BID)]


@pytest.mark.parametrize("before", [Stage.INCLUDED, Stage.UNKNOWN])
def test_what_a_reorg_put_out_is_sent_again_before_it_bids_more(before: Stage) -> None:
    assert review(sent(stage=before), Seen(), NOW, FEES) == (sent(), [Send(BID)])
    assert review(sent(stage=before), Seen(pooled=True), NOW, FEES) == (sent(), [Sign(7, Price(9, 90))])


@pytest.mark.parametrize("pooled", [True, False])
def test_a_higher_bid_takes_the_place_of_the_old_one(pooled: bool) -> None:
    assert review(sent(), Seen(pooled=pooled), NOW, FEES)[1] == [Sign(7, Price(9, 90))]


def test_what_a_node_still_has_is_left_there() -> None:
    assert review(sent(nonce=8), Seen(pooled=True), NOW, FEES) == (sent(nonce=8), [])


@pytest.mark.parametrize(("head", "late"), [(99, False), (100, True), (101, True)])
def test_the_next_in_turn_bids_more_after_its_patience(head: int, late: bool) -> None:
    _, effects = review(sent(), Seen(pooled=True), replace(NOW, head=head), FEES)
    assert effects == ([Sign(7, Price(9, 90))] if late else [])


def test_who_is_not_the_next_in_turn_does_not_bid_more() -> None:
    assert review(sent(nonce=8), Seen(pooled=True), replace(NOW, head=500), FEES)[1] == []


@pytest.mark.parametrize(
    ("bound", "most"),
    [({"max_fee": 89}, "89 with 50000000000"), ({"max_tip": 8}, "1000 with 8")],
)
def test_a_bid_that_may_not_rise_is_stuck_and_is_sent_again_as_it_is(bound: dict[str, int], most: str) -> None:
    _, effects = review(sent(), Seen(), NOW, replace(FEES, **bound))
    assert effects == [Send(BID), Finding("a", "stuck", f"it bids 80 wei with a tip of 8: {most} is the most")]


DEAR = replace(BID, transaction="0xdd", price=Price(20, 200))


@pytest.mark.parametrize(
    ("balance", "why"),
    [
        (7 + 21_000 * 90, ""),
        (7 + 21_000 * 90 - 1, "insufficient funds: it may cost 1890007 wei, and 1890006 are free"),
    ],
)
def test_a_bid_that_could_not_be_paid_is_not_made(balance: int, why: str) -> None:
    _, effects = review(sent(), Seen(), replace(NOW, balance=balance), FEES)
    assert effects == ([Send(BID), Finding("a", "stuck", why)] if why else [Sign(7, Price(9, 90))])


def test_what_may_bid_no_more_can_still_be_called_off() -> None:
    fees = replace(FEES, max_tip=9)
    assert [type(effect) for effect in review(sent(), Seen(), NOW, fees)[1]] == [Send, Finding]
    assert review(sent(cancelled=True), Seen(), NOW, fees)[1] == [Sign(7, Price(9, 1_000), cancels=True)]


def test_calling_off_needs_the_gas_alone() -> None:
    poor = replace(NOW, balance=21_000 * 90)
    assert review(sent(cancelled=True), Seen(), poor, FEES)[1] == [Sign(7, Price(9, 90), cancels=True)]


@pytest.mark.parametrize(("balance", "again"), [(7 + 21_000 * 200, DEAR), (7 + 21_000 * 200 - 1, BID), (0, DEAR)])
def test_what_is_sent_again_is_the_newest_bid_that_can_be_paid(balance: int, again: Attempt) -> None:
    entry = sent(nonce=8, attempts=(BID, DEAR))
    assert review(entry, Seen(), replace(NOW, balance=balance), FEES)[1] == [Send(again)]


@pytest.mark.parametrize(
    "entry",
    [sent(nonce=8, cancelled=True), sent(nonce=8, intent=intent_of("a", expiry=1_000))],
    ids=["asked", "expired"],
)
def test_a_cancellation_competes_at_once_whatever_its_turn(entry: Entry) -> None:
    newer, effects = review(entry, Seen(pooled=True), replace(NOW, head=97), FEES)
    assert (newer.stage, newer.nonce) == (Stage.SENT, 8)
    assert effects == [Sign(8, Price(9, 90), cancels=True)]


def test_a_cancellation_is_pushed_like_any_other_and_never_taken_back() -> None:
    entry = sent(attempts=(BID, CANCEL), intent=intent_of("a", expiry=2_000))
    assert review(entry, Seen(pooled=True), NOW, FEES)[1] == [Sign(7, Price(11, 102), cancels=True)]


@pytest.mark.parametrize("stage", [Stage.DONE, Stage.REVERTED, Stage.GIVEN_UP])
def test_what_ended_stays(stage: Stage) -> None:
    entry = sent(nonce=3, stage=stage)
    assert review(entry, Seen(taken=taken()), NOW, FEES) == (entry, [])


def test_no_more_than_so_many_wait_at_once_and_the_first_come_first() -> None:
    queued = [Entry(intent=intent_of(key)) for key in "bcd"]
    included = sent(nonce=5, stage=Stage.INCLUDED)
    assert in_turn([sent(), included, *queued]) == queued
    assert has_room([sent(7), sent(8), included, *queued], FEES)
    assert not has_room([sent(7), sent(8), sent(9, stage=Stage.UNKNOWN), *queued], FEES)
    assert not has_room([sent(n) for n in range(7, 12)] + queued, FEES)


def test_what_can_not_begin_is_passed_over_and_comes_again() -> None:
    queued = [Entry(intent=intent_of(f"{number}")) for number in range(100)]
    keys = [entry.intent.key for entry in in_turn(queued, after="63")]
    assert keys == [f"{number}" for number in [*range(64, 100), *range(28)]]
    assert in_turn(queued, after="gone") == in_turn(queued) == queued[:64]


@pytest.mark.parametrize(
    ("balance", "waiting", "why"),
    [
        (7 + 100 * 22, [], ""),
        (7 + 100 * 22 - 1, [], SHORT.format(2206)),
        (7 + 100 * 22 + 7 + 200 * 80, [sent(7, gas=200), sent(5, gas=200, stage=Stage.INCLUDED), QUEUED], ""),
        (
            7 + 100 * 22 + 7 + 200 * 80 - 1,
            [sent(7, gas=200)],
            SHORT.format(2206),
        ),
        (100, [sent(7, gas=200)], SHORT.format(0)),
    ],
)
def test_nothing_is_signed_that_could_not_be_paid_beside_what_waits(
    balance: int, waiting: list[Entry], why: str
) -> None:
    entry = Entry(intent=intent_of("b"), gas=100)
    assert unpaid(entry, Price(2, 22), replace(NOW, balance=balance), waiting) == why


def test_a_filler_waits_for_no_turn() -> None:
    assert in_turn([Entry(intent=filling(1, ANN, 7))]) == []


@pytest.mark.parametrize(
    ("others", "first"),
    [
        ([], True),
        ([sent(5, stage=Stage.INCLUDED)], True),
        ([sent(7, intent=intent_of("b"))], False),
        ([sent(7, intent=intent_of("b"), stage=Stage.UNKNOWN)], False),
        ([Entry(intent=intent_of("b"))], False),
    ],
)
def test_a_revert_is_believed_of_what_is_the_first_that_has_not_happened(others: list[Entry], first: bool) -> None:
    assert is_first(QUEUED, [*others, QUEUED]) is first
    assert is_first(QUEUED, [QUEUED, Entry(intent=intent_of("c"))])


@pytest.mark.parametrize(
    ("used", "floor", "pool_count", "nonce"),  # The head has used seven.
    [
        ((), 0, 7, 7),
        ((7, 8), 0, 7, 9),
        ((8,), 0, 7, 7),
        ((), 9, 7, 9),
        ((), 0, 10, 10),
        ((5, 6), 0, 7, 7),
        ((), 0, 1, 7),
    ],
)
def test_the_next_nonce_is_the_lowest_that_nobody_has(
    used: tuple[int, ...], floor: int, pool_count: int, nonce: int
) -> None:
    account = replace(NOW, pool_count=pool_count)
    assert beginning(used, floor, account, FEES) == Sign(nonce, Price(2, 22))


@pytest.mark.parametrize(
    ("entries", "floor", "pool_count", "missing"),
    [
        ([sent(8)], 0, 7, 7),
        ([sent(8)], 0, 8, None),
        ([sent(7), sent(9)], 0, 7, None),
        ([sent(8), QUEUED], 0, 7, 7),
        ([sent(8)], 8, 7, None),
        ([sent(9, stage=Stage.INCLUDED)], 0, 7, None),
        ([], 0, 7, None),
    ],
)
def test_a_gap_is_what_holds_up_all_that_wait(
    entries: list[Entry], floor: int, pool_count: int, missing: int | None
) -> None:
    assert gap(entries, floor, replace(NOW, pool_count=pool_count)) == missing
