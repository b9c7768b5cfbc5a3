"""A two-way channel's descriptor."""

from dataclasses import dataclass, field
from typing import ClassVar

from chain.keccak import keccak
from chain.typed_data import TypedData
from chain.units import Address, Seconds
from channels.channel import ChannelId


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplexChannel(TypedData):
    """Which two parties pay each other, in what, signed by which keys; periods in seconds.

    It is checked and written like a signed struct, but never signed: its `id` is what messages name.
    """

    type_string: ClassVar[str] = (
        "DuplexChannel(address partyA,address partyB,address token,address signerA,address signerB,"
        "uint32 window,uint32 promiseWindow,uint96 salt)"
    )
    party_a: Address
    party_b: Address
    token: Address
    signer_a: Address
    signer_b: Address
    window: Seconds
    promise_window: Seconds
    salt: int = 0
    id: ChannelId = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        TypedData.__post_init__(self)
        parties = (self.party_a, self.party_b, self.token, self.signer_a, self.signer_b)
        words = b"".join(bytes(12) + bytes.fromhex(party[2:]) for party in parties)
        object.__setattr__(self, "id", ChannelId(keccak(words + self.periods.to_bytes(32, "big"))))

    @property
    def calldata(self) -> tuple[Address, Address, Address, Address, Address, int]:
        """As the contract's functions take it."""
        return self.party_a, self.party_b, self.token, self.signer_a, self.signer_b, self.periods

    @property
    def periods(self) -> int:
        """One word: window 32 | promise window 32 | salt 96."""
        return self.window << 128 | self.promise_window << 96 | self.salt
