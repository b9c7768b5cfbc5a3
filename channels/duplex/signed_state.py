"""A state with its promises, and the signatures that it has so far."""

from dataclasses import dataclass
from typing import Any, Self

from chain.units import Hash32
from channels.duplex.channel import DuplexChannel
from channels.duplex.cosigned import SIGNATURES, CoSigned, from_json, to_json
from channels.duplex.messages import State
from channels.duplex.promise import NONE_LISTED, DuplexPromise, DuplexPromises, promises_hash
from channels.errors import WrongPromises
from channels.promise import read_promises, sorted_leaves
from channels.strict import members


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedState(CoSigned[State]):
    """`promises` are all that the state's hash stands for.

    Raises `WrongPromises` too, and `TooManyPromises`, `PromisesOutOfOrder` for a repeated one.
    """

    promises: tuple[DuplexPromise, ...] = ()

    def __post_init__(self) -> None:
        CoSigned.__post_init__(self)
        found = promises_hash(self.promises)
        if found != self.message.promises:
            raise WrongPromises(found, self.message.promises)

    @classmethod
    def none(cls, channel: DuplexChannel, epoch: int) -> Self:
        """What a party challenges with that has no state: version 0, which nobody signs."""
        return cls(channel=channel, message=State(channel_id=channel.id, epoch=epoch, version=0, net=0))

    @property
    def listed(self) -> DuplexPromises:
        """What payOut and collect take; all zero for no promises."""
        return DuplexPromises.of(self.promises) if self.promises else NONE_LISTED

    @property
    def leaves(self) -> tuple[Hash32, ...]:
        """The promises' hashes in the order in which collect takes them."""
        return sorted_leaves(promise.struct_hash() for promise in self.promises)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex; without promises no such member."""
        promises = {"promises": [promise.to_json() for promise in self.promises]} if self.promises else {}
        return to_json(self, "state") | promises

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("signed state", data, {"channel", "state"}, SIGNATURES | {"promises"})
        return cls(
            **from_json(found),
            message=State.from_json(found["state"]),
            promises=read_promises(DuplexPromise, found["promises"]) if "promises" in found else (),
        )
