"""Addresses that a person takes for one another.

Address poisoning: somebody makes a key whose address begins and ends as one that the victim pays, and waits for it to
be copied from a list that shows no more than that.
"""

from chain.units import Address


def look_alike(one: Address, other: Address, digits: int) -> bool:
    """Whether two addresses differ, and not in their first and last `digits`; by chance once in 16**(2 * digits)."""
    here, there = one[2:].lower(), other[2:].lower()
    return here != there and here[:digits] == there[:digits] and here[-digits:] == there[-digits:]
