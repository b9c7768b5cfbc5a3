"""What one party shows the other of where the two stand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from chain.errors import Malformed
from chain.signing import Signed
from channels.duplex.messages import State
from channels.duplex.signed_state import SignedState
from channels.strict import members


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The newest `state` that both signed: the answer to a proposal, or after a start, when it `asks` for the other's.

    Version 0, which nobody signs, stands for none.
    """

    state: SignedState
    asks: bool

    def signed(self, by: Signed[State]) -> Self:
        """With one party's signature. Raises `InvalidSignature`, `Malformed`."""
        return replace(self, state=self.state.signed(by))

    def to_json(self) -> dict[str, Any]:
        """The state as it travels, and whether an answer is asked for."""
        return {"state": self.state.to_json(), "asks": self.asks}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("standing", data, {"state", "asks"})
        if not isinstance(found["asks"], bool):
            raise Malformed("asks", f"{found['asks']!r} is neither true nor false")
        if not isinstance(found["state"], Mapping):
            raise Malformed("state", "it is no JSON object")
        return cls(state=SignedState.from_json(found["state"]), asks=found["asks"])
