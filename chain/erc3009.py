"""ERC-3009: a transfer that its payer signs and its receiver submits."""

from dataclasses import dataclass

from chain.typed_data import TypedData
from chain.units import Address, Hash32, Seconds

_ALWAYS = Seconds(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveWithAuthorization(TypedData):
    """Signed under the token's own domain; `to` alone may submit it, after `valid_after` and before `valid_before`."""

    type_string = (
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,"
        "bytes32 nonce)"
    )

    from_: Address
    to: Address
    value: int
    valid_after: Seconds = _ALWAYS
    valid_before: Seconds
    nonce: Hash32
