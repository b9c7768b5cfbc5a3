"""What one tower takes on: nobody can fill its disk, or spend its gas, by sending it jobs."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from chain.units import Address, Amount, uint, within
from channels.errors import TokenRefused
from channels.watchtower.errors import ClientRefused, DepositTooSmall, OverQuota

_ENDING = 8
"""Transactions of an epoch that no record may use up: an answer, a payout, a collect, claims, some of them twice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """`rows` in all and `rows_per_client` are epochs of channels; `acts` the transactions that one of them may cost.

    `deposits` says, by token and in base units, the least deposit that is guarded; in a token that neither it nor the
    network's own list has, only named clients are guarded.
    `rate` jobs a second are taken of one client, after a burst of `burst`; `looks` a second at channels that are not
    guarded yet. `clients`: only these, if any are named.
    """

    rows: int = 100_000
    rows_per_client: int = 10_000
    acts: int = 64
    deposits: Mapping[Address, Amount] = field(default_factory=dict)
    rate: int = 20
    burst: int = 200
    looks: int = 20
    clients: frozenset[Address] = frozenset()

    def __post_init__(self) -> None:
        for name in ("rows", "rows_per_client", "acts", "rate", "burst", "looks"):
            within(name, getattr(self, name), _ENDING + 1 if name == "acts" else 1, 2**32)
        for token, least in self.deposits.items():
            uint(token, least, 96)

    @property
    def records(self) -> int:
        """So many transactions may have been sent for an epoch that one more is a record: the rest is for its end."""
        return self.acts - _ENDING

    def require_client(self, client: Address) -> None:
        """Raises `ClientRefused`."""
        if self.clients and client not in self.clients:
            raise ClientRefused(client)

    def require_token(self, token: Address, known: Container[Address]) -> None:
        """Raises `TokenRefused`."""
        if not (self.clients or token in self.deposits or token in known):
            raise TokenRefused(token)

    def require_deposit(self, token: Address, deposit: int) -> None:
        """Raises `DepositTooSmall`."""
        least = max(self.deposits.get(token, Amount(1)), 1)
        if deposit < least:
            raise DepositTooSmall(deposit, least)

    def require_acts(self, acts: int, *, proofs: bool) -> None:
        """For a newer message: what it asks for could be done. Raises `OverQuota`."""
        if acts >= self.acts:
            raise OverQuota("transactions for an epoch", self.acts)
        if proofs and acts >= self.records:
            raise OverQuota("transactions for an epoch with something to record", self.records)

    def require_room(self, rows: int, of_client: int) -> None:
        """For one row more. Raises `OverQuota`."""
        if rows >= self.rows:
            raise OverQuota("channels in all", self.rows)
        if of_client >= self.rows_per_client:
            raise OverQuota("channels of one client", self.rows_per_client)
