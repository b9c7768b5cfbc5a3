from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.units import Amount
from channels import Channel, Lane
from channels.stores.columns import (
    amount,
    blob,
    channel_of,
    descriptor,
    lane_of,
    lane_values,
    promises_of,
    promises_text,
    proven_of,
    proven_text,
)
from tests.channels.promise_states import promise, proven

AMOUNTS = st.integers(0, 2**96 - 1)
PROMISES = st.builds(promise, st.integers(0, 255), AMOUNTS, st.integers(0, 2**48 - 1))


@given(one=AMOUNTS, other=AMOUNTS)
def test_amounts_order_as_numbers_do(one: int, other: int) -> None:
    assert amount(blob(one)) == one
    assert (blob(one) < blob(other)) is (one < other)
    assert len(blob(one)) == 12
    assert len(blob(one, 16)) == 16


@pytest.mark.parametrize("wrong", [-1, 2**96])
def test_what_is_no_amount_is_not_stored(wrong: int) -> None:
    with pytest.raises(OverflowError):
        blob(wrong)


@given(lane=st.builds(Lane, deposit=AMOUNTS, settled=AMOUNTS, closes_at=st.integers(0, 2**32 - 1)))
def test_a_lane_comes_back_from_its_columns(lane: Lane) -> None:
    assert lane_of(*lane_values(lane)) == lane


def test_a_channel_comes_back_from_its_text(channel: Channel) -> None:
    assert channel_of(descriptor(channel)) == channel
    assert channel_of(descriptor(channel)).id == channel.id


@given(listed=st.lists(PROMISES, max_size=4).map(tuple))
def test_promises_come_back_in_their_order(listed: Any) -> None:
    assert promises_of(promises_text(listed)) == listed
    assert (promises_text(listed) == "") is (not listed)


@given(
    known=st.lists(
        st.builds(proven, PROMISES, AMOUNTS.map(Amount), AMOUNTS.map(Amount), is_last=st.booleans()), max_size=3
    ).map(tuple)
)
def test_what_is_proven_comes_back_in_its_order(known: Any) -> None:
    """The same text each time: a store compares it."""
    assert proven_of(proven_text(known)) == known
    assert proven_text(proven_of(proven_text(known))) == proven_text(known)
