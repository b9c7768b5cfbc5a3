"""Many vouchers in one transaction: the packed rows of claimMany."""

from collections.abc import Iterable
from itertools import groupby

from chain.signing import compact
from chain.units import Address
from channels.voucher import SignedVoucher

Row = tuple[int, int, bytes, bytes]
Batch = tuple[Address, Address, int, list[Row]]


def batches(vouchers: Iterable[SignedVoucher]) -> list[Batch]:
    """One batch for each payee, token and pair of windows; those of one payee and token are neighbours, paid in one."""
    ordered = sorted(vouchers, key=_shared)
    return [(*shared, [_row(voucher) for voucher in group]) for shared, group in groupby(ordered, key=_shared)]


def _shared(signed: SignedVoucher) -> tuple[Address, Address, int]:
    channel = signed.channel
    return channel.payee, channel.token, channel.periods >> 96


def _row(signed: SignedVoucher) -> Row:
    """Payer | amount, signer | salt, r, vs; a signer of zero stands for the payer itself."""
    channel = signed.channel
    signer = 0 if channel.signer == channel.payer else int(channel.signer, 16)
    payer_and_amount = int(channel.payer, 16) << 96 | signed.voucher.cumulative_amount
    return payer_and_amount, signer << 96 | channel.salt, *compact(signed.signature)
