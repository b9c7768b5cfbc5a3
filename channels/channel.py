"""A one-way channel's descriptor."""

from dataclasses import dataclass, field
from typing import ClassVar, NewType

from chain.keccak import keccak
from chain.typed_data import TypedData
from chain.units import Address, Hash32, Seconds

ChannelId = NewType("ChannelId", Hash32)


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel(TypedData):
    """Who pays whom, in what, signed by which key; periods in seconds.

    It is checked and written like a signed struct, but never signed: its `id` is what messages name.
    """

    type_string: ClassVar[str] = (
        "Channel(address payer,address payee,address token,address signer,"
        "uint32 window,uint32 promiseWindow,uint96 salt)"
    )
    payer: Address
    payee: Address
    token: Address
    signer: Address
    window: Seconds
    promise_window: Seconds
    salt: int = 0
    id: ChannelId = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        TypedData.__post_init__(self)
        parties = (self.payer, self.payee, self.token, self.signer)
        words = b"".join(bytes(12) + bytes.fromhex(party[2:]) for party in parties)
        object.__setattr__(self, "id", ChannelId(keccak(words + self.periods.to_bytes(32, "big"))))

    @property
    def calldata(self) -> tuple[Address, Address, Address, Address, int]:
        """As the contract's functions take it."""
        return self.payer, self.payee, self.token, self.signer, self.periods

    @property
    def periods(self) -> int:
        """One word: window 32 | promise window 32 | salt 96."""
        return self.window << 128 | self.promise_window << 96 | self.salt
