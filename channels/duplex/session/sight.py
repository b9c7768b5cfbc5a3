"""A two-way channel as one block shows it."""

from dataclasses import dataclass, replace

from chain.units import Amount
from channels.duplex.duplex import Duplex


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """Both deposits, and whether there is a fight in their epoch."""

    duplex: Duplex
    fighting: bool = False


def prudent(final: Sight, latest: Sight, by_a: bool, unconfirmed: Amount) -> Sight:
    """What a party may count on: what is final, no deposit once a later block has ended the epoch, a fight at once.

    Of what the latest block has of the other's deposit beyond the final one it counts `unconfirmed` at most.
    """
    duplex, newer = final.duplex, latest.duplex
    if duplex.epoch != newer.epoch:
        return Sight(duplex=Duplex(epoch=duplex.epoch), fighting=final.fighting)
    if by_a:
        duplex = replace(duplex, deposit_b=_counted(duplex.deposit_b, newer.deposit_b, unconfirmed))
    else:
        duplex = replace(duplex, deposit_a=_counted(duplex.deposit_a, newer.deposit_a, unconfirmed))
    return Sight(duplex=duplex, fighting=final.fighting or latest.fighting)


def first_unused(final: Sight, latest: Sight) -> int:
    """The first epoch in which nobody can have signed anything yet: nothing is signed before there is a deposit."""
    sights = final.duplex, latest.duplex
    epoch = max(duplex.epoch for duplex in sights)
    used = any(duplex.is_open for duplex in sights if duplex.epoch == epoch)
    return epoch + used


def _counted(final: Amount, latest: Amount, unconfirmed: Amount) -> Amount:
    return Amount(final + min(max(latest - final, 0), unconfirmed))
