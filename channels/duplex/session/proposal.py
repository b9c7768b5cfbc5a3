"""One party's word to the other: let this be the next state."""

from dataclasses import dataclass, replace
from typing import Any, Self

from chain.errors import Malformed
from chain.member import Member
from chain.signing import Signed
from chain.typed_data import unhex
from channels.duplex.messages import State
from channels.duplex.session.changes import Change, Fold, changes_from_json
from channels.strict import members

MOST_CHANGES = 32
"""In one proposal: sixteen promises folded and as many offered."""
MOST_SHOWN = 3_072
"""Bytes of proofs in one proposal, so that every proposal is short enough to be read as JSON."""
_BASE = Member("uint64", "base", "base")
_MEMBERS = {"base", "state", "changes"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """`changes` to the co-signed state of version `base` make the state `message`, which the proposer signs.

    Raises `OutOfRange`, and `Malformed` for too many changes, too long proofs, and a version that is not above `base`.
    """

    base: int
    changes: tuple[Change, ...]
    message: State
    signature: bytes | None = None

    def __post_init__(self) -> None:
        _BASE.check(self.base)
        if self.message.version <= self.base:
            raise Malformed("proposal", f"version {self.message.version} is not above its base {self.base}")
        if len(self.changes) > MOST_CHANGES:
            raise Malformed("proposal", f"{len(self.changes)} changes are more than {MOST_CHANGES}")
        shown = sum(len(change.shown) for change in self.changes if isinstance(change, Fold))
        if shown > MOST_SHOWN:
            raise Malformed("proposal", f"proofs of {shown} bytes are more than {MOST_SHOWN}")

    @property
    def version(self) -> int:
        """The next state's."""
        return self.message.version

    def signed(self, by: Signed[State]) -> Self:
        """With the proposer's signature. Raises `Malformed` for one of another message."""
        if by.message != self.message:
            raise Malformed("signature", "it is of another message")
        return replace(self, signature=by.signature)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex; no signature before there is one."""
        signature = {} if self.signature is None else {"signature": "0x" + self.signature.hex()}
        changes = [change.to_json() for change in self.changes]
        return {"base": str(self.base), "state": self.message.to_json(), "changes": changes} | signature

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("proposal", data, _MEMBERS, {"signature"})
        return cls(
            base=_BASE.from_json(found["base"]),
            changes=changes_from_json("changes", found["changes"], MOST_CHANGES),
            message=State.from_json(found["state"]),
            signature=unhex("signature", found["signature"]) if "signature" in found else None,
        )


def proposed_by_a(version: int) -> bool:
    """A's versions are odd, B's are even."""
    return version % 2 == 1
