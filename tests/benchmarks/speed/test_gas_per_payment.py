import pytest

from benchmarks.speed.gas_per_payment import PAYMENTS, curves

ROWS = {"channel.open.erc20": 70_000, "channel.close.erc20": 60_000, "channel.claim100.erc20": 1_200_000}


@pytest.mark.parametrize(("payments", "each"), [(1, 130_000), (100, 1_300), (1_000_000, 0.13)])
def test_a_channel_costs_its_two_transactions_however_many_payments_it_carries(payments: int, each: float) -> None:
    assert curves(34_000, ROWS)["Earnest, opened and closed"][payments] == pytest.approx(each)


def test_a_claim_among_a_hundred_pays_a_hundredth_of_the_transaction() -> None:
    assert curves(34_000, ROWS)["Earnest, claimed with 99 others"][1] == 82_000


def test_transfers_cost_the_same_each() -> None:
    assert set(curves(34_000, ROWS)["a transfer each"].values()) == {34_000.0}


def test_every_curve_reaches_from_one_payment_to_a_million() -> None:
    assert {tuple(curve) for curve in curves(34_000).values()} == {PAYMENTS}
    assert (PAYMENTS[0], PAYMENTS[-1]) == (1, 1_000_000)
