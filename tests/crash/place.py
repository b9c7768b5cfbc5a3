"""Where a store lies, and what can happen to it and to whoever uses it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.crash.fault import Fault, Trouble
from tests.crash.supervisor import Supervisor

ANY_MOMENT = "SIGKILL at any moment"


@dataclass(frozen=True, kw_only=True, slots=True)
class Blow:
    """How a life ends: by a fault in it, and if not at that by SIGKILL `after` so many seconds.

    `traced` are the calls that wait for the supervisor; `prepare` is called in the process that will die; `strike`
    comes at half of the time.
    """

    after: float
    kind: str = ANY_MOMENT
    traced: tuple[str, ...] = ()
    fault: Fault | None = None
    prepare: Callable[[], None] = lambda: None
    strike: Callable[[], None] = lambda: None


class Place(ABC):
    """One kind of store."""

    store: Any
    """What a payer or a payee is told to keep its store in."""

    @abstractmethod
    def blow(self) -> Blow:
        """The next life's end."""

    @abstractmethod
    def clear(self) -> list[str]:
        """Between two lives: what else has befallen the place."""

    def supervisor(self, blow: Blow) -> Supervisor:
        """For one life."""
        return Supervisor(trouble=Trouble(blow.fault))
