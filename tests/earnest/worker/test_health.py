import pytest

from earnest.worker.health import Limits, PartState, judge
from earnest.worker.lease import Held

OURS, OTHERS = (Held(holder=name, fence=fence, until=100) for name, fence in (("me", 1), ("you", 2)))
LIMITS = Limits(max_lag=60, max_round=30)


@pytest.mark.parametrize(
    ("state", "ok"),
    [
        ({"rounds": 1}, True),
        ({"rounds": 0}, False),
        ({"rounds": 1, "error": "NodeUnreachable", "failures": 1}, False),
        ({"rounds": 1, "running_since": 20}, True),
        ({"rounds": 1, "running_since": 19}, False),
        ({"rounds": 1, "behind": 60.0}, True),
        ({"rounds": 1, "behind": 61.0}, False),
        ({"rounds": 1, "behind": float("inf")}, False),
    ],
)
def test_a_worker_is_healthy_while_every_part_does_its_duty(state: dict[str, float], ok: bool) -> None:
    parts = [PartState(name="good", rounds=1), PartState(name="odd", **state)]  # type: ignore[arg-type]

    found = judge(OURS, ours=OURS, parts=parts, now=50, limits=LIMITS)

    assert (found.ok, found.lease) == (ok, "held")
    assert all(reason.startswith("odd: ") for reason in found.reasons)


def test_who_waits_for_another_is_healthy_whatever_its_parts_last_did() -> None:
    parts = [PartState(name="odd", error="Bug", failures=1)]

    for ours in (None, OURS):
        found = judge(OTHERS, ours=ours, parts=parts, now=50, limits=LIMITS)
        assert (found.ok, found.lease) == (True, "waiting")


def test_nobody_is_healthy_while_nobody_is_known_to_work() -> None:
    found = judge(None, ours=OURS, parts=[], now=50, limits=LIMITS)

    assert (found.ok, found.lease) == (False, "unknown")
    assert found.to_json() == {"ok": False, "lease": "unknown", "reasons": list(found.reasons)}
