from tests.earnest.worker.campaign import run


def test_random_kills_reorgs_and_failures_lose_nothing_and_change_no_order() -> None:
    totals = run(kills=3, seed=3)

    assert totals.kills == 3
    assert totals.turns >= 1
