"""The people and the channels of the random two-way histories, and what they sign, rightly or not."""

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from chain import Signer, contracts
from chain.keccak import keccak
from chain.typed_data import Domain, TypedData
from chain.units import NO_HASH, NOBODY, Address, Amount, Hash32, Seconds
from channels.duplex import messages
from channels.duplex.channel import DuplexChannel
from channels.duplex.promise import NONE_LISTED, DuplexPromise, DuplexPromises
from channels.promise import sorted_leaves
from channels.signature import signer_of
from escrow import conditions as c
from tests.conformance.condition_facts import JudgingEvm
from tests.conformance.condition_trees import AMOUNT, NOW, PREIMAGE, trees
from tests.conformance.duplex_words import formed

START, RICH = NOW, 2**100
KEYS = {role: Signer(keccak(role.encode())) for role in ("ann", "bob", "carol", "key", "eve")}
PEOPLE = {role: key.address for role, key in KEYS.items()}
EVE = PEOPLE["eve"]
SIGNERS = {key.address: key for key in KEYS.values()}
CONTRACT, USDC = contracts.address_of("DuplexChannels"), contracts.address_of("TestToken")
HOME = Domain(1, CONTRACT)
LOCK = c.hash_lock(keccak=keccak(PREIMAGE))


class World(JudgingEvm):
    """That can begin anew, which is faster than to be born."""

    def __init__(self) -> None:
        super().__init__(PEOPLE.values(), RICH, "DuplexChannels", START)
        self._unused = self._evm.snapshot()

    def rewind(self) -> None:
        """As if nothing had happened since birth."""
        self._evm.revert(self._unused)
        self._unused = self._evm.snapshot()


def described(a: str, b: str, signer_a: str, signer_b: str, token: Address, windows: tuple[int, int]) -> DuplexChannel:
    return DuplexChannel(
        party_a=PEOPLE[a],
        party_b=PEOPLE[b],
        token=token,
        signer_a=PEOPLE[signer_a],
        signer_b=PEOPLE[signer_b],
        window=Seconds(windows[0]),
        promise_window=Seconds(windows[1]),
    )


CHANNELS = (
    described("ann", "bob", "ann", "bob", USDC, (900, 900)),
    described("bob", "ann", "key", "ann", USDC, (900, 3_600)),
    described("ann", "bob", "ann", "key", NOBODY, (900, 1_800)),
    replace(described("carol", "bob", "carol", "bob", USDC, (3_600, 900)), salt=2**96 - 1),
)


@dataclass(frozen=True, kw_only=True)
class Stake:
    """A promise with the condition that it is about."""

    condition: c.Condition
    promise: DuplexPromise


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What both signed, what it lists, and their signatures as the contract takes them."""

    state: messages.State
    listed: DuplexPromises = NONE_LISTED
    stakes: tuple[Stake, ...] = ()
    signatures: tuple[bytes, ...] = (bytes(32),) * 4

    @classmethod
    def none(cls, channel: DuplexChannel) -> "Posted":
        return cls(state=messages.State(channel_id=channel.id, epoch=0, version=0, net=0))

    @property
    def leaves(self) -> tuple[Hash32, ...]:
        return sorted_leaves(stake.promise.struct_hash() for stake in self.stakes)

    def shown_for(self, channel: DuplexChannel) -> "Posted":
        """The contract is not told the channel's id: it reckons with the one that it is shown."""
        return replace(self, state=replace(self.state, channel_id=channel.id))


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a state differs from the newest, and what it lists; or which of those signed before is shown `again`."""

    net: int
    step: int
    epoch: int
    stakes: list[int]
    lie: str
    again: int | None


def sign(channel: DuplexChannel, said: TypedData, slip: str) -> tuple[bytes, ...]:
    """Both keys' signatures of `said`, or such as are wrong in one way; of a half-signed message one is missing."""
    both: list[bytes] = []
    for key, side in ((channel.signer_a, "a"), (channel.signer_b, "b")):
        signer = SIGNERS[key]
        kind, _, whose = slip.partition(" ")
        wrong = kind if whose == side else ""
        if wrong == "none":
            both += [bytes(32), bytes(32)]
            continue
        signer = KEYS["eve"] if wrong == "eve" else signer
        domain = replace(HOME, chain_id=2) if wrong == "chain" else HOME
        meant = _another(said) if wrong == "other" else said
        both += formed(wrong, signer.sign(domain, meant).signature)
    return tuple(both)


