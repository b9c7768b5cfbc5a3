"""The least deposits that a tower guards, as its operator writes them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chain.errors import Malformed
from chain.units import Address, Amount

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain


async def least_deposits(chain: "AsyncChain", entries: Iterable[str]) -> dict[Address, Amount]:
    """From `TOKEN=AMOUNT`, a symbol or an address and whole tokens. Raises `Malformed`, `UnknownToken`."""
    found = dict[Address, Amount]()
    for entry in entries:
        name, equals, amount = entry.partition("=")
        if not equals:
            raise Malformed("least", f"{entry!r} is not TOKEN=AMOUNT")
        token = await chain.token(name)
        found[token.address] = Amount(token(amount).units)
    return found
