# Generated from chain/aio/rounds.py by make fix; edit that one.
"""One account's turn: look, write down, and only then sign and send."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chain.errors import EarnestError, NodeRefused, NodesDisagree, NodeUnreachable, NotSent, WrongChain
from chain.keccak import keccak
from chain.outbox.entry import Attempt, Entry, Stage
from chain.outbox.fees import Fees, Price
from chain.outbox.intent import Intent, filling
from chain.outbox.machine import (
    Effect,
    Finding,
    Send,
    Sign,
    beginning,
    gap,
    has_room,
    in_turn,
    is_first,
    refused,
    review,
    signed,
    unpaid,
)
from chain.outbox.sighting import AccountSeen
from chain.signer import Signer
from chain.stores.outbox import OutboxStore
from chain.sync.lookout import Lookout
from chain.sync.node import Node
from chain.sync.simulation import NO_ANSWER, Simulation
from chain.units import Address

_OF_ONE = NodeRefused, NodesDisagree
"""What can't be asked of one intent holds up no other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rounds:
    """Stands between the machine and the world; everything it does may be done again after a crash."""

    node: Node
    lookout: Lookout
    simulation: Simulation
    store: OutboxStore
    fees: Fees
    chain_id: int
    passed: dict[Address, str] = field(default_factory=dict)
    """Of each account the last intent that was tried and could not begin."""

    def of(self, signer: Signer, fence: int) -> list[Finding]:
        """Under the lease of this number. Raises `OutboxLeaseLost`, and what a node that doesn't answer raises."""
        entries = self.store.open_of(signer.address)
        if not entries:
            return []
        turn = Turn(self, signer, self.lookout.account(signer.address), fence)
        findings = [finding for entry in entries for finding in turn.go_on(entry)]
        return findings + turn.begin()


@dataclass(frozen=True, slots=True)
class Turn:
    """With what the account looked like when it began."""

    of: Rounds
    signer: Signer
    account: AccountSeen
    fence: int

    def go_on(self, entry: Entry) -> list[Finding]:
        """What the machine says about an intent, kept before it is done."""
        try:
            seen = self.of.lookout.entry(entry, self.account)
        except _OF_ONE as silent:
            return [Finding(entry.intent.key, "no answer", str(silent))]
        newer, effects = review(entry, seen, self.account, self.of.fees)
        if newer != entry:
            self.of.store.keep(entry, newer, self.fence)
        return [finding for effect in effects for finding in self._do(newer, effect)]

    def begin(self) -> list[Finding]:
        """Gives nonces to what is queued, lowest first, as far as there is room; then a gap is filled, room or not."""
        store, account, findings = self.of.store, self.signer.address, list[Finding]()
        entries = {entry.intent.key: entry for entry in store.open_of(account)}
        floor, passed = store.floor(account), ""
        for entry in in_turn(entries.values(), self.of.passed.get(account, "")):
            if not has_room(entries.values(), self.of.fees):
                break
            findings += self._begin(entry, entries, floor)
            entries[entry.intent.key] = newer = store.entry(entry.intent.key)
            passed = entry.intent.key if newer.stage is Stage.QUEUED else passed
        self.of.passed[account] = passed
        missing = gap(entries.values(), floor, self.account)
        if missing is None:
            return findings
        filler = store.add(filling(self.of.chain_id, account, missing))
        return findings + self._begin(filler, entries, floor)

    def _begin(self, entry: Entry, entries: Mapping[str, Entry], floor: int) -> list[Finding]:
        """Unless it would revert; while others wait, on which it may build, that isn't said yet."""
        used = (other.nonce for other in entries.values() if other.nonce is not None)
        order = beginning(used, floor, self.account, self.of.fees)
        try:
            gas = self.of.simulation.gas(body_of(entry.intent), self.account.gas_limit)
        except NotSent as declined:
            return [Finding(entry.intent.key, "refused", declined.why)]
        except _OF_ONE as silent:
            return [Finding(entry.intent.key, "no answer", str(silent))]
        except (NodeUnreachable, WrongChain):  # Nothing is said about the call itself.
            raise
        except EarnestError as reverts:
            if is_first(entry, entries.values()):
                self.of.store.keep(entry, refused(entry, str(reverts)), self.fence)
            return []
        if why := unpaid(replace(entry, gas=gas), order.price, self.account, entries.values()):
            return [Finding(entry.intent.key, "refused", why)]
        return self._sign(entry, order, gas)

    def _do(self, entry: Entry, effect: Effect) -> list[Finding]:
        match effect:
            case Finding():
                return [effect]
            case Send(attempt):
                return self._send(entry, attempt)
            case Sign():
                return self._sign(entry, effect, self._gas_again(entry, effect))

    def _gas_again(self, entry: Entry, order: Sign) -> int:
        """An estimate that was wrong once must not hold up for ever what comes after; one that fails is none."""
        idle = {"from": entry.intent.account, "to": entry.intent.account, "data": b"", "value": 0}
        try:
            if order.cancels:
                return self.of.simulation.gas(idle, self.account.gas_limit)
            return self.of.simulation.gas(body_of(entry.intent), self.account.gas_limit, entry.gas)
        except EarnestError:
            return entry.gas

    def _sign(self, entry: Entry, order: Sign, gas: int) -> list[Finding]:
        """Durable before a node gets it."""
        intent = entry.intent
        to, data, value = (intent.account, b"", 0) if order.cancels else (intent.to, intent.data, intent.value)
        transaction = {"to": to, "data": data, "value": value, "gas": gas, "nonce": order.nonce, **_priced(order.price)}
        raw = self.signer.sign_transaction({**transaction, "type": 2, "chainId": self.of.chain_id})
        attempt = Attempt(
            transaction="0x" + keccak(raw).hex(),
            raw=raw,
            price=order.price,
            cancels=order.cancels,
            block=self.account.head,
        )
        self.of.store.keep(entry, signed(entry, order.nonce, gas, attempt), self.fence)
        return self._send(entry, attempt)

    def _send(self, entry: Entry, attempt: Attempt) -> list[Finding]:
        """Whether it arrived, the next round sees."""
        try:
            self.of.node.send(attempt.raw)
        except NO_ANSWER as silent:
            return [Finding(entry.intent.key, "unreachable", str(silent))]
        except NodeRefused as declined:
            return [Finding(entry.intent.key, "refused", declined.why)]
        return []


def body_of(intent: Intent) -> dict[str, Any]:
    """The call, as a node simulates it."""
    return {"from": intent.account, "to": intent.to, "data": intent.data, "value": intent.value}


def _priced(price: Price) -> dict[str, int]:
    return {"maxPriorityFeePerGas": price.tip, "maxFeePerGas": price.max_fee}
