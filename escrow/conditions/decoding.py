"""From what a counterparty sent back to a condition, which says what it means."""

from collections.abc import Callable, Mapping

from chain.errors import Malformed
from chain.units import Address, within
from escrow.conditions import packed
from escrow.conditions.after_time import AfterTime
from escrow.conditions.approvals import Approvals
from escrow.conditions.attestation import Attestation
from escrow.conditions.combinator import MAX_DEPTH
from escrow.conditions.combinators import AllOf, AnyOf, AtLeast
from escrow.conditions.condition import Condition
from escrow.conditions.errors import UnknownCondition
from escrow.conditions.hash_chain import HashChain
from escrow.conditions.hash_lock import HashLock
from escrow.conditions.price_feed import PriceFeed
from escrow.conditions.vesting import Vesting

_LEAVES: Mapping[str, Callable[[bytes], Condition]] = {
    kind.contract: kind.of_data for kind in (HashLock, HashChain, AfterTime, Vesting, Approvals, Attestation, PriceFeed)
}


def decode(address: Address, data: bytes) -> Condition:
    """The condition of which these are the address and the data, byte for byte.

    Raises `UnknownCondition`, and another `InvalidValue` for data that no builder makes.
    """
    return _decoded(address, data, MAX_DEPTH)


def _decoded(address: Address, data: bytes, levels: int) -> Condition:
    from chain.contracts import by_address  # brings eth-abi, which takes longer to import than all of escrow

    name = by_address().get(address, "")
    if name in _LEAVES:
        condition = _LEAVES[name](data)
    elif name == AllOf.contract:
        condition = AllOf(_children(data, levels))
    elif name == AnyOf.contract:
        condition = AnyOf(_children(data, levels))
    elif name == AtLeast.contract:
        condition = AtLeast(_children(data[1:], levels), int.from_bytes(data[:1], "big"))
    else:
        raise UnknownCondition(address)
    if condition.data != data:
        raise Malformed("data", f"no builder of {name} makes them")
    return condition


def _children(data: bytes, levels: int) -> tuple[Condition, ...]:
    within("levels", levels, 1, MAX_DEPTH)
    return tuple(_decoded(address, child, levels - 1) for address, child in packed.places(data))
