"""The histories of tests/vectors/escrow with their words made values.

In the vectors "+600" is that many seconds after the base's start, and parties are roles, each with the key that is its
name's hash. "moves" are what each party has more or less after a step, gas apart. A step is about the history's
payment, or with "of": "to" about the one that an amendment makes ("to" in the history: how its terms differ).
"signedBy" are who signs what the verb needs, in the contract's order; "signing" is how that differs from what is shown.
"""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from chain import Signer, contracts
from chain.keccak import keccak
from chain.permit2 import Method
from chain.signing import compact
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Seconds
from escrow import Begin, Effect, Holding, Payment, Pull, Terms, actions, conditions
from escrow.authorization import grant_for
from tests.conformance.escrow_calls import consent_of, formed

FOLDER = Path(__file__).parents[1] / "vectors" / "escrow"
BASE = json.loads((FOLDER / "base.json").read_text())
HISTORIES = {
    f"{file.stem}: {history['name']}": history
    for file in sorted(FOLDER.glob("*.json"))
    if file.stem != "base"
    for history in json.loads(file.read_text())["histories"]
}
SIGNERS = {
    role: Signer(keccak(role.encode()))
    for role in ("payer", "payee", "operator", "arbiter", "stranger", "collector", "newcomer")
}
START = int(BASE["start"])
PLACES = {
    **{role: signer.address for role, signer in SIGNERS.items()},
    "nobody": NOBODY,
    "escrow": contracts.address_of("Escrow"),
    "usdc": contracts.address_of("TestToken"),
    "native": NOBODY,
}
DOMAIN = Domain(int(BASE["chainId"]), PLACES["escrow"])
_USDC_DOMAIN = Domain(DOMAIN.chain_id, PLACES["usdc"], "Test USD Coin", "1")
_SIGNATURES = {"settle": ("payer_signature", "payee_signature")}


@dataclass
class Case:
    """One history: its payment, the one that may follow it, and what happens."""

    token: Address
    condition: conditions.Condition | None
    payments: dict[str, Payment]
    steps: list[dict[str, Any]]

    @classmethod
    def of(cls, history: dict[str, Any]) -> "Case":
        token = PLACES[history["token"]]
        condition = _condition(history["condition"]) if "condition" in history else None
        first = _terms(token, {**BASE["terms"], **history["terms"]}, condition)
        to = _terms(token, {**BASE["terms"], **history["terms"], **history.get("to", {})}, condition)
        payments = {"first": Payment(terms=first, domain=DOMAIN), "to": Payment(terms=to, domain=DOMAIN)}
        return cls(token, condition, payments, history["steps"])

    def payment(self, step: dict[str, Any]) -> Payment:
        return self.payments[step.get("of", "first")]

    def proof(self, step: dict[str, Any]) -> conditions.Proof:
        shown = bytes.fromhex(step.get("preimage", "0x")[2:])
        condition = _condition(step["condition"]) if "condition" in step else self.condition
        return conditions.Proof(condition or _condition({"hashLock": "sha256"}), shown)

    def action(self, step: dict[str, Any]) -> Any:
        """The step's, with the signatures that it needs."""
        kind = getattr(actions, step["do"][0].upper() + step["do"][1:])
        names = {field.name for field in fields(kind)}
        grant = grant_for(self.payment(step).terms, DOMAIN).erc3009()
        authorization = SIGNERS["payer"].sign(_USDC_DOMAIN, grant).signature
        if "vs" in names:
            r, vs = compact(authorization)
            return kind(caller=PLACES[step["by"]], r=r, vs=vs)
        unsigned: Any = kind(**self._members(kind, step))
        if "method" in names and unsigned.method is Method.ERC3009:
            return replace(unsigned, authorization=authorization)
        if "signedBy" not in step:
            return unsigned
        shown = self._signatures(unsigned, step)
        if "signatures" in names:
            return replace(unsigned, signatures=tuple(shown))
        places = _SIGNATURES.get(step["do"]) or [n for n in ("signature", "authorization") if n in names]
        return replace(unsigned, **dict(zip(places, shown, strict=True)))

    def refusal(self, step: dict[str, Any]) -> tuple[str, list[Any]]:
        """The error's name and its facts in order."""
        [(name, facts)] = step["refused"].items()
        payment = self.payment(step)
        known: dict[str, Any] = {
            "paymentId": payment.payment_id,
            "toId": self.payments["to"].payment_id,
            "conditionHash": payment.terms.condition_hash,
            "shownHash": self.proof(step).condition.data_hash,
            "token": self.token,
        }
        if "digest" in facts.values():
            known["digest"] = DOMAIN.digest(consent_of(payment, self.action(step)))
        return name, [_value(word, known) for word in facts.values()]

    def _members(self, kind: Any, step: dict[str, Any]) -> dict[str, Any]:
        """What the step says of the action's fields, and nothing where a signature goes."""
        given: dict[str, Any] = {"caller": step["by"], **{_snake(name): word for name, word in step.items()}}
        names = {field.name for field in fields(kind)}
        members = {name: self._word(name, given[name]) for name in names & set(given)}
        members |= dict.fromkeys(names & {"signature", "authorization"}, b"")
        members |= {"signatures": ()} if "signatures" in names else {}
        members |= {"proof": self.proof(step)} if "proof" in names else {}
        members |= {"to": self.payments["to"]} if "to" in names else {}
        members |= {"method": Method[step.get("method", "allowance").upper()]} if "method" in names else {}
        return members

    def _word(self, name: str, word: Any) -> Any:
        if name == "evidence":
            return bytes.fromhex(word[2:])
        return _value(word, {}) if isinstance(word, str) and name != "method" else word

    def _signatures(self, unsigned: Any, step: dict[str, Any]) -> list[bytes]:
        changes = {_snake(name): word for name, word in step.get("signing", {}).items()}
        payment = self.payment(step)
        if "disputed_at" in changes:
            holding = payment.holding.dispute(Seconds(_value(changes.pop("disputed_at"), {})))
            payment = replace(payment, holding=holding)
        if changes.pop("payment_id", None):
            payment = self.payments["to"]
        meant = replace(unsigned, **{name: self._word(name, word) for name, word in changes.items()})
        digest = DOMAIN.digest(consent_of(payment, meant))
        form = step.get("form", "plain")
        return [formed(SIGNERS[who].sign_digest(digest), form) if who else b"" for who in step["signedBy"]]


