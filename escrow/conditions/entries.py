"""The proof that signers gave their word: one entry each."""

from typing import NamedTuple

_HEADER_BYTES = 21


class Entry(NamedTuple):
    """One signer's part of a proof; `place` counts in the list that the data fix."""

    place: int
    value: int
    expiry: int
    signature: bytes

    def packed(self) -> bytes:
        """Packed: place 8 | value 96 | expiry 48 | length 16 | signature."""
        head = self.place.to_bytes(1, "big") + self.value.to_bytes(12, "big") + self.expiry.to_bytes(6, "big")
        return head + len(self.signature).to_bytes(2, "big") + self.signature


def entries_of(shown: bytes) -> list[Entry]:
    """The entries of a proof; none at all where it breaks off in one, as the contract refuses it as a whole."""
    entries = []
    while shown:
        end = _HEADER_BYTES + int.from_bytes(shown[19:_HEADER_BYTES], "big")
        if len(shown) < max(end, _HEADER_BYTES):
            return []
        place, value, expiry = (int.from_bytes(part, "big") for part in (shown[:1], shown[1:13], shown[13:19]))
        entries.append(Entry(place, value, expiry, shown[_HEADER_BYTES:end]))
        shown = shown[end:]
    return entries
