"""A party's word that anyone may start the fight for it, with the state to start with."""

from dataclasses import dataclass
from typing import Any, Self

from chain.errors import Malformed
from chain.signing import Signed, compact, require_form, verify
from chain.typed_data import Domain, unhex
from chain.units import Address
from channels.duplex.messages import Challenge
from channels.duplex.signed_state import SignedState
from channels.errors import WrongChannel, WrongEpoch
from channels.strict import members

_MEMBERS = frozenset({"challenge", "state", "byA", "signature"})


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedChallenge:
    """Signed by A's key, or by B's; `state` bears its own signatures, or is `SignedState.none`.

    Raises `WrongChannel`, `WrongEpoch`, `Malformed` for another version than the state's, `MalformedSignature`.
    """

    state: SignedState
    challenge: Challenge
    by_a: bool
    signature: bytes

    def __post_init__(self) -> None:
        state, challenge = self.state.message, self.challenge
        if challenge.channel_id != state.channel_id:
            raise WrongChannel(challenge.channel_id, state.channel_id)
        if challenge.epoch != state.epoch:
            raise WrongEpoch(challenge.epoch, state.epoch)
        if challenge.version != state.version:
            raise Malformed("signed challenge", f"it is of version {challenge.version}, its state of {state.version}")
        require_form(self.signature, self.key)

    @property
    def key(self) -> Address:
        """The challenger's."""
        return self.state.channel.signer_a if self.by_a else self.state.channel.signer_b

    def verified(self, domain: Domain) -> Signed[Challenge]:
        """As the challenger's key signed it, with a state that both signed. Raises `InvalidSignature`."""
        if self.state.message.version != 0:
            self.state.verified(domain)
        return verify(domain, self.challenge, self.signature, self.key)

    @property
    def calldata(self) -> tuple[Any, ...]:
        """What challengeBySig takes."""
        return *self.state.calldata, self.by_a, self.challenge.deadline, *compact(self.signature)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex."""
        return {
            "challenge": self.challenge.to_json(),
            "state": self.state.to_json(),
            "byA": self.by_a,
            "signature": "0x" + self.signature.hex(),
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("signed challenge", data, _MEMBERS)
        if not isinstance(found["byA"], bool):
            raise Malformed("byA", f"{found['byA']!r} is neither true nor false")
        return cls(
            challenge=Challenge.from_json(found["challenge"]),
            state=SignedState.from_json(_object(found["state"])),
            by_a=found["byA"],
            signature=unhex("signature", found["signature"]),
        )


def _object(state: object) -> object:
    """Text within text would have a length of its own. Raises `Malformed`."""
    if isinstance(state, str | bytes):
        raise Malformed("state", "it is no JSON object")
    return state
