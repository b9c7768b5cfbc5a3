"""Whether a worker does its duty, as a value with reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from earnest.worker.lease import Held


@dataclass(frozen=True, kw_only=True, slots=True)
class PartState:
    """`running_since` is when the round under way began, in Unix seconds; `error` is what the last one ended with."""

    name: str
    rounds: int = 0
    failures: int = 0
    error: str | None = None
    running_since: float | None = None
    behind: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """In seconds: how old the newest block may be, and how long a round may take."""

    max_lag: float
    max_round: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """Healthy without reasons. `lease` says who works: `held`, `waiting` or `unknown`."""

    lease: str
    reasons: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.reasons

    def to_json(self) -> dict[str, Any]:
        """For whoever asks `/health`."""
        return {"ok": self.ok, "lease": self.lease, "reasons": list(self.reasons)}


def judge(current: Held | None, *, ours: Held | None, parts: Iterable[PartState], now: float, limits: Limits) -> Health:
    """`current` is what the file says, None where it can't be read or nobody works; who waits is judged by it alone."""
    if current is None:
        return Health(lease="unknown", reasons=("nobody holds the lease, or its file can't be read",))
    if ours is None or ours.fence != current.fence:
        return Health(lease="waiting", reasons=())
    reasons = [reason for part in parts for reason in _reasons(part, now, limits)]
    return Health(lease="held", reasons=tuple(reasons))


def _reasons(part: PartState, now: float, limits: Limits) -> Iterable[str]:
    if part.error:
        yield f"{part.name}: the last round ended with {part.error}, {part.failures} in a row"
    elif not part.rounds:
        yield f"{part.name}: no round has ended yet"
    if part.running_since is not None and now - part.running_since > limits.max_round:
        yield f"{part.name}: a round has run for {now - part.running_since:.0f} s, {limits.max_round:.0f} are allowed"
    if part.behind is not None and part.behind > limits.max_lag:
        yield f"{part.name}: the newest block is {part.behind:.0f} s old, {limits.max_lag:.0f} are believed"