def flows(effects: tuple[Effect, ...]) -> dict[Address, int]:
    """What each place has more or less, the unchanged ones left out."""
    moved: Counter[Address] = Counter()
    for effect in effects:
        if isinstance(effect, Begin):
            continue
        come, gone = (PLACES["escrow"], effect.owner) if isinstance(effect, Pull) else (effect.to, PLACES["escrow"])
        moved[come] += effect.amount
        moved[gone] -= effect.amount
    return {place: amount for place, amount in moved.items() if amount}


def moves(step: dict[str, Any]) -> dict[Address, int]:
    return {PLACES[role]: int(moved) for role, moved in step["moves"].items()}


def second(step: dict[str, Any]) -> Seconds:
    return Seconds(_value(step["at"], {}))


def holding(words: dict[str, str]) -> Holding:
    """Of a payment that was authorized or cancelled."""
    held, refundable = Amount(int(words["held"])), Amount(int(words["refundable"]))
    disputed_at = Seconds(_value(words.get("disputedAt", "0"), {}))
    return Holding(held=held, refundable=refundable, disputed_at=disputed_at, used=True)


def _terms(token: Address, words: dict[str, str], condition: conditions.Condition | None) -> Terms:
    members: dict[str, Any] = {"token": token}
    members |= {_snake(name): _value(word, {"token": token}) for name, word in words.items()}
    if condition is not None:
        members |= {"condition": condition.address, "condition_hash": condition.data_hash}
    return Terms(**members)


def _condition(said: dict[str, str]) -> conditions.Condition:
    if "afterTime" in said:
        return conditions.after_time(_value(said["afterTime"], {}))
    preimage = bytes.fromhex(BASE["preimage"][2:])
    if said["hashLock"] == "keccak":
        return conditions.hash_lock(keccak=keccak(preimage))
    return conditions.hash_lock(sha256=hashlib.sha256(preimage).digest())


def _value(word: str, known: dict[str, Any]) -> Any:
    """A second, a number, or what a word stands for."""
    if word.startswith("+"):
        return START + int(word)
    return int(word) if word.isdigit() else {**PLACES, **known}[word]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
