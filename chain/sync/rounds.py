# Generated from chain/aio/rounds.py by make fix; edit that one.
"""One account's turn: look, write down, and only then sign and send."""

from dataclasses import dataclass
from typing import Any

from chain.errors import EarnestError, NodeRefused, NotSent
from chain.keccak import keccak
from chain.outbox.entry import Attempt, Entry
from chain.outbox.fees import Fees, Price
from chain.outbox.intent import Intent, filling
from chain.outbox.machine import Effect, Finding, Send, Sign, admitted, beginning, gap, refused, review, signed
from chain.outbox.sighting import AccountSeen
from chain.signer import Signer
from chain.stores.outbox import OutboxStore
from chain.sync.lookout import Lookout
from chain.sync.node import Node
from chain.sync.simulation import NO_ANSWER, Simulation


@dataclass(frozen=True, kw_only=True, slots=True)
class Rounds:
    """Stands between the machine and the world; everything it does may be done again after a crash."""

    node: Node
    lookout: Lookout
    simulation: Simulation
    store: OutboxStore
    fees: Fees
    chain_id: int

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
        newer, effects = review(entry, self.of.lookout.entry(entry, self.account), self.account, self.of.fees)
        if newer != entry:
            self.of.store.keep(entry, newer, self.fence)
        return [finding for effect in effects for finding in self._do(newer, effect)]

    def begin(self) -> list[Finding]:
        """Gives nonces to what is queued, lowest first, as far as there is room; a gap is filled."""
        store, findings = self.of.store, list[Finding]()
        entries, floor = store.open_of(self.signer.address), store.floor(self.signer.address)
        missing = gap(entries, floor, self.account)
        if missing is not None:
            entries.append(store.add(filling(self.of.chain_id, self.signer.address, missing)))
        used, alone = {entry.nonce for entry in entries if entry.nonce is not None}, not any(map(_waits, entries))
        for entry in admitted(entries, self.of.fees):
            order = beginning(used, floor, self.account, self.of.fees)
            findings += self._begin(entry, order, alone=alone)
            if _waits(store.entry(entry.intent.key)):
                used.add(order.nonce)
                alone = False
        return findings

    def _begin(self, entry: Entry, order: Sign, *, alone: bool) -> list[Finding]:
        """Unless it would revert; while others wait, on which it may build, that isn't said yet."""
        try:
            gas = self.of.simulation.gas(body_of(entry.intent))
        except NotSent as declined:
            return [Finding(entry.intent.key, "refused", declined.why)]
        except (NodeRefused, *NO_ANSWER):  # Nothing is said about the call itself.
            raise
        except EarnestError as reverts:
            if alone:
                self.of.store.keep(entry, refused(entry, str(reverts)), self.fence)
            return []
        return self._sign(entry, order, gas)

    def _do(self, entry: Entry, effect: Effect) -> list[Finding]:
        match effect:
            case Finding():
                return [effect]
            case Send(attempt):
                return self._send(entry, attempt)
            case Sign():
                return self._sign(entry, effect, entry.gas)

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


def _waits(entry: Entry) -> bool:
    return entry.waiting


def _priced(price: Price) -> dict[str, int]:
    return {"maxPriorityFeePerGas": price.tip, "maxFeePerGas": price.max_fee}
