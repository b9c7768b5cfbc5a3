"""Where the seeds of chains come from: from the key that signs vouchers, so that they are no secret file more."""

from dataclasses import dataclass
from typing import ClassVar

from chain.keccak import keccak
from chain.signing import Signed
from chain.typed_data import TypedData
from chain.units import Hash32
from channels.channel import ChannelId


@dataclass(frozen=True, kw_only=True, slots=True)
class TickSeed(TypedData):
    """Signed for nobody: whoever sees the signature knows every tick of the chain.

    `salt` is the promise's. It is random, so that no two chains have one seed, whoever shares the key or the store, and
    however old a store is that was restored.
    """

    type_string: ClassVar[str] = "TickSeed(bytes32 channelId,bytes32 salt)"
    channel_id: ChannelId
    salt: Hash32


def seed_of(signed: Signed[TickSeed]) -> Hash32:
    """The same each time: signatures are deterministic (RFC 6979)."""
    return keccak(signed.signature)
