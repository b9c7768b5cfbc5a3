"""What there was between payer and payee before."""

from dataclasses import dataclass

from chain.preflight.rule import Facts, note, rules_in, warn
from chain.units import Address, uint


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """How many payments to the payee, how many of them disputed, how many disputes it won; `since` is a block.

    `counterparties` are all whom the payer has paid: whom somebody may imitate.
    """

    payee: Address
    paid: int = 0
    disputed: int = 0
    lost: int = 0
    since: int | None = None
    counterparties: frozenset[Address] = frozenset()

    def __post_init__(self) -> None:
        for name in ("paid", "disputed", "lost"):
            uint(name, getattr(self, name), 64)


@note("the first payment to {payee}, as far as the history goes")
def first_payment(past: Past) -> Facts | None:
    """It was never paid before."""
    return None if past.paid else {"payee": past.payee}


@note("{payee} was paid {paid} times, since block {since}")
def paid_before(past: Past) -> Facts | None:
    """It is no stranger."""
    return {"payee": past.payee, "paid": past.paid, "since": past.since} if past.paid else None


@warn("{disputed} of {paid} payments to {payee} were disputed")
def disputed_before(past: Past) -> Facts | None:
    """There was trouble."""
    return {"payee": past.payee, "paid": past.paid, "disputed": past.disputed} if past.disputed else None


@warn("{lost} disputes with {payee} ended in its favour")
def lost_before(past: Past) -> Facts | None:
    """There was trouble, and it cost the payer."""
    return {"payee": past.payee, "lost": past.lost} if past.lost else None


RULES = rules_in(globals())
