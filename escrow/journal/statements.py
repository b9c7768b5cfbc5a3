"""What people say, show and sign: texts, files by their hash, and signatures under entries of the journal."""

from dataclasses import dataclass
from typing import Any, Self

from chain.errors import Malformed
from chain.member import Member, unhex
from chain.signer import Signer
from chain.signing import verify
from chain.typed_data import Domain, TypedData
from chain.units import Address, Hash32, address, hash32
from escrow.journal.record import Record, name, text
from escrow.journal.strict_json import members

_SIZE = Member("uint64", "size", "size")
_SHA256 = Member("bytes32", "sha256", "sha256")
_ENTRY = Member("bytes32", "entry", "entry")


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalEntry(TypedData):
    """What a party signs under an entry: having said it, or having seen it and all before it."""

    type_string = "JournalEntry(bytes32 paymentId,bytes32 entryHash)"

    payment_id: Hash32
    entry_hash: Hash32


@dataclass(frozen=True, kw_only=True, slots=True)
class Message(Record):
    """A text; unless a `Signature` of its author follows, only the journal's keeper says who wrote it."""

    kind = "message"

    author: Address
    text: str

    def __post_init__(self) -> None:
        address(self.author)
        text("message", self.text)

    def to_json(self) -> dict[str, Any]:
        """Author and text."""
        return {"author": self.author, "text": self.text}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found = members(cls.kind, data, "author", "text")
        return cls(author=address(found["author"]), text=found["text"])


@dataclass(frozen=True, kw_only=True, slots=True)
class File(Record):
    """A file by its SHA-256; `size` in bytes. The file itself stays where it is."""

    kind = "file"

    name: str
    size: int
    sha256: Hash32

    def __post_init__(self) -> None:
        if set(name("file name", self.name)) & {"/", "\\", "\0"}:
            raise Malformed("file name", f"{self.name!r} is a path")
        _SIZE.check(self.size)
        _SHA256.check(self.sha256)

    def to_json(self) -> dict[str, Any]:
        """Name, size and hash."""
        return {"name": self.name, "size": _SIZE.to_json(self.size), "sha256": _SHA256.to_json(self.sha256)}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found = members(cls.kind, data, "name", "size", "sha256")
        size, sha256 = _SIZE.from_json(found["size"]), _SHA256.from_json(found["sha256"])
        return cls(name=found["name"], size=size, sha256=sha256)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature(Record):
    """A plain key's signature under an earlier entry, by its hash; `require_fit` checks it."""

    kind = "signature"

    entry: Hash32
    signer: Address
    signature: bytes

    def __post_init__(self) -> None:
        hash32("entry", self.entry)
        address(self.signer)

    @classmethod
    def under(cls, entry: Hash32, payment_id: Hash32, domain: Domain, signer: Signer) -> Self:
        """Signs."""
        signed = signer.sign(domain, JournalEntry(payment_id=payment_id, entry_hash=entry))
        return cls(entry=entry, signer=signed.signer, signature=signed.signature)

    def require_fit(self, payment_id: Hash32, domain: Domain) -> None:
        """Raises `InvalidSignature` if the signer has not signed that entry of that payment."""
        verify(domain, JournalEntry(payment_id=payment_id, entry_hash=self.entry), self.signature, self.signer)

    def to_json(self) -> dict[str, Any]:
        """Entry, signer and signature."""
        return {"entry": _ENTRY.to_json(self.entry), "signer": self.signer, "signature": "0x" + self.signature.hex()}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found = members(cls.kind, data, "entry", "signer", "signature")
        signature = unhex("signature", found["signature"])
        return cls(entry=_ENTRY.from_json(found["entry"]), signer=address(found["signer"]), signature=signature)
