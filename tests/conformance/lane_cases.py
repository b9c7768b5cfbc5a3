"""The histories of tests/vectors/channels with their words made values.

In the vectors "+600" is that many seconds after the base's start, parties are roles, "moves" are what each party has
more or less after a step, gas apart, and "signed" ("signedClose") says how what was signed differs from what is shown.
A history's "promises" have names; a voucher lists them by name, and "leaves" says in which wrong way. "reserves" are by
epoch, "records" by epoch and promise, each as a step left them all. "refusedByToken" is what only the contract knows.
"""

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from chain.erc3009 import ReceiveWithAuthorization
from chain.errors import EarnestError
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Hash32, Seconds
from channels import CancelClose, Channel, Claim, Close, Lane, Open, RequestClose, TopUp, Voucher, Withdraw
from channels.actions import Action, ClaimPromised, CloseBySig, OpenBySig, Record, Sweep, TopUpBySig
from channels.funding import Funding, FundingKind
from channels.lane import LaneBooks
from channels.lane_close import LaneClose
from channels.promise import Promise, subject_of
from channels.promising import PromisingVoucher
from channels.reserve import Reserve
from channels.signature import signer_of
from escrow import conditions
from tests.conformance.lane_words import (
    BASE,
    FOLDER,
    HOME,
    PLACES,
    SIGNERS,
    condition_of,
    formed,
    method_of,
    promise_of,
    proof_of,
    second,
    snake,
    value,
)

HISTORIES = {
    f"{file.stem}: {history['name']}": history
    for file in sorted(FOLDER.glob("*.json"))
    for history in json.loads(file.read_text()).get("histories", [])
}
_DEPOSITS = {"openBySig": FundingKind.OPEN.value, "topUpBySig": FundingKind.TOP_UP.value}


def has_a_block_each(steps: list[dict[str, Any]]) -> bool:
    """Whether it can be told on a chain where every transaction has a block of its own, later than the one before."""
    return all(second(one) < second(following) for one, following in pairwise(steps) if "moves" in one)


