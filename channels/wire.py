"""Signed vouchers as they travel: the same strict JSON, read and written at the speed of the signature check.

A payer sends the same text again and again, but for the amount and the signature: what stands before them is parsed
once. What this reader doesn't take for such a text, `SignedVoucher.from_json` reads, or says what is wrong with it.
"""

from binascii import hexlify, unhexlify
from functools import lru_cache
from typing import NamedTuple

import msgspec

from chain.errors import EarnestError
from chain.units import Amount
from channels.channel import Channel
from channels.voucher import NO_PROMISES, SignedVoucher, Voucher

_TEXT = (str, bytes)
_NO_PROMISES = b"0x" + hexlify(NO_PROMISES)
_LONGEST = 1_024
"""Bytes of a plain voucher, which has about 660: texts of its channels are remembered, and strangers choose them."""
_END = b'"}'


class _Style(NamedTuple):
    """What stands before the amount, and between it and the signature's digits."""

    opening: bytes
    middle: bytes

    @classmethod
    def spaced(cls, gap: bytes) -> "_Style":
        """With so much after each colon and comma."""
        middle = b'","promises":"%b"},"signature":"0x' % _NO_PROMISES
        return cls(b'"cumulativeAmount":%b"' % gap, middle.replace(b":", b":" + gap).replace(b",", b"," + gap))


_STYLES = (_Style.spaced(b""), _Style.spaced(b" "))
_ANY_REST = b"".join((_STYLES[0].opening, b"0", _STYLES[0].middle, b"00" * 64 + b"1b", _END))


def write_voucher(sent: SignedVoucher) -> bytes:
    """As `json.dumps` of its `to_json`, with the channel's text from memory."""
    if sent.promises:
        return msgspec.json.encode(sent.to_json())
    said = sent.voucher
    return b'{"channel":%b,"voucher":{"channelId":"0x%b","epoch":"%d","cumulativeAmount":"%d","promises":"%b"},%b' % (
        _text(sent.channel),
        hexlify(said.channel_id),
        said.epoch,
        said.cumulative_amount,
        _NO_PROMISES,
        b'"signature":"0x%b"}' % hexlify(sent.signature),
    )


@lru_cache(maxsize=65_536)
def _text(channel: Channel) -> bytes:
    return msgspec.json.encode(channel.to_json())


def read_voucher(data: object) -> SignedVoucher:
    """From JSON text, or what it was parsed to. Raises `InvalidValue`, and what `SignedVoucher` raises."""
    if isinstance(data, _TEXT) and len(data) <= _LONGEST:
        plain = _plain(data)
        if plain is not None:
            return plain
    return SignedVoucher.from_json(data)


def _plain(data: str | bytes) -> SignedVoucher | None:
    try:
        text = data.encode() if isinstance(data, str) else data
        for style in _STYLES:
            opening, found, rest = text.partition(style.opening)
            if found:
                amount, _, ending = rest.partition(style.middle)
                return _read(opening, amount, ending)
    except (ValueError, EarnestError):
        pass
    return None


def _read(opening: bytes, amount: bytes, ending: bytes) -> SignedVoucher | None:
    """None where the amount is not in canonical form, or more follows than the signature's digits."""
    total = int(amount)
    if amount != b"%d" % total or not ending.endswith(_END):
        return None
    signature = unhexlify(ending[: -len(_END)])
    channel, epoch = _opened(opening)
    voucher = Voucher(channel_id=channel.id, epoch=epoch, cumulative_amount=Amount(total), promises=NO_PROMISES)
    return SignedVoucher(channel=channel, voucher=voucher, signature=signature)


@lru_cache(maxsize=65_536)
def _opened(opening: bytes) -> tuple[Channel, int]:
    """The channel and the epoch in a text that begins so: strictly read, they hang on no amount and no signature."""
    sent = SignedVoucher.from_json(opening + _ANY_REST)
    return sent.channel, sent.voucher.epoch
