import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange
from chain.outbox.fees import Fees, Price

FEE = st.integers(0, 2**64)


def test_the_first_bid_stands_a_doubled_base_fee() -> None:
    assert Fees().first(base_fee=100, tip=3) == Price(3, 203)


@pytest.mark.parametrize(("most", "bid"), [(203, Price(3, 203)), (202, Price(3, 202)), (2, Price(2, 2))])
def test_no_first_bid_is_above_the_bound(most: int, bid: Price) -> None:
    assert Fees(max_fee=most).first(base_fee=100, tip=3) == bid


@pytest.mark.parametrize(
    ("former", "newer"),
    [
        (Price(8, 80), Price(9, 90)),
        (Price(9, 81), Price(11, 92)),
        (Price(0, 0), Price(1, 1)),
        (Price(0, 7), Price(1, 8)),
    ],
)
def test_a_replacement_bids_an_eighth_more_of_both_rounded_up(former: Price, newer: Price) -> None:
    assert Fees().replacing(former, base_fee=0, tip=0) == newer


def test_a_replacement_follows_the_market_where_that_is_more() -> None:
    assert Fees().replacing(Price(8, 80), base_fee=1_000, tip=20) == Price(20, 2_020)


@pytest.mark.parametrize(("most", "bid"), [(89, None), (90, Price(20, 90)), (91, Price(20, 91))])
def test_a_replacement_stops_at_the_bound_and_is_never_less_than_nodes_take(most: int, bid: Price | None) -> None:
    assert Fees(max_fee=most).replacing(Price(8, 80), base_fee=1_000, tip=20) == bid


@given(tip=FEE, extra=FEE, base_fee=FEE, wanted=FEE, most=st.integers(1, 2**70))
def test_every_replacement_is_one_that_nodes_take(tip: int, extra: int, base_fee: int, wanted: int, most: int) -> None:
    former = Price(tip, tip + extra)
    newer = Fees(max_fee=most).replacing(former, base_fee, wanted)
    if newer is not None:
        assert newer.max_fee <= most
        pairs = [(newer.tip, former.tip), (newer.max_fee, former.max_fee)]
        assert all(new > old and 8 * new >= 9 * old for new, old in pairs)


@pytest.mark.parametrize(("name", "value"), [("max_fee", 0), ("patience", 0), ("in_flight", 0), ("in_flight", 1_001)])
def test_a_policy_that_never_sends_is_none(name: str, value: int) -> None:
    with pytest.raises(OutOfRange):
        Fees(**{name: value})


def test_no_tip_is_above_the_whole_fee() -> None:
    with pytest.raises(OutOfRange):
        Price(2, 1)
