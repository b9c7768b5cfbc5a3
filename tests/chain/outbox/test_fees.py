import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange
from chain.outbox.fees import GWEI, Fees, Price

FEE = st.integers(0, 2**64)


def test_the_first_bid_stands_a_doubled_base_fee() -> None:
    assert Fees().first(base_fee=100, tip=3) == Price(3, 203)


@pytest.mark.parametrize(
    ("most", "bid"), [(229, Price(3, 203)), (228, Price(3, 202)), (3, Price(2, 2)), (1, Price(0, 0))]
)
def test_no_first_bid_is_above_eight_ninths_of_the_bound(most: int, bid: Price) -> None:
    assert Fees(max_fee=most).first(base_fee=100, tip=3) == bid


@pytest.mark.parametrize(
    ("most", "bid"), [(6, Price(3, 203)), (5, Price(2, 202)), (1, Price(0, 200)), (0, Price(0, 200))]
)
def test_no_first_tip_is_above_half_of_its_bound_whatever_a_node_says(most: int, bid: Price) -> None:
    assert Fees(max_tip=most).first(base_fee=100, tip=3) == bid


def test_no_bid_is_without_a_bound() -> None:
    assert Fees().first(base_fee=2**255, tip=2**255) == Price(25 * GWEI, 500 * GWEI * 8 // 9)


@pytest.mark.parametrize(
    ("most", "bid"),
    [(10, None), (11, Price(9, 444_444_444_444)), (12, Price(9, 444_444_444_444)), (40, Price(20, 2_020))],
)
def test_a_tip_that_can_not_rise_again_is_bid_with_all_of_the_fee(most: int, bid: Price | None) -> None:
    assert Fees(max_tip=most).replacing(Price(8, 80), base_fee=1_000, tip=20) == bid


@given(base_fee=FEE, tip=FEE, most=st.integers(1, 2**70), most_tip=st.integers(0, 2**70))
def test_what_was_bid_can_always_be_called_off(base_fee: int, tip: int, most: int, most_tip: int) -> None:
    fees = Fees(max_fee=most, max_tip=most_tip)
    bid: Price | None = fees.first(base_fee, tip)
    while bid:
        if most_tip:
            assert fees.replacing(bid, base_fee, tip, cancels=True)
        bid = fees.replacing(bid, base_fee, tip)


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


@pytest.mark.parametrize(("most", "bid"), [(101, None), (102, Price(20, 90)), (103, Price(20, 91))])
def test_a_replacement_stops_at_eight_ninths_of_the_bound_and_is_never_less_than_nodes_take(
    most: int, bid: Price | None
) -> None:
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
