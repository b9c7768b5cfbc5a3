from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange
from channels import Lane

AMOUNTS = st.integers(0, 2**96 - 1)


def lane(**members: Any) -> Lane:
    return Lane(**members)


@given(
    deposit=AMOUNTS,
    settled=AMOUNTS,
    closes_at=st.integers(0, 2**32 - 1),
    epoch=st.integers(0, 2**31 - 1),
    reserved=st.booleans(),
)
def test_a_lane_is_one_word(deposit: Any, settled: Any, closes_at: Any, epoch: Any, reserved: bool) -> None:
    seen = lane(deposit=deposit, settled=settled, closes_at=closes_at, epoch=epoch, reserved=reserved)
    assert seen.word == int.from_bytes(
        b"".join(
            [
                (epoch | reserved << 31).to_bytes(4, "big"),
                closes_at.to_bytes(4, "big"),
                settled.to_bytes(12, "big"),
                deposit.to_bytes(12, "big"),
            ]
        )
    )
    assert Lane.from_word(seen.word) == seen


@pytest.mark.parametrize(("member", "bits"), [("deposit", 96), ("settled", 96), ("closes_at", 32), ("epoch", 31)])
def test_a_lane_is_checked_at_birth(member: str, bits: int) -> None:
    lane(**{member: 2**bits - 1})
    for value in (2**bits, -1, 1.0, None):
        with pytest.raises(OutOfRange):
            lane(**{member: value})


@pytest.mark.parametrize(
    ("closes_at", "now", "over"), [(0, 2**32 - 1, False), (100, 99, False), (100, 100, True), (100, 101, True)]
)
def test_the_window_is_over_at_closes_at_itself(closes_at: Any, now: Any, over: bool) -> None:
    assert lane(deposit=1, closes_at=closes_at).window_is_over(now) is over


@pytest.mark.parametrize(
    ("cumulative_amount", "covered"), [(0, 0), (1, 1), (99, 99), (100, 100), (101, 100), (2**96 - 1, 100)]
)
def test_a_voucher_is_worth_at_most_the_deposit(cumulative_amount: Any, covered: int) -> None:
    assert lane(deposit=100, settled=30).covered(cumulative_amount) == covered


def test_an_end_leaves_the_next_epoch_and_nothing_else() -> None:
    assert lane(deposit=100, settled=30, closes_at=7, epoch=4, reserved=True).ended() == lane(epoch=5)


@pytest.mark.parametrize(("deposit", "is_open"), [(0, False), (1, True)])
def test_a_lane_is_open_while_it_has_a_deposit(deposit: Any, is_open: bool) -> None:
    assert lane(deposit=deposit, epoch=3).is_open is is_open
