"""Terms in a transaction's input, whosever contract it called: found by the parties that the event names."""

from collections.abc import Iterator
from typing import Any

from chain.errors import InvalidValue
from chain.typed_data import Domain
from chain.units import Address, Hash32, address
from escrow.terms import Terms

_WORD = 32
_ALL = len(Terms.members) * _WORD


def terms_in(
    data: bytes, payment_id: Hash32, parties: tuple[Address, Address, Address], domain: Domain
) -> Terms | None:
    """The terms of this payment, if they lie in `data` as the ABI encodes them.

    What hashes to the id is the agreement: a wallet's or a batch's own words around it don't matter.
    """
    start = b"".join(bytes(12) + bytes.fromhex(party[2:]) for party in parties)
    for at in _places(data, start):
        terms = _read(data[at : at + _ALL])
        if terms is not None and terms.payment_id(domain) == payment_id:
            return terms
    return None


def _places(data: bytes, start: bytes) -> Iterator[int]:
    at = data.find(start)
    while at >= 0:
        yield at
        at = data.find(start, at + 1)


def _read(words: bytes) -> Terms | None:
    if len(words) < _ALL:
        return None
    found: dict[str, Any] = {
        member.snake: _value(member.kind, words[at * _WORD : (at + 1) * _WORD])
        for at, member in enumerate(Terms.members)
    }
    try:
        return Terms(**found)
    except InvalidValue:
        return None


def _value(kind: str, word: bytes) -> Any:
    match kind:
        case "address":
            return address(word[12:])
        case "bytes32":
            return word
        case _:
            return int.from_bytes(word, "big")
