"""Signed vouchers as they travel: the same strict JSON, read and written at the speed of the signature check.

A payer sends one channel's descriptor again and again: its text is parsed once. What this reader doesn't take for a
plain voucher in canonical form, `SignedVoucher.from_json` reads, or says what is wrong with it.
"""

from functools import lru_cache

import msgspec

from chain.errors import EarnestError
from chain.units import Amount, Hash32
from channels.channel import Channel, ChannelId
from channels.voucher import NO_PROMISES, SignedVoucher, Voucher

_TEXT = (str, bytes)
_NO_PROMISES = "0x" + NO_PROMISES.hex()
_LONGEST = 1_024
"""Bytes of a plain voucher, which has about 660: texts of its channels are remembered, and strangers choose them."""
_QUOTES = 52
"""In a plain voucher: two for each of its 14 names and 12 values."""


class _Voucher(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    channel_id: str
    epoch: str
    cumulative_amount: str
    promises: str


class _Sent(msgspec.Struct, forbid_unknown_fields=True):
    channel: msgspec.Raw
    voucher: _Voucher
    signature: str


_DECODER = msgspec.json.Decoder(_Sent)


def write_voucher(sent: SignedVoucher) -> bytes:
    """As `json.dumps` of its `to_json`, with the channel's text from memory."""
    if sent.promises:
        return msgspec.json.encode(sent.to_json())
    said = sent.voucher
    return b'{"channel":%b,"voucher":{"channelId":"0x%b","epoch":"%d","cumulativeAmount":"%d","promises":"%b"},%b' % (
        _text(sent.channel),
        said.channel_id.hex().encode(),
        said.epoch,
        said.cumulative_amount,
        _NO_PROMISES.encode(),
        b'"signature":"0x%b"}' % sent.signature.hex().encode(),
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


@lru_cache(maxsize=65_536)
def _channel(text: bytes) -> Channel:
    return Channel.from_json(msgspec.json.decode(text))


def _plain(data: str | bytes) -> SignedVoucher | None:
    try:
        text = data.encode() if isinstance(data, str) else data
        return _read(_DECODER.decode(text)) if _is_flat(text) else None
    except (ValueError, EarnestError):
        return None


def _is_flat(text: bytes) -> bool:
    """Else a name could stand twice, of which the decoder takes the last, or nesting could end the process."""
    return text.count(b'"') == _QUOTES and b"[" not in text


def _read(sent: _Sent) -> SignedVoucher | None:
    said = sent.voucher
    epoch, total = int(said.epoch), int(said.cumulative_amount)
    channel_id, signature = bytes.fromhex(said.channel_id[2:]), bytes.fromhex(sent.signature[2:])
    written = said.channel_id, said.epoch, said.cumulative_amount, said.promises, sent.signature
    if written != ("0x" + channel_id.hex(), str(epoch), str(total), _NO_PROMISES, "0x" + signature.hex()):
        return None
    voucher = Voucher(
        channel_id=ChannelId(Hash32(channel_id)), epoch=epoch, cumulative_amount=Amount(total), promises=NO_PROMISES
    )
    return SignedVoucher(channel=_channel(bytes(sent.channel)), voucher=voucher, signature=signature)
