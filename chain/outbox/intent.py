"""What is to happen once."""

from dataclasses import dataclass, fields

from chain.errors import Malformed
from chain.units import Address, Seconds, address, uint

LONGEST_KEY = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """One call of `account`; the caller chose the key, and the same key never stands for two calls.

    Not begun at `expiry`, it is given up; begun, it is cancelled, and what is final decides. `fills` is the nonce that
    a transaction to oneself is for, where a gap would hold up the ones behind it.
    """

    key: str
    chain_id: int
    account: Address
    to: Address
    data: bytes
    value: int
    expiry: Seconds | None = None
    fills: int | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.key) <= LONGEST_KEY or not self.key.isprintable():
            raise Malformed("key", f"it is not 1 to {LONGEST_KEY} printable characters")
        for place in (self.account, self.to):
            if address(place) != place:
                raise Malformed("intent", f"{place} is not in EIP-55 form")
        uint("chain_id", self.chain_id, 64)
        uint("value", self.value, 256)
        if self.expiry is not None:
            uint("expiry", self.expiry, 63)

    def differs(self, other: "Intent") -> str:
        """The first field that is not the same, or nothing."""
        names = (field.name for field in fields(self))
        return next((name for name in names if getattr(self, name) != getattr(other, name)), "")


def filling(chain_id: int, account: Address, nonce: int) -> Intent:
    """A transaction that does nothing but use its nonce."""
    key = f"gap {account} {nonce}"
    return Intent(key=key, chain_id=chain_id, account=account, to=account, data=b"", value=0, fills=nonce)
