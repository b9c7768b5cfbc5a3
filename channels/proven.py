"""What a payee can show for a promise."""

import msgspec

from chain.units import Amount, Hash32
from channels.promise import Promise

_NOTHING = Amount(0)


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """The condition with `data` releases `released` base units for `proof`; `recorded` of them stand on chain.

    With `is_last` the payee has asked to have it folded for this proof, and gives up what more it could release.
    """

    promise: Promise
    data: bytes
    proof: bytes
    released: Amount
    recorded: Amount = _NOTHING
    is_last: bool = False

    @property
    def hash(self) -> Hash32:
        """What the contract keeps its records by."""
        return self.promise.struct_hash()
