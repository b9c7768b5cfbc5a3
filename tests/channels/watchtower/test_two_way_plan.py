"""Boundaries of what is done for a party, without a chain."""

from dataclasses import replace
from fractions import Fraction

import pytest

from chain.keccak import keccak
from chain.units import NO_HASH, NOBODY, Amount, Hash32, Seconds
from channels import SignedState, State
from channels.duplex.duplex import Duplex
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.promise import DuplexPromise, promises_hash
from channels.duplex.reserve import DuplexReserve
from channels.watchtower import Act, DuplexLook, TowerPolicy, Wait, plan_duplex
from channels.watchtower.steps import Answer, Collect, PayOut, RecordDuplex, keys_of, most_urgent_first, without
from tests.channels.watchtower.test_jobs import ANN, TWO_WAY

CHANNEL = replace(TWO_WAY, promise_window=Seconds(3_600))
POLICY = TowerPolicy(margin=Seconds(100))
EXPIRY, DEADLINE = Seconds(20_000), Seconds(10_000)
PROMISE = DuplexPromise(
    from_a=True,
    condition=ANN.address,
    data_hash=keccak(b""),
    amount=Amount(5),
    expiry=EXPIRY,
    salt=Hash32(bytes(32)),
)
LEAF = PROMISE.struct_hash()
NO_RESERVE = DuplexReserve(from_a=Amount(0), from_b=Amount(0), until=Seconds(0), promises=NO_HASH)


def look(
    now: int = 9_000,
    *,
    version: int = 4,
    net: int = 3,
    promises: tuple[DuplexPromise, ...] = (),
    fight: Fight = NO_FIGHT,
    reserve: DuplexReserve = NO_RESERVE,
    epoch: int = 0,
    recorded: int = 0,
    provable: int = 0,
    by_a: bool = False,
) -> DuplexLook:
    state = State(channel_id=CHANNEL.id, epoch=0, version=version, net=net, promises=promises_hash(promises))
    return DuplexLook(
        state=SignedState(channel=CHANNEL, message=state, promises=promises),
        by_a=by_a,
        now=Seconds(now),
        duplex=Duplex(deposit_a=Amount(10), deposit_b=Amount(10), epoch=epoch),
        fight=fight,
        reserve=reserve,
        recorded={LEAF: Amount(recorded)},
        provable={LEAF: Amount(provable)},
    )


def posted(version: int = 2, net: int = 0, promises: Hash32 = NO_HASH) -> Fight:
    return Fight(net=net, version=version, deadline=DEADLINE, promises=promises)


def acts(found: DuplexLook, policy: TowerPolicy = POLICY) -> list[type]:
    return [type(step.action) for step in plan_duplex(found, policy) if isinstance(step, Act)]


@pytest.mark.parametrize(
    ("found", "done"),
    [
        (look(), []),
        (look(fight=posted()), [Answer]),
        (look(fight=posted(), now=9_999), [Answer]),
        (look(fight=posted(), now=10_000), []),
        (look(fight=posted(version=3)), [Answer]),
        (look(fight=posted(version=4)), []),
        (look(fight=posted(net=3)), []),
        (look(fight=posted(net=2)), [Answer]),
        (look(fight=posted(net=4)), []),
        (look(fight=posted(net=9, promises=LEAF)), [Answer]),
        (look(fight=posted(), epoch=1), []),
        (look(fight=posted(), by_a=True), []),
        (look(fight=posted(net=5), by_a=True), [Answer]),
        (look(fight=posted(net=3), promises=(PROMISE,)), [Answer]),
    ],
)
def test_a_worse_and_older_state_is_answered_before_the_deadline(found: DuplexLook, done: list[type]) -> None:
    assert acts(found) == done


@pytest.mark.parametrize(("now", "late"), [(9_899, False), (9_900, True)])
def test_an_answer_is_late_within_a_margin_of_the_deadline(now: int, late: bool) -> None:
    (step,) = plan_duplex(look(now, fight=posted()), POLICY)
    assert isinstance(step, Act)
    assert step.before == 9_900
    assert step.is_late(Seconds(now)) is late


@pytest.mark.parametrize(
    ("now", "provable", "recorded", "done"),
    [
        (19_799, 5, 0, []),
        (19_800, 5, 0, [RecordDuplex]),
        (19_999, 5, 0, [RecordDuplex]),
        (20_000, 5, 0, []),
        (19_800, 5, 5, []),
        (19_800, 0, 0, []),
    ],
)
def test_a_proof_is_recorded_two_margins_before_its_promise_expires(
    now: int, provable: int, recorded: int, done: list[type]
) -> None:
    assert acts(look(now, promises=(PROMISE,), provable=provable, recorded=recorded)) == done


