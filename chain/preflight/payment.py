"""What somebody is about to do, and can't take back."""

from dataclasses import dataclass
from typing import Self

from chain.money import Money
from chain.units import Address, address, uint


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """The very transaction that would be sent instead of a plain transfer; `value` in wei. Raises `OutOfRange`."""

    to: Address
    data: bytes
    value: int = 0

    def __post_init__(self) -> None:
        uint("value", self.value, 256)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedPayment:
    """`written` is the payee as somebody wrote it, `payee` its address even where the checksum is wrong.

    Without a `payer` nothing is asked about who pays; `parties` are others that the payment counts on, as an arbiter.
    """

    payer: Address | None
    payee: Address
    written: str
    money: Money
    call: Call | None = None
    parties: tuple[Address, ...] = ()

    @classmethod
    def of(
        cls, payer: str | None, payee: str, money: Money, call: Call | None = None, parties: tuple[str, ...] = ()
    ) -> Self:
        """Raises `NotAnAddress` for what no reading makes an address; a payee's wrong checksum is a finding."""
        return cls(
            payer=None if payer is None else address(payer),
            payee=address(payee[:2] + payee[2:].lower()),
            written=payee,
            money=money,
            call=call,
            parties=tuple(map(address, parties)),
        )

    @property
    def named(self) -> tuple[Address, ...]:
        """All whose address must be right: the payee first."""
        return (self.payee, *self.parties)

    @property
    def spender(self) -> Address | None:
        """Who takes a token by allowance: the contract that is called."""
        return self.call.to if self.call and not self.money.token.is_native else None
