"""The histories of tests/vectors/duplex with their words made values.

In the vectors "+600" is that many seconds after the base's start, and parties are roles, each with the key that is its
name's hash. "moves" are what each party has more or less after a step, gas apart. Both keys sign what a step shows;
"signed" says how that of "a", of "b", or the challenger's own differs: "by" somebody else or nobody, another "form",
"as" another verb's message, or of other numbers. "listed" says how the list of promises that was signed lies.
"""

import json
from dataclasses import dataclass, fields, replace
from typing import Any

from chain.keccak import keccak
from chain.permit2 import Method
from chain.typed_data import Domain, TypedData
from chain.units import NO_HASH, Address, Hash32, Seconds
from channels.duplex import actions, messages
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.ledger import DuplexLedger
from channels.duplex.promise import NONE_LISTED, DuplexPromise, DuplexPromises
from channels.duplex.reserve import DuplexReserve
from channels.promise import leaves_hash
from channels.signature import signer_of
from escrow import conditions
from tests.conformance.duplex_calls import Shown
from tests.conformance.duplex_deposits import authorization
from tests.conformance.duplex_words import (
    BASE,
    FOLDER,
    HOME,
    PLACES,
    PREIMAGE,
    SIGNERS,
    condition_of,
    formed,
    promise_of,
    snake,
    value,
)

HISTORIES = {
    f"{file.stem}: {history['name']}": history
    for file in sorted(FOLDER.glob("*.json"))
    for history in json.loads(file.read_text()).get("histories", [])
}
_MESSAGES: dict[str, Any] = {
    "challenge": messages.State,
    "challengeBySig": messages.State,
    "answer": messages.State,
    "own": messages.Challenge,
    "closeTogether": messages.CloseTogether,
    "withdrawTogether": messages.WithdrawTogether,
}


