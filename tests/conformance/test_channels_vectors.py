"""The histories of tests/vectors/channels on the machine and on the contract: amounts, lanes, refusals and facts agree.

In the vectors "+600" is that many seconds after the base's start, parties are roles, "moves" are what each party has
more or less after a step, gas apart, and "signed" says how the signature differs from one that counts.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from coincurve.utils import GROUP_ORDER_INT

from chain import LocalChain, Signer, contracts
from chain.errors import EarnestError
from chain.keccak import keccak
from chain.money import Token
from chain.signing import compact
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Seconds
from channels import CancelClose, Channel, Claim, Close, Lane, Open, RequestClose, TopUp, Voucher, Withdraw, transition
from channels.actions import Action
from channels.effects import Pull
from channels.signature import signer_of

FOLDER = Path(__file__).parents[1] / "vectors" / "channels"
BASE = json.loads((FOLDER / "base.json").read_text())
HISTORIES = {
    f"{file.stem}: {history['name']}": history
    for file in sorted(FOLDER.glob("*.json"))
    for history in json.loads(file.read_text()).get("histories", [])
}
SIGNERS = {role: Signer(keccak(role.encode())) for role in BASE["roles"]}
START = int(BASE["start"])
PLACES = {
    **{role: signer.address for role, signer in SIGNERS.items()},
    "nobody": NOBODY,
    "contract": contracts.address_of("VoucherChannels"),
    "usdc": contracts.address_of("TestToken"),
    "native": NOBODY,
}
HOME = Domain(int(BASE["chainId"]), PLACES["contract"])
HALF = GROUP_ORDER_INT // 2


@dataclass(frozen=True)
class Case:
    """One history with its words made values."""

    channel: Channel
    steps: list[dict[str, Any]]

    @classmethod
    def of(cls, history: dict[str, Any]) -> "Case":
        words = BASE["channel"] | history["channel"]
        members = {_snake(name): _value(word) for name, word in words.items()}
        return cls(Channel(token=PLACES[history["token"]], **members), history["steps"])

    def claimed(self, step: dict[str, Any]) -> Voucher:
        """What the step says that was signed."""
        return self._voucher(self.channel, step)

    def signature(self, step: dict[str, Any]) -> tuple[bytes, bytes]:
        """What really was signed, and how, as r and vs."""
        signed = step.get("signed", {})
        channel = replace(self.channel, salt=int(signed.get("salt", self.channel.salt)))
        contract = PLACES[signed.get("contract", "contract")]
        domain = Domain(int(signed.get("chainId", HOME.chain_id)), contract)
        signer = SIGNERS[signed.get("by", "signer")]
        return _formed(signed.get("form"), signer.sign(domain, self._voucher(channel, step | signed)).signature)

    def action(self, step: dict[str, Any]) -> Action:
        """What the machine is asked."""
        by: dict[str, Any] = {"caller": PLACES[step["by"]], "channel": self.channel}
        amounts: dict[str, Any] = {name: int(step[name]) for name in ("amount", "take", "value") if name in step}
        if step["do"] == "open":
            return Open(**by, **amounts, contract=HOME.contract)
        if step["do"] in {"claim", "close"}:
            voucher = self.claimed(step)
            signer = signer_of(HOME, voucher, *self.signature(step))
            said: dict[str, Any] = {"epoch": voucher.epoch, "cumulative_amount": voucher.cumulative_amount}
            if step["do"] == "claim":
                return Claim(channel=self.channel, **said, signer=signer)
            return Close(**by, **said, take=amounts["take"], signer=signer)
        others: dict[str, Any] = {"topUp": TopUp, "requestClose": RequestClose, "cancelClose": CancelClose}
        return others[step["do"]](**by, **amounts) if step["do"] in others else Withdraw(channel=self.channel)

    def arguments(self, step: dict[str, Any]) -> list[Any]:
        """What the contract's function takes."""
        numbers = [int(step[name]) for name in ("epoch", "take", "amount") if name in step]
        signature = self.signature(step) if step["do"] in {"claim", "close"} else ()
        return [self.channel.calldata, *numbers, *signature]

    def refusal(self, step: dict[str, Any]) -> tuple[str, list[Any]]:
        """The error's name and its facts in order."""
        [(name, facts)] = step["refused"].items()
        known: dict[str, Any] = {"channelId": self.channel.id}
        if "recovered" in facts.values():
            known["recovered"] = signer_of(HOME, self.claimed(step), *self.signature(step))
            assert known["recovered"] not in (self.channel.signer, NOBODY)
        return name, [known[word] if word in known else _value(word) for word in facts.values()]

    def _voucher(self, channel: Channel, step: dict[str, Any]) -> Voucher:
        members: dict[str, Any] = {"epoch": int(step["epoch"]), "cumulative_amount": int(step["amount"])}
        if "promises" in step:
            members["promises"] = bytes.fromhex(step["promises"][2:])
        return Voucher(channel_id=channel.id, **members)


