"""What a tower holds of one epoch of a channel for one client: the newest message, and what proves its promises."""

from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import msgspec

from chain.errors import Malformed
from chain.keccak import keccak
from chain.signer import Signer
from chain.signing import Signed, require_form, verify
from chain.typed_data import Domain, unhex
from chain.units import MAX_AMOUNT, Address, Amount, Hash32, Seconds, address, uint
from channels.channel import Channel, ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.errors import NotParty
from channels.duplex.messages import State
from channels.duplex.signed_state import SignedState
from channels.errors import NotPayee
from channels.strict import members
from channels.voucher import SignedVoucher, Voucher
from channels.watchtower.guard import Guard
from channels.watchtower.proof import Proof

Kind = Literal["lane", "duplex"]
Message = SignedVoucher | SignedState
_MEMBERS = {"kind", "client", "message", "proofs", "at", "signature"}
_UNSIGNED = bytes(64) + b"\x1b"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A lane's client is its payee, a two-way channel's one of the two keys that sign there.

    Raises `NotPayee`, `NotParty`, `Malformed` for a proof of no promise of the message, `MalformedSignature` at birth.
    """

    message: Message
    client: Address
    at: int
    proofs: tuple[Proof, ...] = ()
    signature: bytes = _UNSIGNED

    def __post_init__(self) -> None:
        _require_client(self.channel, self.client)
        uint("at", self.at, 64)
        known = {promise.struct_hash(): promise for promise in self.message.promises}
        if len({proof.promise_hash for proof in self.proofs}) != len(self.proofs):
            raise Malformed("proofs", "two are of one promise")
        for proof in self.proofs:
            promise = known.get(proof.promise_hash)
            if promise is None or promise.data_hash != proof.data_hash:
                raise Malformed("proofs", f"0x{proof.promise_hash.hex()} is no promise here, or its data are others")
        require_form(self.signature, self.client)

    @property
    def kind(self) -> Kind:
        """Which contract the message is for."""
        return "lane" if isinstance(self.message, SignedVoucher) else "duplex"

    @property
    def channel(self) -> Channel | DuplexChannel:
        """The descriptor."""
        return self.message.channel

    @property
    def place(self) -> tuple[ChannelId, Address, int]:
        """Of two jobs with one place, the newer replaces the older."""
        return self.channel.id, self.client, self.epoch

    @property
    def epoch(self) -> int:
        """Which incarnation of the channel."""
        return self.said.epoch

    @property
    def number(self) -> int:
        """What never falls from one message to the next: a voucher's amount, a state's version."""
        message = self.message
        return message.voucher.cumulative_amount if isinstance(message, SignedVoucher) else message.message.version

    @property
    def owed(self) -> Amount:
        """What the other side owes the client by the message alone, whatever its promises come to, in base units."""
        if isinstance(self.message, SignedVoucher):
            return self.message.voucher.cumulative_amount
        net = self.message.message.net
        return Amount(min(max(-net if self.by_a else net, 0), MAX_AMOUNT))

    @property
    def rank(self) -> bytes:
        """In the order of bytes a newer job is above an older one."""
        return self.number.to_bytes(12, "big") + self.at.to_bytes(8, "big")

    @property
    def said(self) -> Voucher | State:
        """The message itself."""
        return self.message.voucher if isinstance(self.message, SignedVoucher) else self.message.message

    @property
    def by_a(self) -> bool:
        """Whether the client is the first party of a two-way channel."""
        return isinstance(self.channel, DuplexChannel) and self.client == self.channel.signer_a

    def proof_of(self, promise_hash: Hash32) -> Proof | None:
        """What can be shown for the promise."""
        return next((proof for proof in self.proofs if proof.promise_hash == promise_hash), None)

    @property
    def provable(self) -> list[Seconds]:
        """When the promises expire that can be proven."""
        proven = {proof.promise_hash for proof in self.proofs}
        return [promise.expiry for promise in self.message.promises if promise.struct_hash() in proven]

    @property
    def guard(self) -> Guard:
        """What the client signs."""
        said = {"message": self.message.to_json(), "proofs": [proof.to_json() for proof in self.proofs]}
        content = keccak(msgspec.json.encode(said))
        return Guard(channel_id=self.channel.id, epoch=self.epoch, content=content, at=self.at)

    def signed_by(self, signer: Signer, domain: Domain) -> Self:
        """With the client's signature. Raises `NotPayee`, `NotParty` where the key is another's."""
        _require_client(self.channel, signer.address)
        return replace(self, client=signer.address, signature=signer.sign(domain, self.guard).signature)

    def verified(self, domain: Domain) -> Signed[Guard]:
        """The message as its own keys signed it, and the client's word for it. Raises `InvalidSignature`."""
        self.message.verified(domain)
        return verify(domain, self.guard, self.signature, self.client)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex."""
        return {
            "kind": self.kind,
            "client": self.client,
            "message": self.message.to_json(),
            "proofs": [proof.to_json() for proof in self.proofs],
            "at": str(self.at),
            "signature": "0x" + self.signature.hex(),
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("job", data, _MEMBERS)
        kinds: dict[object, type[SignedVoucher | SignedState]] = {"lane": SignedVoucher, "duplex": SignedState}
        kind, at, proofs = kinds.get(str(found["kind"])), found["at"], found["proofs"]
        if kind is None:
            raise Malformed("kind", "it is neither lane nor duplex")
        if not isinstance(at, str) or not at.isdecimal() or len(at) > 20:
            raise Malformed("at", "it is no decimal number of milliseconds")
        if not isinstance(proofs, list):
            raise Malformed("proofs", "it is no list")
        return cls(
            message=kind.from_json(found["message"]),
            client=address(found["client"]),
            at=int(at),
            proofs=tuple(map(Proof.from_json, proofs)),
            signature=unhex("signature", found["signature"]),
        )


def _require_client(channel: Channel | DuplexChannel, client: Address) -> None:
    if isinstance(channel, Channel):
        if client != channel.payee:
            raise NotPayee(client, channel.payee)
    elif client not in (channel.signer_a, channel.signer_b):
        raise NotParty(client)
