"""The two-way channel of the tests, its keys, and what they sign; fixed, so that a failure can be repeated."""

from collections.abc import Callable
from typing import Any

from chain.keccak import keccak
from chain.signer import Signer
from chain.typed_data import Domain, TypedData
from chain.units import address
from channels.duplex.channel import DuplexChannel
from channels.duplex.messages import CloseTogether, State, WithdrawTogether
from channels.duplex.promise import DuplexPromise, promises_hash
from channels.duplex.signed_state import SignedState
from channels.duplex.signed_together import SignedCloseTogether, SignedWithdrawTogether

SIGNERS = {role: Signer(keccak(role.encode())) for role in ("a", "b", "keyA", "keyB", "stranger")}
PEOPLE = {role: signer.address for role, signer in SIGNERS.items()}
HOME = Domain(31337, address("0x" + "e5" * 20))
BOTH = ("keyA", "keyB")
FORMS: dict[str, tuple[Any, type[TypedData], dict[str, Any]]] = {
    "state": (SignedState, State, {"version": 2}),
    "close": (SignedCloseTogether, CloseTogether, {"deadline": 9_000}),
    "withdrawal": (SignedWithdrawTogether, WithdrawTogether, {"to_a": 1, "to_b": 2, "deadline": 9_000}),
}
"""Each with what its message says besides an epoch and a net."""
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def described(**changes: Any) -> DuplexChannel:
    """With windows of one and two hours, and a key of its own for each party; every member can be another."""
    members: dict[str, Any] = {
        "party_a": PEOPLE["a"],
        "party_b": PEOPLE["b"],
        "token": address("0x" + "c0" * 20),
        "signer_a": PEOPLE["keyA"],
        "signer_b": PEOPLE["keyB"],
        "window": 3_600,
        "promise_window": 7_200,
    }
    return DuplexChannel(**members | changes)


CHANNEL, OTHER = described(), described(salt=1)


def promise(number: int, **changes: Any) -> DuplexPromise:
    """Of A for even numbers, of B for odd ones, each of another hash."""
    members: dict[str, Any] = {
        "from_a": number % 2 == 0,
        "condition": address("0x" + "aa" * 20),
        "data_hash": keccak(b"data"),
        "amount": 100,
        "expiry": 9_000,
        "salt": keccak(bytes([number])),
    }
    return DuplexPromise(**members | changes)


def signature(key: str, message: TypedData, home: Domain = HOME) -> bytes:
    return SIGNERS[key].sign(home, message).signature


def message(name: str, promises: tuple[DuplexPromise, ...] = (), **changes: Any) -> Any:
    """Of epoch 3, by which B owes A 7; every member can be another."""
    _, kind, members = FORMS[name]
    listed = {"promises": promises_hash(promises)} if promises else {}
    return kind(**{"channel_id": CHANNEL.id, "epoch": 3, "net": -7} | members | listed | changes)


def form(
    name: str, a: str | None = "keyA", b: str | None = "keyB", promises: tuple[DuplexPromise, ...] = (), **changes: Any
) -> Any:
    """A state, close or withdrawal as keys `a` and `b` have signed it, in that order; None where nobody has."""
    said = message(name, promises, **changes)
    signatures = {
        place: signature(key, said) for place, key in (("signature_a", a), ("signature_b", b)) if key is not None
    }
    listed = {"promises": promises} if promises else {}
    return FORMS[name][0](channel=CHANNEL, message=said, **signatures, **listed)


def with_s(signed: bytes, s: int) -> bytes:
    return signed[:32] + s.to_bytes(32, "big") + signed[64:]


def high_s(signed: bytes) -> bytes:
    """The other signature that the same key has made: s mirrored, the parity flipped."""
    return with_s(signed, _ORDER - int.from_bytes(signed[32:64], "big"))[:64] + bytes([55 - signed[64]])


HIGHEST_S = _ORDER // 2
BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "it has 0 bytes, not 65": lambda signed: b"",
    "it has 64 bytes, not 65": lambda signed: signed[:64],
    "it has 66 bytes, not 65": lambda signed: signed + b"\0",
    "v is 0, not 27 or 28": lambda signed: signed[:64] + b"\x00",
    "v is 1, not 27 or 28": lambda signed: signed[:64] + b"\x01",
    "v is 29, not 27 or 28": lambda signed: signed[:64] + b"\x1d",
    "s is in the upper half: malleable": high_s,
}
"""What the chain would refuse, by what is wrong with it."""
