"""k of some listed signers each sign a value: what k of them reach is agreed. The twin of SignedValues.sol."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Generic, TypeVar

from chain.errors import NotAnAddress
from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Hash32, Seconds, address, within
from escrow.conditions.condition import Condition, Proof
from escrow.conditions.entries import Entry, entries_of
from escrow.conditions.errors import ListedTwice, NotASigner, SignedElsewhere
from escrow.conditions.facts import Facts
from escrow.conditions.messages import Approval, Attestation
from escrow.conditions.order import kth_largest
from escrow.conditions.signed import SignedWord, signer_of
from escrow.conditions.subject import Subject

MAX_SIGNERS = 16
_ADDRESS_BYTES = 20
W = TypeVar("W", Approval, Attestation)
S = TypeVar("S", bound=SignedWord[Any])


@dataclass(frozen=True, slots=True)
class SignedValues(Condition, Generic[W]):
    """`threshold` of the signers, who are taken in any order and kept rising.

    Raises `OutOfRange`, `NotAnAddress`, `ListedTwice`.
    """

    threshold: int
    signers: Sequence[Address]

    def __post_init__(self) -> None:
        signers = tuple(sorted(map(address, self.signers), key=str.lower))
        within("signers", len(signers), 1, MAX_SIGNERS)
        within("threshold", self.threshold, 1, len(signers))
        if signers[0] == NOBODY:
            raise NotAnAddress(NOBODY, "nobody can't sign")
        for previous, signer in pairwise(signers):
            if signer == previous:
                raise ListedTwice(signer)
        object.__setattr__(self, "signers", signers)

    @abstractmethod
    def _message(self, subject: Hash32, value: int, expiry: Seconds) -> W:
        """What a signer signs."""

    @property
    @abstractmethod
    def _limit(self) -> int:
        """A value above it counts as none."""

    @property
    def gas(self) -> int:
        """For plain keys: a wallet may use an even share of what is given, less 10,000."""
        return 2_500 + 5_700 * len(self.signers)

    @property
    def longest_proof(self) -> int:
        """Every signer's, in 65 bytes."""
        return len(self.signers) * len(Entry(0, 0, 0, bytes(65)).packed())

    def met_by(self, parties: frozenset[Address]) -> bool:
        """Whether enough of the signers are among them."""
        return len(parties.intersection(self.signers)) >= self.threshold

    def domain(self, chain_id: int) -> Domain:
        """Where its signatures count."""
        return Domain(chain_id, self.address)

    def proof(self, words: Iterable[SignedWord[W]]) -> Proof:
        """What they say, in any order. Raises `NotASigner`, `ListedTwice`, `SignedElsewhere`."""
        by_signer: dict[Address, SignedWord[W]] = {}
        for word in words:
            if word.signer not in self.signers:
                raise NotASigner(word.signer)
            if word.signer in by_signer:
                raise ListedTwice(word.signer)
            if word.domain.contract != self.address:
                raise SignedElsewhere(word.domain.contract, self.address)
            by_signer[word.signer] = word
        shown = (
            Entry(place, by_signer[signer].message.value, by_signer[signer].message.expiry, by_signer[signer].signature)
            for place, signer in enumerate(self.signers)
            if signer in by_signer
        )
        return Proof(self, b"".join(entry.packed() for entry in shown))

    def _signed(self, kind: type[S], payment: Subject, signer: Signer, value: int, expiry: int | None) -> S:
        if signer.address not in self.signers:
            raise NotASigner(signer.address)
        until = payment.expiry if expiry is None else Seconds(expiry)
        message, domain = self._message(payment.id, value, until), self.domain(payment.chain_id)
        signature = signer.sign(domain, message).signature
        return kind(message=message, domain=domain, signer=signer.address, signature=signature)

    def _agreed(self, subject: Hash32, shown: bytes, facts: Facts) -> int:
        """What `threshold` signers reach; an entry that is expired, or not signed so, counts as zero."""
        entries = entries_of(shown)
        places = [entry.place for entry in entries]
        if any(place >= len(self.signers) for place in places) or places != sorted(set(places)):
            return 0
        return kth_largest((self._value(subject, entry, facts) for entry in entries), self.threshold)

    def _value(self, subject: Hash32, entry: Entry, facts: Facts) -> int:
        if entry.value > self._limit or facts.now >= entry.expiry:
            return 0
        signer = self.signers[entry.place]
        digest = self.domain(facts.chain_id).digest(self._message(subject, entry.value, Seconds(entry.expiry)))
        signed = signer_of(digest, entry.signature) == signer or (signer, digest) in facts.wallets
        return entry.value if signed else 0

    def _packed(self) -> bytes:
        """Packed: k 8 | signers 160 each."""
        return bytes([self.threshold]) + b"".join(bytes.fromhex(signer[2:]) for signer in self.signers)

    def _quorum(self) -> str:
        return f"{self.threshold} of {len(self.signers)}"


def unpacked(packed: bytes) -> tuple[int, list[Address]]:
    """The inverse of `_packed`; a rest that is no address is refused. Raises `NotAnAddress`."""
    places = range(1, len(packed), _ADDRESS_BYTES)
    return int.from_bytes(packed[:1], "big"), [address(packed[at : at + _ADDRESS_BYTES]) for at in places]
