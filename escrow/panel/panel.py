"""k of n arbiters with one voice: the twin of ArbiterPanels.sol's addresses, and what its members sign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import encode

from chain import create2
from chain.contracts import address_of
from chain.errors import InvalidSignature
from chain.signer import Signer
from chain.signing import M, recover
from chain.typed_data import Domain, TypedData
from chain.units import NO_HASH, NOBODY, Address, address, uint
from escrow.panel import nested
from escrow.panel.errors import (
    DuplicateMember,
    InvalidPanelThreshold,
    MembersOutOfOrder,
    NotAMember,
    NotEnoughSignatures,
    OtherMessage,
    TooManyMembers,
)
from escrow.panel.member_signature import MemberSignature

MOST_MEMBERS = 16
# solady's LibClone: the creation code round the length, the implementation and what it was made with
_BEFORE, _LENGTH_OF_CODE = bytes.fromhex("3d81600a3d39f3363d3d373d3d3d363d73"), 0x2D
_AFTER = bytes.fromhex("5af43d82803e903d91602b57fd5bf3")


@dataclass(frozen=True, kw_only=True, slots=True)
class ArbiterPanel:
    """`threshold` of the members decide, by signatures off chain; members are taken in any order and kept rising.

    Raises `TooManyMembers`, `InvalidPanelThreshold`, `MembersOutOfOrder` (nobody, or one twice), `NotAnAddress`.
    """

    members: Sequence[Address]
    threshold: int

    def __post_init__(self) -> None:
        members = tuple(sorted(map(address, self.members), key=str.lower))
        if len(members) > MOST_MEMBERS:
            raise TooManyMembers(len(members), MOST_MEMBERS)
        if not 1 <= uint("threshold", self.threshold, 256) <= len(members):
            raise InvalidPanelThreshold(self.threshold, len(members))
        for previous, member in zip((NOBODY, *members), members, strict=False):
            if previous == member:
                raise MembersOutOfOrder(previous, member)
        object.__setattr__(self, "members", members)

    @property
    def address(self) -> Address:
        """Where the panel is, or will be, on every chain: what terms name as their arbiter."""
        factory = address_of("ArbiterPanels")
        return create2.address_of(_creation_code(create2.first_child(factory), self._args), NO_HASH, factory)

    def sign(self, message: M, domain: Domain, signer: Signer) -> MemberSignature[M]:
        """A member's word, for this panel alone; `domain` is that of the contract that asks. Raises `NotAMember`."""
        self._require_member(signer.address)
        signature = signer.sign_digest(nested.digest(domain, self.address, message))
        return MemberSignature(message=message, domain=domain, member=signer.address, signature=signature)

    def by_wallet(self, message: M, domain: Domain, member: Address, signature: bytes) -> MemberSignature[M]:
        """The word of a member that is a contract (ERC-1271), in whatever form it takes. Raises `NotAMember`."""
        self._require_member(member)
        return MemberSignature(message=message, domain=domain, member=member, signature=signature, by_wallet=True)

    def to_sign(self, message: TypedData, domain: Domain) -> dict[str, Any]:
        """The same as `sign`, for a key that lives elsewhere: what `eth_signTypedData_v4` takes."""
        return nested.to_sign(domain, self.address, message)

    def check(self, one: MemberSignature[M]) -> None:
        """Of a wallet only that it has a seat. Raises `NotAMember`, `InvalidSignature`."""
        self._require_member(one.member)
        if one.by_wallet:
            return
        digest = nested.digest(one.domain, self.address, one.message)
        signer = recover(digest, one.signature, one.member)
        if signer != one.member:
            raise InvalidSignature(signer, one.member)

    def signature(self, signatures: Iterable[MemberSignature[M]]) -> bytes:
        """The panel's own, for ERC-1271; plain keys go first, since a wallet may change its mind before it is asked.

        Raises `NotEnoughSignatures`, `NotAMember`, `DuplicateMember`, `OtherMessage`, `InvalidSignature`.
        """
        given = list(signatures)
        if len(given) < self.threshold:
            raise NotEnoughSignatures(len(given), self.threshold)
        first, by_member = given[0], dict[Address, MemberSignature[M]]()
        for one in given:
            if (one.message, one.domain) != (first.message, first.domain):
                raise OtherMessage(one.member, first.member)
            if one.member in by_member:
                raise DuplicateMember(one.member)
            self.check(one)
            by_member[one.member] = one
        chosen = sorted(by_member.values(), key=lambda one: one.by_wallet)[: self.threshold]
        return nested.wrapped(first.domain, first.message, self._encoded(chosen))

    @property
    def _args(self) -> bytes:
        """abi.encode(address[] members, uint256 threshold)."""
        return encode(["address[]", "uint256"], [self.members, self.threshold])

    def _encoded(self, signatures: list[MemberSignature[M]]) -> bytes:
        """abi.encode(MemberSignature[]), rising by member."""
        rows = sorted((self.members.index(one.member), one.signature) for one in signatures)
        return encode(["(uint256,bytes)[]"], [rows])

    def _require_member(self, member: Address) -> None:
        if member not in self.members:
            raise NotAMember(member, self.address)


def _creation_code(implementation: Address, args: bytes) -> bytes:
    length = (_LENGTH_OF_CODE + len(args)).to_bytes(2, "big")
    return b"\x61" + length + _BEFORE + bytes.fromhex(implementation[2:]) + _AFTER + args