def signers(said: TypedData, signatures: tuple[bytes, ...]) -> dict[str, Any]:
    """Whose they are, as the contract will see it."""
    return {"signer_a": signer_of(HOME, said, *signatures[:2]), "signer_b": signer_of(HOME, said, *signatures[2:])}


def own(signer: Address, said: TypedData) -> tuple[bytes, bytes]:
    """One key's signature, as the contract takes it."""
    return formed(None, SIGNERS[signer].sign(HOME, said).signature)


def listed_by(stakes: tuple[Stake, ...], lie: str) -> tuple[DuplexPromises, Hash32]:
    """What a state says of them, and its hash. Both may agree on sums that are wrong: the contract believes them."""
    true = DuplexPromises.of(stake.promise for stake in stakes) if stakes else NONE_LISTED
    lies: dict[str, Any] = {
        "more": {"total_from_a": Amount(true.total_from_a + 7)},
        "less": {"total_from_b": Amount(0)},
    }
    listed = replace(true, **lies.get(lie, {}))
    return listed, NO_HASH if listed == NONE_LISTED else listed.struct_hash()


def _another(said: Any) -> Any:
    """The same message of another epoch, or as another verb takes it."""
    if isinstance(said, messages.CloseTogether):
        return messages.State(channel_id=said.channel_id, epoch=said.epoch, version=said.deadline, net=said.net)
    return replace(said, epoch=said.epoch ^ 1)


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(*[st.just(usual)] * 5, other)


@st.composite
def _stakes(draw: st.DrawFn, salt: int) -> Stake:
    condition = draw(st.one_of(st.just(LOCK), st.just(LOCK), trees()))
    promise = DuplexPromise(
        from_a=draw(st.booleans()),
        condition=condition.address,
        data_hash=condition.data_hash,
        amount=Amount(draw(st.sampled_from([1, 40, 100, AMOUNT]))),
        expiry=Seconds(START + draw(st.sampled_from([2**40, 900, 5_000, 2**40]))),
        salt=Hash32(salt.to_bytes(32, "big")),
    )
    return Stake(condition=condition, promise=promise)


SLIPS = ["none", "eve", "chain", "other", "mirrored", "parity", "half"]
which = st.sampled_from([-1, -2, -3, -4, -5, -6, -7, -8, *range(len(CHANNELS))])
people = st.sampled_from(sorted(PEOPLE))
slips = mostly("", st.builds(lambda kind, whose: f"{kind} {whose}", st.sampled_from(SLIPS), st.sampled_from("ab")))
nets = st.one_of(
    st.integers(-300, 300),
    st.sampled_from([0, 100, 101, -100, -101, 2**127 - 1, 2**127, -(2**127), -(2**127) - 1, 2**255 - 1, -(2**255)]),
)
amounts = st.sampled_from([0, 1, 50, 100, 2**96 - 101, 2**96 - 1])
off = st.integers(-1, 1)
callers = mostly(None, people)
all_stakes = st.lists(st.tuples(*map(_stakes, range(4))), min_size=len(CHANNELS), max_size=len(CHANNELS))
_sound = {"step": st.just(1), "epoch": st.just(0), "lie": st.just(""), "again": st.none()}
_listed = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True)
_slips = {
    "step": st.sampled_from([-1, 0, 2, 2**63]),
    "epoch": st.sampled_from([-1, 1]),
    "lie": st.sampled_from(["more", "less"]),
    "again": st.integers(0, 30),
}
_right = st.builds(Words, net=nets, stakes=_listed, **_sound)
_plain = st.builds(Words, net=nets, stakes=st.just([]), **_sound)
_wrong = st.sampled_from(sorted(_slips)).flatmap(
    lambda name: st.builds(Words, net=nets, stakes=_listed, **_sound | {name: _slips[name]})
)
words = st.one_of(_right, _right, _plain, _wrong)
beginnings = st.lists(
    st.tuples(st.sampled_from([0, 1, 1, 2, 2]), st.one_of(_right, _plain)),
    min_size=len(CHANNELS),
    max_size=len(CHANNELS),
)
"""Of each channel: whether it begins in a fight (1), or after one (2), and by which state."""
