"""Transactions that survive crashes: what was submitted happens once, whoever dies meanwhile."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from chain.aio.lookout import AsyncFinal, AsyncLookout
from chain.aio.node import AsyncNode
from chain.aio.rounds import AsyncRounds, body_of
from chain.aio.simulation import NO_ANSWER, AsyncSimulation
from chain.contracts import by_address
from chain.errors import EarnestError, NodeRefused
from chain.money import Token
from chain.network import Network
from chain.outbox.entry import Entry, Stage
from chain.outbox.errors import IntentGivenUp, IntentOpen, IntentRestored, OutboxLeaseLost
from chain.outbox.intent import Intent
from chain.outbox.machine import Finding
from chain.receipt import Receipt, receipt_of
from chain.signer import Signer
from chain.stores.outbox import OutboxStore
from chain.units import Address, Seconds, address

Until = Literal["included", "final"]
_FIRST_LOOK, _LONGEST_WAIT = 0.05, 2.0


@dataclass(frozen=True, slots=True)
class _Round:
    """What came of it."""

    number: int = 0
    findings: tuple[Finding, ...] = ()
    failure: EarnestError | None = None

    def told(self) -> tuple[Finding, ...]:
        """Raises what ended it."""
        if self.failure is not None:
            raise self.failure
        return self.findings


class AsyncOutbox:
    """One file for any number of processes and accounts of one chain; one of them at a time sends for an account.

    Something must go on calling `step` (or `run`, or wait for a `result`) until everything is final. Only accounts
    whose signer this process has been given are served. Bids are within the network's `fees`. So many seconds of
    `lease` a dead process holds up the others.
    Raises `OutboxUnreadable`, `OutboxOfAnotherChain`, then `OutboxBusy`, `OutboxFailed`.
    """

    def __init__(
        self,
        node: AsyncNode,
        network: Network,
        final: AsyncFinal,
        native: Token,
        path: str | Path,
        *,
        patience: float = 120.0,
        lease: float = 30.0,
    ) -> None:
        self._node, self._network, self._native = node, network, native
        self._store = OutboxStore(path, network.chain_id)
        self._simulation = AsyncSimulation(node, network.head)
        self._rounds = AsyncRounds(
            node=node,
            lookout=AsyncLookout(node, final),
            simulation=self._simulation,
            store=self._store,
            fees=network.fees,
            chain_id=network.chain_id,
        )
        self._patience, self._lease = patience, lease
        self._holder, self._closed = secrets.token_hex(16), False
        self._signers: dict[Address, Signer] = {}
        self._lock = asyncio.Lock()
        self._begun, self._last = 0, _Round()

    def use(self, signer: Signer) -> None:
        """From now on its account is served here."""
        self._signers[signer.address] = signer

    async def submit(
        self,
        signer: Signer,
        key: str,
        to: Address,
        data: bytes = b"",
        value: int = 0,
        *,
        expiry: Seconds | None = None,
    ) -> Intent:
        """On disk when it returns, and nowhere else yet; the same key and call again is the same intent.

        `value` in wei; not in a block at `expiry`, by the chain's clock, it is cancelled. Raises `IntentKeyReused`.
        """
        intent = Intent(
            key=key,
            chain_id=self._network.chain_id,
            account=signer.address,
            to=address(to),
            data=data,
            value=value,
            expiry=expiry,
        )
        self.use(signer)
        return self._store.add(intent).intent

    async def cancel(self, key: str) -> Entry:
        """Asks for a transaction that does nothing in its place; which of them happens, the chain decides.

        Raises `UnknownIntent`.
        """
        return self._store.cancel(key)

    async def resubmit(self, key: str) -> Entry:
        """Queued anew if it was refused, also where a restored backup may have forgotten that it happened.

        Raises `UnknownIntent`.
        """
        return self._store.resubmit(key)

    def knows(self, key: str) -> bool:
        """Whether something stands under this key that a repeat would not make happen anew."""
        return self._store.stands(key)

    async def on_its_way(self, account: Address, to: Address, data: bytes, value: int = 0) -> str | None:
        """The key of this very call, where it is in no block yet and may still be: for what is harmless to join."""
        return self._store.on_its_way(account, to, data, value)

    async def entry(self, key: str) -> Entry:
        """What has become of it so far. Raises `UnknownIntent`."""
        return self._store.entry(key)

    async def entries(self) -> list[Entry]:
        """All, in the order in which they were submitted."""
        return self._store.entries()

    async def step(self) -> tuple[Finding, ...]:
        """One round over what is open in the accounts served here; what a person should know about it.

        However many ask while one is under way, they have the next one together. Raises `NodeUnreachable`,
        `NodesDisagree`, `WrongChain`, `NodeRefused`; nothing is lost by it.
        """
        wanted = self._begun + 1
        async with self._lock:
            if self._last.number < wanted:
                await self._round()
            return self._last.told()

    async def result(self, key: str, *, until: Until = "final", wait: float | None = None) -> Receipt:
        """What it did, once it is in a block or final; `wait` in seconds, by default the chain's patience.

        Raises what the contract says, `IntentGivenUp`, `IntentRestored`, `IntentOpen`.
        """
        receipt = await self.receipt(key, until=until, wait=wait)
        return receipt_of(receipt, self._native, by_address())

    async def receipt(self, key: str, *, until: Until = "final", wait: float | None = None) -> Mapping[str, Any]:
        """As `result`, as the node says it."""
        seconds = self._patience if wait is None else wait
        deadline, pause = time.monotonic() + seconds, _FIRST_LOOK
        while True:
            findings = await self._tried()
            entry = self._store.entry(key)
            found = await self._outcome(entry, until)
            if found is not None:
                return found
            if time.monotonic() + pause > deadline:
                why = next((finding.why for finding in findings if finding.key in {key, ""}), "")
                raise IntentOpen(key, entry.stage, seconds, why)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_WAIT)

    async def run(self, every: float) -> None:
        """Steps every so many seconds until `close`; what fails for a while, a node or a busy file, is tried again."""
        while not self._closed:
            try:
                await self._tried()
            except EarnestError as trouble:
                if not trouble.retryable:
                    raise
            await asyncio.sleep(every)

    async def close(self) -> None:
        """Lets another process go on at once."""
        if not self._closed:
            self._closed = True
            self._store.release(self._holder)
            self._store.close()

    async def _round(self) -> None:
        self._begun += 1
        findings: list[Finding] = []
        try:
            for signer in list(self._signers.values()):
                findings += await self._step(signer)
        except EarnestError as failure:
            self._last = _Round(self._begun, failure=failure)
        else:
            self._last = _Round(self._begun, tuple(findings))

    async def _tried(self) -> tuple[Finding, ...]:
        try:
            return await self.step()
        except (NodeRefused, *NO_ANSWER) as trouble:
            return (Finding("", "no answer", str(trouble)),)

    async def _step(self, signer: Signer) -> list[Finding]:
        """By wall clock: a clock that is wrong moves the lease too early or too late, and never pays twice."""
        fence = self._store.lease(signer.address, self._holder, time.time(), self._lease)
        if fence is None:
            return []
        try:
            return await self._rounds.of(signer, fence)
        except OutboxLeaseLost:
            return []

    async def _outcome(self, entry: Entry, until: Until) -> Mapping[str, Any] | None:
        """The receipt of what succeeded; None while it is open."""
        body = body_of(entry.intent)
        if entry.stage is Stage.REFUSED and entry.restored:
            raise IntentRestored(entry.intent.key)
        if entry.stage is Stage.REFUSED:
            head = await self._node.block("latest")
            await self._simulation.gas(body, head.gas_limit)  # Says why, by its own error.
            raise IntentGivenUp(entry.intent.key, entry.why)
        if entry.stage is Stage.GIVEN_UP:
            raise IntentGivenUp(entry.intent.key, entry.why)
        if not entry.happened or (entry.open and until == "final"):
            return None
        receipt = await self._node.receipt(entry.transaction)
        if receipt is not None and receipt["status"] != 1:
            raise await self._simulation.why(body, receipt, entry.gas)
        return receipt
