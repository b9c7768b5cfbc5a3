"""What a party must never forget: one row a channel and epoch."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from chain.errors import Malformed
from chain.member import Member
from chain.units import uint
from channels.duplex.channel import DuplexChannel
from channels.duplex.session.changes import Change, changes_from_json
from channels.duplex.session.proposal import MOST_CHANGES, Proposal
from channels.duplex.signed_state import SignedState
from channels.duplex.signed_together import SignedCloseTogether
from channels.strict import members

_NUMBERS = {"signed": 64, "credited": 256, "revision": 64}
_MEMBERS = {"newest", "corrected", "undone", *_NUMBERS}
_OPTIONAL = {"outstanding", "closing"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """`newest` bears the other's signature, ours is made again when it is needed. `signed` is our highest version.

    `outstanding` is our one proposal that the other has not answered. `undone` are changes of ours that a newer state
    has left out, until we propose again; while one is outstanding, they may still come back. `credited`: in all in this
    epoch, base units. `closing`: the close that we signed last. `corrected`: the other has shown us a state that we
    had forgotten. The store's law is compare-and-set: it takes a row of `revision` n + 1 only in place of that of n.

    Raises `Malformed`, `OutOfRange`.
    """

    newest: SignedState
    signed: int = 0
    outstanding: Proposal | None = None
    undone: tuple[Change, ...] = ()
    credited: int = 0
    closing: SignedCloseTogether | None = None
    corrected: bool = False
    revision: int = 0

    def __post_init__(self) -> None:
        for name, bits in _NUMBERS.items():
            uint(name, getattr(self, name), bits)
        if self.newest.message.version > self.signed:
            raise Malformed("memory", "its newest state was never signed")
        if self.outstanding is not None and not self._fits(self.outstanding):
            raise Malformed("memory", "its proposal is not the last that was signed on its newest state")
        if self.closing is not None and self._place(self.closing) != self._place(self.newest):
            raise Malformed("memory", "its close is of another channel or epoch")

    @classmethod
    def start(cls, channel: DuplexChannel, epoch: int) -> Self:
        """Of an epoch in which nothing was said yet."""
        return cls(newest=SignedState.none(channel, epoch))

    def next(self, **changes: Any) -> Self:
        """What replaces this row."""
        return replace(self, revision=self.revision + 1, **changes)

    def adopt(self, newest: SignedState, added: int = 0) -> Self:
        """With a state that both signed, not below our highest version: whatever else we proposed is dead."""
        ours = self.outstanding
        undone = ours.changes if ours is not None and ours.message != newest.message else ()
        return self.next(
            newest=newest,
            signed=newest.message.version,
            outstanding=None,
            undone=undone or self.undone,
            credited=self.credited + added,
        )

    def correct(self, newest: SignedState) -> Self:
        """With a state that both signed and this store had forgotten: nobody here knows which changes of ours are in
        it, so none count as undone. Who made an old one again could pay twice.
        """
        version = newest.message.version
        return self.next(newest=newest, signed=version, outstanding=None, undone=(), corrected=True)

    @property
    def key(self) -> tuple[bytes, int]:
        """Which row it is: the channel's id, and the epoch."""
        return self._place(self.newest)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex; what is not there has no member."""
        shown: dict[str, Any] = {name: str(getattr(self, name)) for name in _NUMBERS}
        shown |= {"newest": self.newest.to_json(), "corrected": self.corrected}
        shown |= {"undone": [change.to_json() for change in self.undone]}
        return shown | {
            name: form.to_json()
            for name, form in (("outstanding", self.outstanding), ("closing", self.closing))
            if form is not None
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of parsed JSON only, since a row may be longer than what strangers may send.

        Unknown, missing or malformed members are refused (`InvalidValue`).
        """
        if not isinstance(data, Mapping):
            raise Malformed("memory", "it is no JSON object")
        found = members("memory", data, _MEMBERS, _OPTIONAL)
        if not isinstance(found["corrected"], bool):
            raise Malformed("corrected", f"{found['corrected']!r} is neither true nor false")
        numbers = {name: Member(f"uint{bits}", name, name) for name, bits in _NUMBERS.items()}
        return cls(
            **{name: number.from_json(found[name]) for name, number in numbers.items()},
            newest=SignedState.from_json(found["newest"]),
            undone=changes_from_json("undone", found["undone"], MOST_CHANGES),
            outstanding=Proposal.from_json(found["outstanding"]) if "outstanding" in found else None,
            closing=SignedCloseTogether.from_json(found["closing"]) if "closing" in found else None,
            corrected=found["corrected"],
        )

    def _fits(self, proposal: Proposal) -> bool:
        said = proposal.message
        where = (said.channel_id, said.epoch) == self.key
        return where and said.version == self.signed and proposal.base == self.newest.message.version

    @staticmethod
    def _place(form: SignedState | SignedCloseTogether) -> tuple[bytes, int]:
        return form.message.channel_id, form.message.epoch
