from collections.abc import Callable
from typing import Any

import pytest

from channels import Channel, Lane
from channels.settlement import Position

NOW: Any = 1_000_000


@pytest.fixture(scope="session")
def owed(describe: Callable[..., Channel]) -> Callable[..., Position]:
    """A lane of its own, seen now, that owes `amount` and may owe 10**9; every member can be another."""

    def owing(amount: Any, *, salt: int = 0, closes_at: Any = 0, token: Any = None, **changes: Any) -> Position:
        channel = describe(salt=salt, **({"token": token} if token else {}))
        lane = Lane(deposit=10**9, settled=7, closes_at=closes_at)  # type: ignore[arg-type]
        members = {"channel": channel, "lane": lane, "epoch": 0, "accepted": amount + 7, "seen_at": NOW}
        return Position(**members | changes)

    return owing