@pytest.mark.parametrize("name", HISTORIES)
def test_the_machine_tells_the_history(name: str) -> None:
    case, lane = Case.of(HISTORIES[name]), Lane()
    for step in case.steps:
        now = Seconds(_value(step["at"]))
        if "refused" in step:
            with pytest.raises(EarnestError) as raised:
                transition(lane, case.action(step), now)
            assert _told(raised.value) == case.refusal(step)
            continue
        lane, effects = transition(lane, case.action(step), now)
        assert _flows(effects) == _moves(step)
        assert lane == _lane(step)


@pytest.fixture(scope="module")
def local() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        usdc = chain.token("USDC")
        for role, signer in SIGNERS.items():
            most = usdc.units(2**96 - 1).text if role == "payer" else "1"
            chain.fund(signer.address, usdc=most)
        chain.approve(SIGNERS["payer"], usdc, PLACES["contract"])
        yield chain


@pytest.fixture
def chain(local: LocalChain) -> Iterator[LocalChain]:
    before = local.snapshot()
    yield local
    local.restore(before)


@pytest.mark.parametrize("name", HISTORIES)
def test_the_contract_tells_the_history(chain: LocalChain, name: str) -> None:
    case = Case.of(HISTORIES[name])
    token = chain.token(case.channel.token)
    before = _balances(chain, token)
    for step in case.steps:
        chain.travel(to=Seconds(_value(step["at"])))
        signer, value = SIGNERS[step["by"]], int(step.get("value", "0"))
        call = (signer, "VoucherChannels", step["do"], *case.arguments(step))
        if "refused" in step:
            with pytest.raises(EarnestError) as raised:
                chain.send(*call, value=value)
            assert _told(raised.value) == case.refusal(step)
            continue
        receipt = chain.send(*call, value=value)
        after = _balances(chain, token)
        moves = {place: after[place] - before[place] for place in after}
        moves[signer.address] += receipt.fee.units if token.is_native else 0
        assert {place: moved for place, moved in moves.items() if moved} == _moves(step)
        deposit, settled, closes_at, epoch = chain.call("VoucherChannels", "laneOf", case.channel.id)
        assert Lane(deposit=deposit, settled=settled, closes_at=closes_at, epoch=epoch) == _lane(step)
        before = after


@pytest.mark.parametrize("name", [name for name in HISTORIES if name.startswith("open")])
def test_the_contracts_id_is_ours(chain: LocalChain, name: str) -> None:
    channel = Case.of(HISTORIES[name]).channel
    assert chain.call("VoucherChannels", "channelIdOf", channel.calldata) == channel.id


def _balances(chain: LocalChain, token: Token) -> dict[Address, int]:
    places = [signer.address for signer in SIGNERS.values()] + [PLACES["contract"]]
    if token.is_native:
        return {place: chain.balance(token, place).units for place in places}
    return {place: chain.call(contracts.ERC20, "balanceOf", place, at=token.address) for place in places}


def _flows(effects: list[Any]) -> dict[Address, int]:
    """What each place has more or less, the unchanged ones left out."""
    flows: Counter[Address] = Counter()
    for effect in effects:
        come, gone = (PLACES["contract"], effect.payer) if isinstance(effect, Pull) else (effect.to, PLACES["contract"])
        flows[come] += effect.amount
        flows[gone] -= effect.amount
    return {place: moved for place, moved in flows.items() if moved}


def _moves(step: dict[str, Any]) -> dict[Address, int]:
    return {PLACES[role]: int(moved) for role, moved in step["moves"].items()}


def _lane(step: dict[str, Any]) -> Lane:
    return Lane(**{_snake(name): _value(word) for name, word in step["lane"].items()})


def _told(error: EarnestError) -> tuple[str, list[Any]]:
    return type(error).__name__, list(error.facts.values())


def _formed(form: str | None, signature: bytes) -> tuple[bytes, bytes]:
    """The signature, or what somebody could make of it, as r and vs."""
    r, _ = compact(signature)
    s, parity = int.from_bytes(signature[32:64], "big"), (signature[64] - 27) << 255
    forms: dict[str | None, tuple[bytes, int]] = {
        None: (r, s | parity),
        "mirrored": (r, (GROUP_ORDER_INT - s) | (parity ^ 1 << 255)),
        "half": (r, HALF + 1 | parity),
        "parity": (r, s | (parity ^ 1 << 255)),
        "zero": (bytes(32), 0),
        "r": ((5).to_bytes(32, "big"), s | parity),
    }
    r, word = forms[form]
    return r, word.to_bytes(32, "big")


def _value(word: str) -> Any:
    """A place by its role, a second after the start, or a number."""
    if word in PLACES:
        return PLACES[word]
    return START + int(word) if word.startswith("+") else int(word)


def _snake(camel: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", camel).lower()
