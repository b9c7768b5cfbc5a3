"""What a party of two-way channels agrees to, in money."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chain.errors import Malformed, TokenMismatch
from chain.money import Money
from chain.units import Address
from channels.duplex import session
from channels.edge import money_of


@dataclass(frozen=True, kw_only=True)
class DuplexLimits:
    """In each channel of one token: what the party owes at most (`owed`), and how much of the other's deposit it counts
    on before that is final (`unconfirmed`). `bounds` are the periods and the places for promises.

    Raises `TokenMismatch`, `Malformed` where no money is named, and `TypeError` for what is no money.
    """

    owed: Money | None = None
    unconfirmed: Money | None = None
    bounds: session.Limits = field(default_factory=session.Limits)

    def __post_init__(self) -> None:
        tokens = sorted({str(money.token) for money in self._named})
        if not tokens:
            raise Malformed("limits", "they name no money")
        if len(tokens) > 1:
            raise TokenMismatch(tokens[0], tokens[1])

    @property
    def token(self) -> Address:
        """Whose limits these are."""
        return self._named[0].token.address

    @property
    def units(self) -> session.Limits:
        """As the session knows them."""
        return replace(
            self.bounds,
            owed=self.bounds.owed if self.owed is None else self.owed.units,
            unconfirmed=self.bounds.unconfirmed if self.unconfirmed is None else self.unconfirmed.units,
        )

    @property
    def _named(self) -> list[Money]:
        return [money_of(money) for money in (self.owed, self.unconfirmed) if money is not None]


def by_token(limits: DuplexLimits | Sequence[DuplexLimits]) -> dict[Address, session.Limits]:
    """Each under its token's address. Raises `Malformed` for a token with two."""
    listed = (limits,) if isinstance(limits, DuplexLimits) else tuple(limits)
    found = {limit.token: limit.units for limit in listed}
    if len(found) != len(listed):
        raise Malformed("limits", "two are of one token")
    return found
