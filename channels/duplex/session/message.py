"""All that two parties say to each other: how it is signed, and how it travels."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from chain.errors import Malformed
from chain.signing import Signed
from channels.duplex.messages import CloseTogether, State
from channels.duplex.session.proposal import Proposal
from channels.duplex.session.standing import Standing
from channels.duplex.signed_together import SignedCloseTogether
from channels.strict import members

M = TypeVar("M", State, CloseTogether)
Message = Proposal | Standing | SignedCloseTogether
_KINDS: dict[str, type[Message]] = {"proposal": Proposal, "standing": Standing, "close": SignedCloseTogether}


class Sign(Protocol):
    """One party's key: `functools.partial(signer.sign, domain)`."""

    def __call__(self, message: M, /) -> Signed[M]:
        """The message as that key signs it; every time alike (RFC 6979)."""


def signed(message: Message, sign: Sign) -> Message:
    """As it is handed over: with the own signature, whoever else has signed it."""
    if isinstance(message, Proposal):
        return message.signed(sign(message.message))
    if isinstance(message, SignedCloseTogether):
        return message.signed(sign(message.message))
    return message.signed(sign(message.state.message)) if message.state.message.version else message


def to_json(message: Message) -> dict[str, Any]:
    """The message under the word for its kind."""
    [word] = [word for word, kind in _KINDS.items() if isinstance(message, kind)]
    return {word: message.to_json()}


def from_json(data: object) -> Message:
    """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
    found = members("message", data, frozenset(), _KINDS.keys())
    if len(found) != 1:
        raise Malformed("message", f"it is not one of {', '.join(_KINDS)}")
    [(word, said)] = found.items()
    if not isinstance(said, Mapping):
        raise Malformed(word, "it is no JSON object")
    return _KINDS[word].from_json(said)
