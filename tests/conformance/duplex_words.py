"""The words of tests/vectors/duplex: roles, seconds, promises and forms of signatures."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from coincurve.utils import GROUP_ORDER_INT

from chain import Signer, contracts
from chain.keccak import keccak
from chain.signing import compact
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Hash32
from channels.duplex.promise import DuplexPromise
from channels.effects import Pay, Pull
from escrow import conditions

FOLDER = Path(__file__).parents[1] / "vectors" / "duplex"
BASE = json.loads((FOLDER / "base.json").read_text())
SIGNERS = {role: Signer(keccak(role.encode())) for role in BASE["roles"]}
START, PREIMAGE = int(BASE["start"]), bytes.fromhex(BASE["preimage"][2:])
PLACES = {
    **{role: signer.address for role, signer in SIGNERS.items()},
    "nobody": NOBODY,
    "contract": contracts.address_of("DuplexChannels"),
    "usdc": contracts.address_of("TestToken"),
    "native": NOBODY,
}
HOME = Domain(int(BASE["chainId"]), PLACES["contract"])


def formed(form: str | None, signature: bytes) -> tuple[bytes, bytes]:
    """The signature, or what somebody could make of it, as r and vs."""
    r, vs = compact(signature)
    s, parity = int.from_bytes(signature[32:64], "big"), (signature[64] - 27) << 255
    match form:
        case "mirrored":
            return r, ((GROUP_ORDER_INT - s) | (parity ^ 1 << 255)).to_bytes(32, "big")
        case "parity":
            return r, (s | (parity ^ 1 << 255)).to_bytes(32, "big")
        case "half":
            return r, (GROUP_ORDER_INT // 2 + 1 | parity).to_bytes(32, "big")
        case _:
            return r, vs


def value(word: Any) -> Any:
    """A place by its role, a second after the start, or a number."""
    if word in PLACES:
        return PLACES[word]
    return START + int(word) if word.startswith("+") else int(word)


def snake(camel: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", camel).lower()


def condition_of(said: dict[str, str]) -> conditions.Condition:
    if "afterTime" in said:
        return conditions.after_time(value(said["afterTime"]))
    if "vesting" in said:
        start, end = map(value, said["vesting"].split(" "))
        return conditions.vesting(start=start, end=end)
    return conditions.hash_lock(keccak=keccak(PREIMAGE))


def promise_of(words: dict[str, Any], condition: conditions.Condition) -> DuplexPromise:
    return DuplexPromise(
        from_a=words["fromA"],
        condition=condition.address,
        data_hash=condition.data_hash,
        amount=value(words["amount"]),
        expiry=value(words["expiry"]),
        salt=Hash32(int(words.get("salt", "0")).to_bytes(32, "big")),
    )


def moves(step: dict[str, Any]) -> dict[Address, int]:
    return {PLACES[role]: int(moved) for role, moved in step["moves"].items()}


def flows(effects: list[Pull | Pay]) -> dict[Address, int]:
    """What each place has more or less, the unchanged ones left out."""
    moved: Counter[Address] = Counter()
    for effect in effects:
        come, gone = (PLACES["contract"], effect.payer) if isinstance(effect, Pull) else (effect.to, PLACES["contract"])
        moved[come] += effect.amount
        moved[gone] -= effect.amount
    return {place: amount for place, amount in moved.items() if amount}
