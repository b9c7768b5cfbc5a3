"""Nothing that is worth its fee is lost, whatever the payer does and however late each transaction is included."""

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chain.units import Seconds
from channels import Channel
from channels.settlement import Policy
from channels.settlement.gas import BATCH, CLAIM_PROMISED, RECORD, ROW
from tests.channels.settlement.performing import START, Run, Told, cancel_close, promise_of, request_close

MARGIN, WINDOW = 60, 3_600
LAST = START + 3 * WINDOW
POLICY = Policy(margin=Seconds(MARGIN))
AMOUNTS = st.just(0) | st.integers(0, 200_000)
NEAR = st.sampled_from([1, MARGIN, MARGIN + 1, 2 * MARGIN, 2 * MARGIN + 1]) | st.integers(1, 2 * WINDOW)
PROMISES = st.tuples(AMOUNTS, st.integers(1, 2 * WINDOW - 4 * MARGIN), NEAR, st.integers(0, 100))
LANES = st.lists(st.tuples(AMOUNTS, st.lists(PROMISES, max_size=2)), min_size=1, max_size=3)
MOVES = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([False, False, True]), st.integers(1, 2 * WINDOW)), max_size=6
)


def told_of(channel: Channel, accepted: int, promises: list[Any]) -> Told:
    """Each promise: its amount, its expiry, how long before that how many percent of it can be proven."""
    return Told(
        channel,
        accepted,
        {
            promise_of(amount, START + expiry, salt): (max(START + expiry - lead, START), amount * percent // 100)
            for salt, (amount, expiry, lead, percent) in enumerate(promises)
        },
    )


def lived(describe: Callable[..., Channel], lanes: Any, moves: Any, seed: int, **how: Any) -> Run:
    """After everything: in the end the payer asks for every close, and takes what it can get."""
    tolds = [told_of(describe(salt=salt), *lane) for salt, lane in enumerate(lanes)]
    run = Run(tolds, POLICY, Random(seed), **how)
    for told in tolds:
        run.at(LAST, run.payer(told, request_close(told)))
        for since, _ in told.promises.values():
            run.at(since, lambda _: True)
    for number, cancels, second in moves:
        told = tolds[number % len(tolds)]
        run.at(START + second, run.payer(told, cancel_close(told) if cancels else request_close(told)))
    run.run()
    return run


@given(lanes=LANES, moves=MOVES, seed=st.integers(0, 99), blind=st.booleans(), towers=st.integers(1, 2))
def test_without_a_price_every_unit_is_paid_whatever_the_payer_does(
    describe: Callable[..., Channel], lanes: Any, moves: Any, seed: int, blind: bool, towers: int
) -> None:
    """Blind to events, late by a margin, sent twice: what was accepted or proven in time is paid, and never more."""
    for told in lived(describe, lanes, moves, seed, blind=blind, towers=towers).tolds:
        assert told.best(MARGIN) <= told.paid <= told.best(0)


@given(lanes=LANES, moves=MOVES, seed=st.integers(0, 99), price=st.integers(1, 4))
def test_with_a_price_what_is_lost_is_not_worth_its_own_fee(
    describe: Callable[..., Channel], lanes: Any, moves: Any, seed: int, price: int
) -> None:
    run = lived(describe, lanes, moves, seed, prices={describe().token: Fraction(1, price)})
    for told in run.tolds:
        fee = 2 * CLAIM_PROMISED + RECORD * len(told.promises) if told.promises else BATCH + ROW
        assert (told.best(MARGIN) - told.paid) * price <= fee
