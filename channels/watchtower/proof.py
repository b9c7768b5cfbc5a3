"""What a tower can show for a promise."""

from dataclasses import dataclass
from typing import Self

from chain.keccak import keccak
from chain.typed_data import unhex
from chain.units import Hash32, hash32
from channels.shown import Shown
from channels.strict import members

_MEMBERS = {"promiseHash", "data", "proof"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof(Shown):
    """The condition of this promise is asked with `data`, and shown `proof`: a preimage, a tick's tip, signatures."""

    promise_hash: Hash32
    data: bytes
    proof: bytes

    @property
    def data_hash(self) -> Hash32:
        """What the promise must say of the data."""
        return keccak(self.data)

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse of `to_json`. Raises `InvalidValue`."""
        found = {name: unhex(name, value) for name, value in members("proof", data, _MEMBERS).items()}
        promise_hash = hash32("promiseHash", found["promiseHash"])
        return cls(promise_hash=promise_hash, data=found["data"], proof=found["proof"])