def test_in_a_fight_a_proof_is_recorded_at_once() -> None:
    ours = posted(version=4, net=3, promises=promises_hash([PROMISE]))
    assert acts(look(promises=(PROMISE,), fight=ours, provable=5)) == [RecordDuplex]


@pytest.mark.parametrize(
    ("now", "kept", "recorded", "done"),
    [
        (9_999, True, 5, []),
        (10_000, True, 5, [PayOut]),
        (17_199, True, 5, [PayOut]),
        (17_200, True, 5, []),
        (10_000, False, 5, []),
        (10_000, True, 0, []),
    ],
)
def test_a_fight_is_paid_out_only_for_what_would_be_lost_later(
    now: int, kept: bool, recorded: int, done: list[type]
) -> None:
    """The reserve is over one promise window and one window after the deadline: 10,000 + 3,600 + 3,600."""
    fight = posted(version=4, promises=promises_hash([PROMISE]) if kept else NO_HASH)
    assert acts(look(now, promises=(PROMISE,), fight=fight, recorded=recorded)) == done


@pytest.mark.parametrize(
    ("now", "recorded", "paid", "done"),
    [(16_999, 5, 0, [Collect]), (17_000, 5, 0, []), (16_999, 0, 0, []), (16_999, 5, 5, []), (16_999, 9, 5, [])],
)
def test_what_is_recorded_is_collected_while_the_reserve_lives(
    now: int, recorded: int, paid: int, done: list[type]
) -> None:
    kept = DuplexReserve(
        from_a=Amount(5),
        paid_from_a=Amount(paid),
        from_b=Amount(5),
        until=Seconds(17_000),
        promises=promises_hash([PROMISE]),
    )
    assert acts(look(now, promises=(PROMISE,), reserve=kept, epoch=1, recorded=recorded)) == done
    other = replace(kept, promises=Hash32(b"\1" * 32))
    assert acts(look(now, promises=(PROMISE,), reserve=other, epoch=1, recorded=recorded)) == []


@pytest.mark.parametrize(("now", "done"), [(16_799, [RecordDuplex]), (16_800, [RecordDuplex, Collect])])
def test_one_collect_waits_for_records_while_there_is_time(now: int, done: list[type]) -> None:
    kept = DuplexReserve(from_a=Amount(5), from_b=Amount(0), until=Seconds(17_000), promises=promises_hash([PROMISE]))
    assert acts(look(now, promises=(PROMISE,), reserve=kept, epoch=1, recorded=2, provable=5)) == done


def test_what_saves_less_than_it_costs_is_left() -> None:
    """An answer that saves 3 units uses 39,695 gas."""
    for price, done in ((Fraction(3, 39_696), [Answer]), (Fraction(3, 39_695), [])):
        policy = TowerPolicy(margin=Seconds(100), gas_prices={NOBODY: price})
        assert acts(look(fight=posted()), policy) == done


def test_only_the_final_chain_ends_a_job() -> None:
    gone = look(epoch=1)
    assert not gone.is_over
    assert replace(gone, ended=True).is_over
    kept = DuplexReserve(from_a=Amount(5), from_b=Amount(0), until=Seconds(9_001), promises=promises_hash([PROMISE]))
    living = replace(look(epoch=1, promises=(PROMISE,), reserve=kept), ended=True)
    assert not living.is_over
    assert replace(living, now=Seconds(9_001)).is_over


def test_nothing_to_do_says_why() -> None:
    assert plan_duplex(look(), POLICY) == [Wait(None, "nothing is threatened")]


@pytest.mark.parametrize(("now", "again"), [(19_700, 19_800), (19_800, 19_825), (19_999, 20_024), (20_000, 20_300)])
def test_a_promise_that_must_be_recorded_is_looked_at_often_until_it_expires(now: int, again: int) -> None:
    assert look(now, promises=(PROMISE,), provable=5).next_look(POLICY) == again


def test_what_could_not_be_asked_is_looked_at_soon() -> None:
    assert replace(look(9_000), is_partial=True).next_look(POLICY) == 9_025


def test_what_both_parties_want_is_sent_for_each() -> None:
    """By the older message of one the other is not kept from its own."""
    for kind in (Answer, PayOut, Collect):
        ours, theirs = (kind(*look(by_a=by_a).place) for by_a in (False, True))
        assert without(ours, keys_of(theirs)) == ours
        assert without(ours, keys_of(ours)) is None


def test_what_must_be_sent_first_comes_first_and_what_waits_last() -> None:
    acts = [Act(Answer(*look().place), "", before) for before in (Seconds(9), None, Seconds(3), Seconds(0))]
    wait = Wait(Seconds(1), "")
    assert most_urgent_first([wait, *acts]) == [acts[3], acts[2], acts[0], acts[1], wait]
