"""What a party must find out before it says something, or hears it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self, assert_never

from chain.signing import verify
from chain.typed_data import Domain
from chain.units import Address, Hash32
from channels.channel import ChannelId
from channels.duplex.session import Change, Drop, Fold, Memory, Message, Pay, Proposal, Standing
from channels.duplex.signed_together import SignedCloseTogether


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter:
    """`shown`: the promises that it is about, by hash, with the proof where there is one; `every`: about all of them.

    `plain`: about payments alone, which an earlier look at the chain can judge.
    """

    plain: bool = False
    shown: Mapping[Hash32, bytes | None] = field(default_factory=dict)
    every: bool = False

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Self:
        """Of what is proposed."""
        listed = tuple(changes)
        shown = {change.promise_hash: _proof(change) for change in listed if isinstance(change, Fold | Drop)}
        return cls(plain=only_payments(listed), shown=shown)

    @classmethod
    def said(cls, message: Message) -> Self:
        """Of what the other says."""
        match message:
            case Proposal():
                return cls.of(message.changes)
            case Standing():
                return cls(plain=True)
            case SignedCloseTogether():
                return cls(every=True)
            case _:
                assert_never(message)


def only_payments(changes: Iterable[Change]) -> bool:
    """Whether nothing is said of promises: a refusal, too, changes nothing else."""
    return all(isinstance(change, Pay) for change in changes)


def is_plain(memory: Memory) -> bool:
    """Whether nothing is open that depends on the chain's present word: a close, or a proposal about promises."""
    return memory.closing is None and (memory.outstanding is None or only_payments(memory.outstanding.changes))


def channel_of(message: Message) -> ChannelId:
    """Which channel it is about."""
    form = message.state if isinstance(message, Standing) else message
    return ChannelId(form.message.channel_id)


def require_from(message: Message, domain: Domain, key: Address) -> None:
    """A stranger can't make us ask the chain; version 0 is signed by nobody. Raises `InvalidSignature`."""
    match message:
        case Proposal():
            verify(domain, message.message, message.signature or b"", key)
        case Standing():
            if message.state.message.version:
                message.state.verified_of(domain, key)
        case SignedCloseTogether():
            message.verified_of(domain, key)
        case _:
            assert_never(message)


def _proof(change: Fold | Drop) -> bytes | None:
    return change.shown if isinstance(change, Fold) else None
