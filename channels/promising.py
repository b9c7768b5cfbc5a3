"""A voucher with all that it says, as the contract takes it."""

from dataclasses import dataclass

from chain.units import NO_HASH, Amount, Hash32, Seconds
from channels.promise import Promises, leaves_hash

Calldata = tuple[int, Amount, Amount, Seconds, tuple[Hash32, ...], bytes, bytes]
_NOTHING, _NEVER = Amount(0), Seconds(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class PromisingVoucher:
    """What is shown of a voucher: `leaves` are its promises' hashes, and it may say what was never signed.

    Without promises nothing is said of them: no leaves, no `total`, no `last_expiry`.
    """

    epoch: int
    cumulative_amount: Amount
    total: Amount = _NOTHING
    last_expiry: Seconds = _NEVER
    leaves: tuple[Hash32, ...] = ()

    def calldata(self, r: bytes = NO_HASH, vs: bytes = NO_HASH) -> Calldata:
        """As the contract's functions take it, with a signature's compact form (EIP-2098), or none."""
        return self.epoch, self.cumulative_amount, self.total, self.last_expiry, self.leaves, r, vs

    @property
    def promises(self) -> Hash32:
        """The hash that must have been signed. Raises `TooManyPromises`, `PromisesOutOfOrder`."""
        if not (self.leaves or self.total or self.last_expiry):
            return NO_HASH
        listed = Promises(leaves=leaves_hash(self.leaves), total=self.total, last_expiry=self.last_expiry)
        return listed.struct_hash()

    @property
    def most(self) -> int:
        """What it may be worth at most, in base units."""
        return self.cumulative_amount + self.total

    def worth(self, recorded: int) -> int:
        """What it is worth with so much recorded of its leaves, in base units."""
        return self.cumulative_amount + min(recorded, self.total)