@dataclass(frozen=True)
class Case:
    """One history with its words made values, as of one chain."""

    channel: Channel
    conditions: dict[str, conditions.Condition]
    promises: dict[str, Promise]
    steps: list[dict[str, Any]]
    domain: Domain = HOME

    @classmethod
    def of(cls, history: dict[str, Any], chain_id: int = HOME.chain_id) -> "Case":
        words = BASE["channel"] | history["channel"]
        members = {snake(name): value(word) for name, word in words.items()}
        said = history.get("promises", {})
        return cls(
            Channel(token=PLACES[history["token"]], **members),
            {name: condition_of(of["condition"]) for name, of in said.items()},
            {name: promise_of(name, of) for name, of in said.items()},
            history["steps"],
            Domain(chain_id, HOME.contract),
        )

    def action(self, step: dict[str, Any]) -> Action:  # noqa: C901 -- one case a verb
        """What the machine is asked."""
        who, channel = PLACES[step["by"]], self.channel
        by: dict[str, Any] = {"caller": who, "channel": channel}
        amounts: dict[str, Any] = {name: int(step[name]) for name in ("amount", "take", "value") if name in step}
        match step["do"]:
            case "open":
                return Open(**by, **amounts, contract=HOME.contract)
            case "openBySig":
                return OpenBySig(channel=channel, **amounts, contract=HOME.contract, **_authorized(step))
            case "topUp":
                return TopUp(**by, **amounts)
            case "topUpBySig":
                return TopUpBySig(channel=channel, **amounts, **_authorized(step))
            case "claim":
                signer, epoch = self.signer(step), int(step["epoch"])
                return Claim(channel=channel, epoch=epoch, cumulative_amount=amounts["amount"], signer=signer)
            case "claimPromised":
                return ClaimPromised(channel=channel, voucher=self.shown(step), signer=self.signer(step))
            case "close":
                shown: dict[str, Any] = {"epoch": int(step["epoch"]), "cumulative_amount": amounts["amount"]}
                return Close(**by, **shown, take=amounts["take"], signer=self.signer(step))
            case "closeBySig":
                return self._close_by_sig(step)
            case "record":
                return self._record(step)
            case "sweep":
                return Sweep(channel=channel, epoch=int(step["epoch"]))
            case "withdraw":
                return Withdraw(channel=channel)
            case other:
                return RequestClose(**by) if other == "requestClose" else CancelClose(**by)

    def arguments(self, step: dict[str, Any]) -> list[Any]:
        """What the contract's function takes."""
        numbers = [int(step[name]) for name in ("epoch", "take", "amount") if name in step]
        match step["do"]:
            case "openBySig" | "topUpBySig":
                return [self.channel.calldata, int(step["amount"]), self._authorization(step)]
            case "claim" | "close":
                return [self.channel.calldata, *numbers, *self.signature(step)]
            case "claimPromised":
                return [self.channel.calldata, self.shown(step).calldata(*self.signature(step))]
            case "closeBySig":
                shown = self.shown(step).calldata(*self.signature(step))
                until = value(step["deadline"])
                return [self.channel.calldata, shown, int(step["take"]), until, *self.close_signature(step)]
            case "record":
                data = self.conditions[step.get("condition", step["promise"])].data
                return [self.channel.id, int(step["epoch"]), self.promises[step["promise"]], data, proof_of(step)]
            case _:
                return [self.channel.calldata, *numbers]

    def refusal(self, step: dict[str, Any]) -> tuple[str, list[Any]]:
        """The error's name and its facts in order."""
        [(name, facts)] = (step.get("refused") or step["refusedByToken"]).items()
        known: dict[str, Any] = {"channelId": self.channel.id}
        if step["do"] == "record":
            record = self._record(step)
            known |= {"subject": self._subject(record), "dataHash": record.data_hash}
            known["conditionHash"] = record.promise.data_hash
        if step["do"] in _DEPOSITS:
            known["nonce"] = self._nonce(step)
        if "recovered" in facts.values():
            known["recovered"] = self._recovered(step)
            assert known["recovered"] not in PLACES.values()
        return name, [known[word] if word in known else value(word) for word in facts.values()]

    def shown(self, step: dict[str, Any]) -> PromisingVoucher:
        """The voucher as it is shown: rightly, unless the step says otherwise."""
        listed = [self.promises[name] for name in step.get("promises", [])]
        leaves = tuple(sorted(promise.struct_hash() for promise in listed))
        wrong = {"reversed": leaves[::-1], "doubled": leaves[:1] + leaves, "none": ()}
        total, last = sum(p.amount for p in listed), max((p.expiry for p in listed), default=0)
        return PromisingVoucher(
            epoch=int(step["epoch"]),
            cumulative_amount=Amount(int(step["amount"])),
            total=Amount(int(step.get("total", total))),
            last_expiry=Seconds(value(step.get("lastExpiry", str(last)))),
            leaves=wrong.get(step.get("leaves", ""), leaves),
        )

    def signer(self, step: dict[str, Any]) -> Address:
        """Whose the shown voucher is: nobody's where what is said of its promises can't be."""
        try:
            return signer_of(self.domain, self._voucher(self.channel, step), *self.signature(step))
        except EarnestError:
            return NOBODY

    def signature(self, step: dict[str, Any]) -> tuple[bytes, bytes]:
        """What really was signed, and how, as r and vs."""
        signed = step.get("signed", {})
        return self._signed(signed, "signer", lambda channel: self._voucher(channel, step | signed))

    def close_signature(self, step: dict[str, Any]) -> tuple[bytes, bytes]:
        """The same of the payee's close."""
        signed = step.get("signedClose", {})
        return self._signed(signed, "payee", lambda channel: _close(channel, step | signed))

    def records(self, words: dict[str, dict[str, str]]) -> dict[tuple[int, Hash32], Amount]:
        """Above zero, by epoch and promise hash."""
        return {
            (int(epoch), self.promises[name].struct_hash()): Amount(int(amount))
            for epoch, recorded in words.items()
            for name, amount in recorded.items()
        }

    def subject(self, epoch: int, promise_hash: Hash32) -> Hash32:
        """What a condition is asked about."""
        return subject_of(self.domain, self.channel.id, epoch, promise_hash)

    def _signed(self, signed: dict[str, Any], by: str, said: Any) -> tuple[bytes, bytes]:
        channel = replace(self.channel, salt=int(signed.get("salt", self.channel.salt)))
        contract = PLACES[signed.get("contract", "contract")]
        domain = Domain(int(signed.get("chainId", self.domain.chain_id)), contract)
        signer = SIGNERS[signed.get("by", by)]
        return formed(signed.get("form"), signer.sign(domain, said(channel)).signature)

    def _recovered(self, step: dict[str, Any]) -> Address:
        if step["do"] == "closeBySig" and step["by"] != "payee" and "signedClose" in step:
            return signer_of(self.domain, _close(self.channel, step), *self.close_signature(step))
        return self.signer(step)

    def _voucher(self, channel: Channel, step: dict[str, Any]) -> Voucher:
        """A hash of promises may stand for them, where nobody has to show them."""
        said = step.get("promises", [])
        promises = Hash32(bytes.fromhex(said[2:])) if isinstance(said, str) else self.shown(step).promises
        members: dict[str, Any] = {"epoch": int(step["epoch"]), "cumulative_amount": int(step["amount"])}
        return Voucher(channel_id=channel.id, **members, promises=promises)

    def _close_by_sig(self, step: dict[str, Any]) -> CloseBySig:
        said = _close(self.channel, step)
        return CloseBySig(
            caller=PLACES[step["by"]],
            channel=self.channel,
            voucher=self.shown(step),
            take=said.take,
            deadline=said.deadline,
            signer=signer_of(self.domain, said, *self.close_signature(step)),
            voucher_signer=self.signer(step),
        )

    def _record(self, step: dict[str, Any]) -> Record:
        promise, epoch = self.promises[step["promise"]], int(step["epoch"])
        condition = self.conditions[step.get("condition", step["promise"])]
        facts = conditions.Facts(chain_id=self.domain.chain_id, now=second(step))
        subject = self.subject(epoch, promise.struct_hash())
        return Record(
            domain=self.domain,
            channel_id=self.channel.id,
            epoch=epoch,
            promise=promise,
            data_hash=condition.data_hash,
            released=condition.released(subject, promise.amount, proof_of(step), facts),
        )

    def _subject(self, record: Record) -> Hash32:
        return self.subject(record.epoch, record.promise.struct_hash())

    def _authorization(self, step: dict[str, Any]) -> tuple[int, int, int, bytes]:
        before = Seconds(value(step["before"]))
        grant = ReceiveWithAuthorization(
            from_=self.channel.payer,
            to=HOME.contract,
            value=int(step["amount"]),
            valid_before=before,
            nonce=self._nonce(step | step.get("signed", {})),
        )
        token = Domain(self.domain.chain_id, PLACES["usdc"], "Test USD Coin", "1")
        return method_of(step), int(step["salt"]), before, SIGNERS["payer"].sign(token, grant).signature

    def _nonce(self, step: dict[str, Any]) -> Hash32:
        epoch, salt = int(step["epoch"]), int(step["salt"])
        said = Funding(kind=_DEPOSITS[step["do"]], channel_id=self.channel.id, epoch=epoch, salt=salt)
        return self.domain.digest(said)


def books(case: Case, step: dict[str, Any]) -> LaneBooks:
    """All that there is after the step."""
    lane = Lane(**{snake(name): value(word) for name, word in step["lane"].items()})
    reserves = {
        int(epoch): Reserve(**{name: value(word) for name, word in words.items()})
        for epoch, words in step.get("reserves", {}).items()
    }
    return LaneBooks(lane=lane, reserves=reserves, records=case.records(step.get("records", {})))


def _authorized(step: dict[str, Any]) -> dict[str, Any]:
    return {"method": method_of(step), "before": value(step["before"])}


def _close(channel: Channel, step: dict[str, Any]) -> LaneClose:
    take, deadline = Amount(int(step["take"])), Seconds(value(step["deadline"]))
    return LaneClose(channel_id=channel.id, epoch=int(step["epoch"]), take=take, deadline=deadline)
