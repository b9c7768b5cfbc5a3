"""How a payee's vouchers are paid, and its promises proven."""

from dataclasses import dataclass

from chain.typed_data import Domain
from chain.units import Address, Amount, Hash32
from channels.channel import Channel, ChannelId
from channels.promise import Promise
from channels.promising import PromisingVoucher


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Anyone shows a voucher; `signer` is whose signature it bears, the zero address if it bears none."""

    channel: Channel
    epoch: int
    cumulative_amount: Amount
    signer: Address


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimPromised:
    """Anyone shows a voucher with its promises; `signer` as of a `Claim`."""

    channel: Channel
    voucher: PromisingVoucher
    signer: Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Anyone proves a promise: asked with data of `data_hash`, its condition says that it releases so much.

    `domain` is where the lanes live: the condition is asked about this contract's promise alone.
    """

    domain: Domain
    channel_id: ChannelId
    epoch: int
    promise: Promise
    data_hash: Hash32
    released: int


Claiming = Claim | ClaimPromised | Record
