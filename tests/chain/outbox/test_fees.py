import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange
from chain.outbox.fees import GWEI, Fees, Price

FEE = st.integers(0, 2**64)


def test_the_first_bid_stands_a_doubled_base_fee() -> None:
    assert Fees().first(base_fee=100, tip=3) == Price(3, 203)


@pytest.mark.parametrize(("most", "bid"), [(203, Price(3, 203)), (202, Price(3, 202)), (2, Price(2, 2))])
def test_no_first_bid_is_above_the_bound(most: int, bid: Price) -> None:
    assert Fees(max_fee=most).first(base_fee=100, tip=3) == bid


@pytest.mark.parametrize(("most", "bid"), [(3, Price(3, 203)), (2, Price(2, 202)), (0, Price(0, 200))])
def test_no_first_tip_is_above_its_own_bound_whatever_a_node_says(most: int, bid: Price) -> None:
    assert Fees(max_tip=most).first(base_fee=100, tip=3) == bid


def test_no_bid_is_without_a_bound() -> None:
    assert Fees().first(base_fee=2**255, tip=2**255) == Price(50 * GWEI, 500 * GWEI)


@pytest.mark.parametrize(("most", "bid"), [(8, None), (9, Price(9, 2_009)), (10, Price(10, 2_010))])
def test_a_replacement_s_tip_stops_at_its_bound(most: int, bid: Price | None) -> None:
    assert Fees(max_tip=most).replacing(Price(8, 80), base_fee=1_000, tip=20) == bid


def test_bounds_are_given_in_gwei() -> None:
    assert Fees(max_fee=7, max_tip=3).in_gwei(0.5) == Fees(max_fee=500_000_000, max_tip=3)
    assert Fees(max_fee=7, max_tip=3).in_gwei(max_tip=2) == Fees(max_fee=7, max_tip=2_000_000_000)


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
    newer = Fees(max_fee=most, max_tip=most).replacing(former, base_fee, wanted)
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
