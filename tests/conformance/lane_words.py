"""The words of tests/vectors/channels as values: roles, seconds, conditions, forms of a signature."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coincurve.utils import GROUP_ORDER_INT

from chain import Signer, contracts
from chain.errors import EarnestError
from chain.keccak import keccak
from chain.permit2 import Method
from chain.signing import compact
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Hash32, Seconds
from channels.effects import Pull
from channels.promise import Promise
from escrow import conditions

FOLDER = Path(__file__).parents[1] / "vectors" / "channels"
BASE = json.loads((FOLDER / "base.json").read_text())
START = int(BASE["start"])
SIGNERS = {role: Signer(keccak(role.encode())) for role in BASE["roles"]}
PLACES = {
    **{role: signer.address for role, signer in SIGNERS.items()},
    "nobody": NOBODY,
    "contract": contracts.address_of("VoucherChannels"),
    "usdc": contracts.address_of("TestToken"),
    "native": NOBODY,
}
HOME = Domain(int(BASE["chainId"]), PLACES["contract"])
_PREIMAGE = bytes.fromhex(BASE["preimage"][2:])
_HALF = GROUP_ORDER_INT // 2


def value(word: Any) -> Any:
    """A place by its role, a second after the start, a number, or a truth value."""
    if isinstance(word, bool):
        return word
    if word in PLACES:
        return PLACES[word]
    return START + int(word) if word.startswith("+") else int(word)


def snake(camel: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", camel).lower()


def second(step: dict[str, Any]) -> Seconds:
    return Seconds(value(step["at"]))


def told(error: EarnestError) -> tuple[str, list[Any]]:
    return type(error).__name__, list(error.facts.values())


def formed(form: str | None, signature: bytes) -> tuple[bytes, bytes]:
    """The signature, or what somebody could make of it, as r and vs."""
    r, _ = compact(signature)
    s, parity = int.from_bytes(signature[32:64], "big"), (signature[64] - 27) << 255
    forms: dict[str | None, tuple[bytes, int]] = {
        None: (r, s | parity),
        "mirrored": (r, (GROUP_ORDER_INT - s) | (parity ^ 1 << 255)),
        "half": (r, _HALF + 1 | parity),
        "parity": (r, s | (parity ^ 1 << 255)),
        "zero": (bytes(32), 0),
        "r": ((5).to_bytes(32, "big"), s | parity),
    }
    r, word = forms[form]
    return r, word.to_bytes(32, "big")


def flows(effects: Iterable[Any]) -> dict[Address, int]:
    """What each place has more or less, the unchanged ones left out."""
    moved: Counter[Address] = Counter()
    for effect in effects:
        come, gone = (PLACES["contract"], effect.payer) if isinstance(effect, Pull) else (effect.to, PLACES["contract"])
        moved[come] += effect.amount
        moved[gone] -= effect.amount
    return {place: amount for place, amount in moved.items() if amount}


def moves(step: dict[str, Any]) -> dict[Address, int]:
    return {PLACES[role]: int(moved) for role, moved in step["moves"].items()}


def condition_of(said: dict[str, Any]) -> conditions.Condition:
    if "afterTime" in said:
        return conditions.after_time(value(said["afterTime"]))
    if "vesting" in said:
        start, end = map(value, said["vesting"])
        return conditions.vesting(start=start, end=end)
    if said["hashLock"] == "keccak":
        return conditions.hash_lock(keccak=keccak(_PREIMAGE))
    return conditions.hash_lock(sha256=hashlib.sha256(_PREIMAGE).digest())


def promise_of(name: str, said: dict[str, Any]) -> Promise:
    """Its name sets it apart from others."""
    condition = condition_of(said["condition"])
    return Promise(
        condition=condition.address,
        data_hash=condition.data_hash,
        amount=Amount(int(said["amount"])),
        expiry=Seconds(value(said["expiry"])),
        salt=Hash32(keccak(name.encode())),
    )


def proof_of(step: dict[str, Any]) -> bytes:
    return {"preimage": _PREIMAGE, "wrong": bytes(32), "nothing": b""}[step["proof"]]


def method_of(step: dict[str, Any]) -> Method:
    return Method[step["method"].upper()]
