"""One account's turn: look, write down, and only then sign and send."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chain.aio.lookout import AsyncLookout
from chain.aio.node import AsyncNode
from chain.aio.simulation import NO_ANSWER, AsyncSimulation
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
from chain.units import Address

_OF_ONE = NodeRefused, NodesDisagree
"""What can't be asked of one intent holds up no other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AsyncRounds:
    """Stands between the machine and the world; everything it does may be done again after a crash."""

    node: AsyncNode
    lookout: AsyncLookout
    simulation: AsyncSimulation
    store: OutboxStore
    fees: Fees
    chain_id: int
    passed: dict[Address, str] = field(default_factory=dict)
    """Of each account the last intent that was tried and could not begin."""

    async def of(self, signer: Signer, fence: int) -> list[Finding]:
        """Under the lease of this number. Raises `OutboxLeaseLost`, and what a node that doesn't answer raises."""
        entries = self.store.open_of(signer.address)
        if not entries:
            return []
        turn = AsyncTurn(self, signer, await self.lookout.account(signer.address), fence)
        findings = [finding for entry in entries for finding in await turn.go_on(entry)]
        return findings + await turn.begin()


@dataclass(frozen=True, slots=True)
class AsyncTurn:
    """With what the account looked like when it began."""

    of: AsyncRounds
    signer: Signer
    account: AccountSeen
    fence: int

    async def go_on(self, entry: Entry) -> list[Finding]:
        """What the machine says about an intent, kept before it is done."""
        try:
            seen = await self.of.lookout.entry(entry, self.account)
        except _OF_ONE as silent:
            return [Finding(entry.intent.key, "no answer", str(silent))]
        newer, effects = review(entry, seen, self.account, self.of.fees)
        if newer != entry:
            self.of.store.keep(entry, newer, self.fence)
        return [finding for effect in effects for finding in await self._do(newer, effect)]

    async def begin(self) -> list[Finding]:
        """Gives nonces to what is queued, lowest first, as far as there is room; then a gap is filled, room or not."""
        store, account, findings = self.of.store, self.signer.address, list[Finding]()
        entries = {entry.intent.key: entry for entry in store.open_of(account)}
        floor, passed = store.floor(account), ""
        for entry in in_turn(entries.values(), self.of.passed.get(account, "")):
            if not has_room(entries.values(), self.of.fees):
                break
            findings += await self._begin(entry, entries, floor)
            entries[entry.intent.key] = newer = store.entry(entry.intent.key)
            passed = entry.intent.key if newer.stage is Stage.QUEUED else passed
        self.of.passed[account] = passed
        missing = gap(entries.values(), floor, self.account)
        if missing is None:
            return findings
        filler = store.add(filling(self.of.chain_id, account, missing))
        return findings + await self._begin(filler, entries, floor)

    async def _begin(self, entry: Entry, entries: Mapping[str, Entry], floor: int) -> list[Finding]:
        """Unless it would revert; while others wait, on which it may build, that isn't said yet."""
        used = (other.nonce for other in entries.values() if other.nonce is not None)
        order = beginning(used, floor, self.account, self.of.fees)
        try:
            gas = await self.of.simulation.gas(body_of(entry.intent), self.account.gas_limit)
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
        return await self._sign(entry, order, gas)

    async def _do(self, entry: Entry, effect: Effect) -> list[Finding]:
        match effect:
            case Finding():
                return [effect]
            case Send(attempt):
                return await self._send(entry, attempt)
            case Sign():
                return await self._sign(entry, effect, await self._gas_again(entry, effect))

    async def _gas_again(self, entry: Entry, order: Sign) -> int:
        """An estimate that was wrong once must not hold up for ever what comes after; one that fails is none."""
        idle = {"from": entry.intent.account, "to": entry.intent.account, "data": b"", "value": 0}
        try:
            if order.cancels:
                return await self.of.simulation.gas(idle, self.account.gas_limit)
            return await self.of.simulation.gas(body_of(entry.intent), self.account.gas_limit, entry.gas)
        except EarnestError:
            return entry.gas

    async def _sign(self, entry: Entry, order: Sign, gas: int) -> list[Finding]:
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
        return await self._send(entry, attempt)

    async def _send(self, entry: Entry, attempt: Attempt) -> list[Finding]:
        """Whether it arrived, the next round sees."""
        try:
            await self.of.node.send(attempt.raw)
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
