"""An event that was reported, and is no longer so."""

from dataclasses import dataclass
from typing import Any

from chain.receipt import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    """A reorg has replaced the event's block; if its transaction is in another one, that event is reported anew."""

    event: Event

    def to_json(self) -> dict[str, Any]:
        """The event's JSON under its own name, so that neither is taken for the other."""
        return {"undone": self.event.to_json()}