@dataclass(frozen=True)
class Case:
    """One history with its words made values."""

    channel: DuplexChannel
    promises: dict[str, DuplexPromise]
    conditions: dict[str, conditions.Condition]
    steps: list[dict[str, Any]]

    @classmethod
    def of(cls, history: dict[str, Any]) -> "Case":
        words = BASE["channel"] | history["channel"]
        channel = DuplexChannel(token=PLACES[history["token"]], **{snake(name): value(words[name]) for name in words})
        said = history.get("promises", {})
        judged = {name: condition_of(words["condition"]) for name, words in said.items()}
        promises = {name: promise_of(words, judged[name]) for name, words in said.items()}
        return cls(channel, promises, judged, history["steps"])

    def fresh(self) -> DuplexLedger:
        return DuplexLedger(channel=self.channel, domain=HOME)

    def action(self, step: dict[str, Any]) -> tuple[Any, Shown]:
        """What the machine is asked, and what comes with it in the call."""
        verb = step["do"]
        kind: Any = getattr(actions, verb[0].upper() + verb[1:])
        shown = self._shown(step)
        members: dict[str, Any] = {"caller": PLACES[step["by"]]}
        members |= {snake(name): value(step[name]) for name in ("epoch", "amount", "value", "deadline") if name in step}
        members |= {"by_a": step["byA"]} if "byA" in step else {}
        if verb in _MESSAGES:
            members["message"] = members["state"] = self.message(verb, step, self.channel)
            members["signer_a"], members["signer_b"] = self.signers(step)
            members |= {"signer": self._challenger(step)} if shown.own else {}
        if verb in {"payOut", "collect"}:
            members["promises"] = self.listed(step)
            members["leaves"] = tuple(Hash32(self._leaf(name)) for name in step.get("leaves", []))
        if verb == "record":
            condition = self.conditions[step.get("data", step["promise"])]
            facts = conditions.Facts(chain_id=HOME.chain_id, now=Seconds(value(step["at"])))
            promise = self.promises[step["promise"]]
            subject = self.fresh().subject(int(step["epoch"]), promise)
            released = condition.released(subject, promise.amount, shown.proof, facts)
            members |= {"promise": promise, "data_hash": keccak(shown.data), "released": released}
        if verb == "depositBySig":
            members["method"] = Method[step.get("method", "erc3009").upper()]
            members["before"] = value(step["before"])
        known = {field.name for field in fields(kind)}
        return kind(**{name: member for name, member in members.items() if name in known}), shown

    def message(self, verb: str, step: dict[str, Any], channel: DuplexChannel) -> TypedData:
        """What the verb needs signed, by the step's words."""
        kind = _MESSAGES[verb]
        named = {member.camel: member.snake for member in kind.members if member.snake != "promises"}
        members = {snake: value(step[camel]) for camel, snake in named.items() if camel in step}
        members["channel_id"] = channel.id
        if kind is messages.State:
            listed = self.listed(step)
            members["promises"] = NO_HASH if listed == NONE_LISTED else listed.struct_hash()
        made: TypedData = kind(**members)
        return made

    def signers(self, step: dict[str, Any]) -> tuple[Address, Address]:
        """Whose signatures the contract will see."""
        said, shown = self.message(step["do"], step, self.channel), self._shown(step)
        return signer_of(HOME, said, *shown.signatures[:2]), signer_of(HOME, said, *shown.signatures[2:])

    def listed(self, step: dict[str, Any]) -> DuplexPromises:
        """What the step says of its promises, as its words go or as it lies."""
        listed = [self.promises[name] for name in step.get("promises", [])]
        true = DuplexPromises.of(listed) if listed else NONE_LISTED
        return replace(true, **{snake(name): value(word) for name, word in step.get("listed", {}).items()})

    def refusal(self, step: dict[str, Any]) -> tuple[str, list[Any]]:
        """The error's name and its facts in order."""
        [(name, facts)] = step["refused"].items()
        return name, [self._fact(word, step) for word in facts.values()]

    def subject(self, words: str) -> Hash32:
        """Of "epoch/promise"."""
        epoch, name = words.split("/")
        return self.fresh().subject(int(epoch), self.promises[name])

    def _fact(self, word: str, step: dict[str, Any]) -> Any:
        kind, _, rest = word.partition(":")
        names = rest.split(",")
        match kind:
            case "channelId":
                return self.channel.id
            case "subject":
                return self.subject(rest)
            case "list":
                return self.listed({**step, "promises": names if rest else [], "listed": {}}).struct_hash()
            case "shown":
                return self.listed(step).struct_hash()
            case "leaves":
                return leaves_hash(tuple(Hash32(self._leaf(name)) for name in names if name))
            case "data":
                return self.promises[rest].data_hash
            case "recovered":
                return self._challenger(step) if rest == "own" else self.signers(step)["ab".index(rest)]
            case _:
                return value(word)

    def _challenger(self, step: dict[str, Any]) -> Address:
        return signer_of(HOME, self.message("own", step, self.channel), *self._shown(step).own)

    def _leaf(self, name: str) -> bytes:
        return self.promises[name].struct_hash() if name in self.promises else int(name).to_bytes(32, "big")

    def _shown(self, step: dict[str, Any]) -> Shown:
        verb = step["do"]
        if verb in _MESSAGES:
            both = (*self._signature(verb, step, "a"), *self._signature(verb, step, "b"))
            own = self._signature("own", step, "own") if verb == "challengeBySig" else ()
            return Shown(signatures=both, own=own)
        if verb == "record":
            condition = self.conditions[step.get("data", step["promise"])]
            proof = PREIMAGE if step.get("proof") == "preimage" else bytes.fromhex(step.get("proof", "0x")[2:])
            return Shown(data=condition.data, proof=proof)
        if verb == "depositBySig":
            payer = SIGNERS["a" if step["byA"] else "b"]
            words = (int(step["epoch"]), int(step["amount"]), int(step.get("salt", "0")), value(step["before"]))
            return Shown(authorization=authorization(HOME, self.channel, payer, *words))
        return Shown()

    def _signature(self, verb: str, step: dict[str, Any], whose: str) -> tuple[bytes, bytes]:
        """What really was signed, and how, as r and vs."""
        changes = step.get("signed", {}).get(whose, {})
        usual = {"a": "keyA", "b": "keyB", "own": "keyA" if step.get("byA") else "keyB"}[whose]
        by = changes.get("by", usual)
        if by == "nobody":
            return bytes(32), bytes(32)
        channel = replace(self.channel, salt=int(changes.get("salt", self.channel.salt)))
        contract = PLACES[changes.get("contract", "contract")]
        domain = Domain(int(changes.get("chainId", HOME.chain_id)), contract)
        meant = self.message(changes.get("as", verb), step | changes, channel)
        return formed(changes.get("form"), SIGNERS[by].sign(domain, meant).signature)


def told(ledger: DuplexLedger, case: Case) -> dict[str, Any]:
    """The ledger as a step writes what it leaves."""
    names = {case.subject(f"{epoch}/{name}"): f"{epoch}/{name}" for epoch in range(4) for name in case.promises}
    return {
        "duplex": ledger.duplex,
        "fight": ledger.fight,
        "reserves": dict(ledger.reserves),
        "recorded": {names[subject]: record.released for subject, record in ledger.records.items()},
    }


def left(step: dict[str, Any], case: Case) -> dict[str, Any]:
    """What the step says that it leaves."""
    fight = _members(step["fight"]) if "fight" in step else {}
    if "promises" in fight:
        fight["promises"] = case.listed({"promises": step["fight"]["promises"], **_lie(step["fight"])}).struct_hash()
    fight.pop("listed", None)
    return {
        "duplex": Duplex(**_members(step["duplex"])),
        "fight": Fight(**fight) if fight else NO_FIGHT,
        "reserves": {int(epoch): _reserve(words, case) for epoch, words in step.get("reserves", {}).items()},
        "recorded": {name: int(word) for name, word in step.get("recorded", {}).items()},
    }


def _members(words: dict[str, Any]) -> dict[str, Any]:
    return {snake(name): value(word) if isinstance(word, str) else word for name, word in words.items()}


def _lie(words: dict[str, Any]) -> dict[str, Any]:
    return {"listed": words["listed"]} if "listed" in words else {}


def _reserve(words: dict[str, Any], case: Case) -> DuplexReserve:
    members = _members({name: word for name, word in words.items() if name not in {"promises", "listed"}})
    listed = case.listed({"promises": words["promises"], **_lie(words)})
    return DuplexReserve(**members, promises=listed.struct_hash())
