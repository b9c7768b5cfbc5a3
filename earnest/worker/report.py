"""What a round of a part has done, as a value: what is counted, what is measured, what is written to the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Count:
    """So much more; `name` is one of `metrics.COUNTERS`."""

    name: str
    more: float = 1
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gauge:
    """So much now; `name` is one of `metrics.GAUGES`."""

    name: str
    value: float
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the log: its event in the glossary's words, and facts; `warn` is for what a person should see."""

    event: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    warn: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """`again` asks for the next round at once; `behind` is the newest block's age in seconds, where it is known.

    A round with a `failure` has failed, whatever else it has done.
    """

    counts: tuple[Count, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    said: tuple[Said, ...] = ()
    again: bool = False
    behind: float | None = None
    failure: BaseException | None = None
