from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange
from channels import Channel
from channels.reserve import Reserve

AMOUNTS = st.integers(0, 2**96 - 1)
CLOSES_AT: Any = 10_000
Describe = Callable[..., Channel]


def reserve(**members: Any) -> Reserve:
    return Reserve(**members)


@given(ceiling=AMOUNTS, settled=AMOUNTS, time=st.integers(0, 2**48 - 1), withdrawn=st.booleans())
def test_a_reserve_is_one_word(ceiling: Any, settled: Any, time: Any, withdrawn: bool) -> None:
    kept = reserve(ceiling=ceiling, settled=settled, time=time, withdrawn=withdrawn)
    parts = [bytes([0, withdrawn]), time.to_bytes(6, "big"), settled.to_bytes(12, "big"), ceiling.to_bytes(12, "big")]
    assert kept.word == int.from_bytes(b"".join(parts), "big")
    assert Reserve.from_word(kept.word) == kept


@pytest.mark.parametrize(("member", "bits"), [("ceiling", 96), ("settled", 96), ("time", 48)])
def test_a_reserve_is_checked_at_birth(member: str, bits: int) -> None:
    reserve(**{member: 2**bits - 1})
    for value in (2**bits, -1, 1.0, None):
        with pytest.raises(OutOfRange):
            reserve(**{member: value})


@pytest.mark.parametrize(
    ("ceiling", "last_expiry", "after"),
    [(99, 499, (100, 500)), (101, 499, (101, 500)), (99, 501, (100, 501)), (101, 501, (101, 501)), (0, 0, (100, 500))],
)
def test_what_was_reserved_once_stays(ceiling: Any, last_expiry: Any, after: tuple[int, int]) -> None:
    merged = reserve(ceiling=100, time=500).merge(ceiling, last_expiry)
    assert (merged.ceiling, merged.time) == after


@pytest.mark.parametrize(
    ("last_expiry", "end"),
    [
        (0, CLOSES_AT + 900),
        (CLOSES_AT - 1, CLOSES_AT + 900),
        (CLOSES_AT, CLOSES_AT + 900),
        (CLOSES_AT + 1, CLOSES_AT + 901),
        (CLOSES_AT + 1_799, CLOSES_AT + 2_699),
        (CLOSES_AT + 1_800, CLOSES_AT + 2_700),
        (CLOSES_AT + 1_801, CLOSES_AT + 2_700),
        (2**48 - 1, CLOSES_AT + 2_700),
    ],
)
def test_it_ends_a_window_after_the_last_expiry_or_after_the_promise_window(
    describe: Describe, last_expiry: Any, end: int
) -> None:
    channel = describe(window=900, promise_window=1_800)
    assert reserve(ceiling=1, time=last_expiry).end(CLOSES_AT, channel) == end


def test_a_withdraw_takes_over_what_is_settled() -> None:
    moved = reserve(ceiling=100, time=500).moved(settled=30, until=900)  # type: ignore[arg-type]
    assert moved == reserve(ceiling=100, settled=30, time=900, withdrawn=True)
    assert moved.left == 70


@pytest.mark.parametrize(("worth", "covered"), [(0, 0), (99, 99), (100, 100), (101, 100), (2**200, 100)])
def test_a_voucher_is_worth_at_most_the_ceiling(worth: int, covered: int) -> None:
    assert reserve(ceiling=100).covered(worth) == covered
