"""The histories of tests/vectors/escrow on the machine and on the contract: amounts, states, refusals and facts agree.

In the vectors "+600" is that many seconds after the base's start, parties are roles, and "moves" are what each party
has more or less after a step, gas apart.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Signer, contracts
from chain.errors import IllegalAction
from chain.keccak import keccak
from chain.money import Token
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Seconds
from escrow import Effect, Holding, Payment, Pull, Terms, conditions, transition
from escrow.actions import Action, Authorize, Cancel, Capture, Expire, Refund, Release, Resolve, Void

FOLDER = Path(__file__).parents[1] / "vectors" / "escrow"
BASE = json.loads((FOLDER / "base.json").read_text())
HISTORIES = {
    f"{file.stem}: {history['name']}": history
    for file in sorted(FOLDER.glob("*.json"))
    if file.stem != "base"
    for history in json.loads(file.read_text())["histories"]
}
SIGNERS = {
    role: Signer(keccak(role.encode())) for role in ("payer", "payee", "operator", "arbiter", "stranger", "collector")
}
LOWERING: dict[str, Any] = {"capture": Capture, "release": Release, "void": Void}
START = int(BASE["start"])
PLACES = {
    **{role: signer.address for role, signer in SIGNERS.items()},
    "nobody": NOBODY,
    "escrow": contracts.address_of("Escrow"),
    "usdc": contracts.address_of("TestToken"),
    "native": NOBODY,
}


@dataclass(frozen=True)
class Case:
    """One history with its words made values."""

    token: Address
    condition: conditions.Condition | None
    payment: Payment
    steps: list[dict[str, Any]]

    @classmethod
    def of(cls, history: dict[str, Any]) -> "Case":
        token = PLACES[history["token"]]
        condition = _condition(history["condition"]) if "condition" in history else None
        words = {**BASE["terms"], **history["terms"]}
        members: dict[str, Any] = {_snake(name): _value(word, {"token": token}) for name, word in words.items()}
        if condition is not None:
            members |= {"condition": condition.address, "condition_hash": condition.data_hash}
        terms = Terms(token=token, **members)
        domain = Domain(int(BASE["chainId"]), PLACES["escrow"])
        return cls(token, condition, Payment(terms=terms, domain=domain), history["steps"])

    def proof(self, step: dict[str, Any]) -> conditions.Proof:
        shown = bytes.fromhex(step.get("preimage", "0x")[2:])
        condition = _condition(step["condition"]) if "condition" in step else self.condition
        return conditions.Proof(condition or _condition({"hashLock": "sha256"}), shown)

    def action(self, step: dict[str, Any]) -> Action:
        caller, value = PLACES[step["by"]], int(step.get("value", "0"))
        match step["do"]:
            case "authorize":
                return Authorize(caller=caller, value=value)
            case "capture" | "release" | "void" as verb:
                lower: Action = LOWERING[verb](caller=caller, held_after=Amount(int(step["heldAfter"])))
                return lower
            case "resolve":
                return Resolve(caller=caller, proof=self.proof(step))
            case "refund":
                held, level = Amount(int(step["held"])), Amount(int(step["refundableAfter"]))
                return Refund(caller=caller, held=held, refundable_after=level, value=value)
            case "expire":
                return Expire(caller=caller)
            case _:
                return Cancel(caller=caller)

    def arguments(self, step: dict[str, Any]) -> list[Any]:
        """What the contract's function takes after the terms."""
        if step["do"] == "resolve":
            proof = self.proof(step)
            return [proof.condition.data, proof.shown]
        return [int(step[name]) for name in ("held", "heldAfter", "refundableAfter") if name in step]

    def refusal(self, step: dict[str, Any]) -> tuple[str, list[Any]]:
        """The error's name and its facts in order."""
        [(name, facts)] = step["refused"].items()
        known = {
            "paymentId": self.payment.payment_id,
            "conditionHash": self.payment.terms.condition_hash,
            "shownHash": self.proof(step).condition.data_hash,
            "token": self.token,
        }
        return name, [_value(word, known) for word in facts.values()]


@pytest.mark.parametrize("name", HISTORIES)
def test_the_machine_tells_the_history(name: str) -> None:
    case = Case.of(HISTORIES[name])
    payment = case.payment
    for step in case.steps:
        now = Seconds(_value(step["at"], {}))
        if "refused" in step:
            with pytest.raises(IllegalAction) as raised:
                transition(payment, case.action(step), now)
            assert _told(raised.value) == case.refusal(step)
            continue
        payment, effects = transition(payment, case.action(step), now)
        assert _flows(effects) == _moves(step)
        assert payment.holding == _holding(step)


@pytest.fixture(scope="module")
def local() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        usdc = chain.token("USDC")
        for role, signer in SIGNERS.items():
            most = usdc.units(2**96 - 1).text if role == "payer" else "1"
            chain.fund(signer.address, usdc=most)
            chain.approve(signer, usdc, PLACES["escrow"])
        yield chain


@pytest.fixture
def chain(local: LocalChain) -> Iterator[LocalChain]:
    before = local.snapshot()
    yield local
    local.restore(before)


@pytest.mark.parametrize("name", HISTORIES)
def test_the_contract_tells_the_history(chain: LocalChain, name: str) -> None:
    case = Case.of(HISTORIES[name])
    token, payment_id = chain.token(case.token), case.payment.payment_id
    before = _balances(chain, token)
    for step in case.steps:
        chain.travel(to=Seconds(_value(step["at"], {})))
        signer, value = SIGNERS[step["by"]], int(step.get("value", "0"))
        call = (signer, "Escrow", step["do"], case.payment.terms, *case.arguments(step))
        if "refused" in step:
            with pytest.raises(IllegalAction) as raised:
                chain.send(*call, value=value)
            assert _told(raised.value) == case.refusal(step)
            assert _balances(chain, token) == before or token.is_native
            continue
        receipt = chain.send(*call, value=value)
        after = _balances(chain, token)
        moves = {place: after[place] - before[place] for place in after}
        moves[signer.address] += receipt.fee.units if token.is_native else 0
        assert {place: moved for place, moved in moves.items() if moved} == _moves(step)
        held, refundable, disputed_at, used = chain.call("Escrow", "holdingOf", payment_id)
        assert Holding(held=held, refundable=refundable, disputed_at=disputed_at, used=used) == _holding(step)
        before = after


def _balances(chain: LocalChain, token: Token) -> dict[Address, int]:
    places = [signer.address for signer in SIGNERS.values()] + [PLACES["escrow"]]
    return {place: chain.balance(token, place).units for place in places}


def _flows(effects: tuple[Effect, ...]) -> dict[Address, int]:
    """What each place has more or less, the unchanged ones left out."""
    flows: Counter[Address] = Counter()
    for effect in effects:
        come, gone = (PLACES["escrow"], effect.owner) if isinstance(effect, Pull) else (effect.to, PLACES["escrow"])
        flows[come] += effect.amount
        flows[gone] -= effect.amount
    return {place: moved for place, moved in flows.items() if moved}


def _moves(step: dict[str, Any]) -> dict[Address, int]:
    return {PLACES[role]: int(moved) for role, moved in step["moves"].items()}


def _holding(step: dict[str, Any]) -> Holding:
    held, refundable = (Amount(int(step["holding"][name])) for name in ("held", "refundable"))
    return Holding(held=held, refundable=refundable, used=True)


def _told(error: IllegalAction) -> tuple[str, list[Any]]:
    return type(error).__name__, list(error.facts.values())


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
