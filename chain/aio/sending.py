"""Transactions: one nonce each, taken and used under the account's lock, so that there is never a gap."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chain.aio.node import AsyncNode
from chain.aio.outbox import AsyncOutbox
from chain.aio.simulation import NO_ANSWER, AsyncSimulation
from chain.errors import NodeRefused, NotIncluded, NotSent
from chain.keccak import keccak
from chain.network import Network
from chain.outbox.errors import NoOutbox
from chain.signer import Signer
from chain.units import Address

_TRIES = 3
_TAKEN = ("nonce", "underpriced")
"""What nodes say when another transaction has the number; in words, since no code is agreed."""
_FIRST_LOOK, _LONGEST_WAIT = 0.05, 2.0


@dataclass(slots=True)
class _Account:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_nonce: int | None = None


class AsyncSender:
    """Simulates, prices, signs, sends and waits, `patience` seconds at most for a block to include a transaction."""

    outbox: AsyncOutbox | None = None
    """Where it is set, what is sent is written down first, and survives this process."""

    def __init__(self, node: AsyncNode, network: Network, patience: float) -> None:
        self._node, self._patience = node, patience
        self._chain_id, self._fees = network.chain_id, network.fees
        self._simulation = AsyncSimulation(node, network.head)
        self._accounts: dict[Address, _Account] = {}

    async def send(
        self, signer: Signer, to: Address, data: bytes, value: int, key: str | None = None
    ) -> Mapping[str, Any]:
        """The receipt of a transaction that succeeded; through an outbox what has a key is done once.

        Raises what the contract says (before any gas is spent, if it says so already then); without an outbox
        `NotIncluded`, `NoOutbox` for a key, and `NotSent`, also while the base fee is above the network's bound; with
        one what `AsyncOutbox.receipt` raises.
        """
        if self.outbox:
            intent = await self.outbox.submit(signer, key or secrets.token_hex(16), to, data, value)
            return await self.outbox.receipt(intent.key, until="included")
        if key is not None:
            raise NoOutbox(key)
        body = {"from": signer.address, "to": to, "data": data, "value": value}
        price = await self._price(body)
        order = {"to": to, "data": data, "value": value, "chainId": self._chain_id, "type": 2, **price}
        account = self._accounts.setdefault(signer.address, _Account())
        async with account.lock:
            transaction = await self._hand_over(account, signer, order)
        receipt = await self.wait(transaction)
        if receipt["status"] != 1:
            raise await self._simulation.why(body, receipt, price["gas"])
        return receipt

    def knows(self, key: str | None) -> bool:
        """Whether the outbox has something under this key."""
        return self.outbox is not None and key is not None and self.outbox.knows(key)

    async def wait(self, transaction: str) -> Mapping[str, Any]:
        """The receipt, whether it succeeded or not. Raises `NotIncluded`; a node that doesn't answer is asked again."""
        deadline, pause = time.monotonic() + self._patience, _FIRST_LOOK
        while True:
            try:
                receipt = await self._node.receipt(transaction)
            except (*NO_ANSWER, NodeRefused):  # A limit of its requests, too: the transaction is out already.
                receipt = None
            if receipt is not None:
                return receipt
            if time.monotonic() + pause > deadline:
                raise NotIncluded(transaction, self._patience)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_WAIT)

    def forget(self) -> None:
        """For a chain that has been set back: every account's nonce is asked for again."""
        self._accounts.clear()

    async def _price(self, body: Mapping[str, Any]) -> dict[str, int]:
        head = await self._node.block("latest")
        gas, base_fee = await self._simulation.gas(body, head.gas_limit), head.base_fee
        if base_fee > self._fees.max_fee:
            raise NotSent(body["from"], f"the base fee is {base_fee} wei, and {self._fees.max_fee} is the most to bid")
        price = self._fees.first(base_fee, await self._node.tip())
        return {"gas": gas, "maxPriorityFeePerGas": price.tip, "maxFeePerGas": price.max_fee}

    async def _hand_over(self, account: _Account, signer: Signer, order: Mapping[str, Any]) -> str:
        """The transaction's hash, once the node has it or nobody can tell whether it has."""
        why = ""
        for _ in range(_TRIES):
            nonce = account.next_nonce
            if nonce is None:
                nonce = await self._node.nonce(signer.address)
            raw = signer.sign_transaction({**order, "nonce": nonce})
            transaction = "0x" + keccak(raw).hex()
            account.next_nonce = None  # Unless the node takes it, ask anew: a number skipped would block the account.
            try:
                await self._node.send(raw)
            except NO_ANSWER:
                return transaction
            except NodeRefused as refused:
                if await self._node.may_have(transaction):  # Sent with another nonce, it would pay twice.
                    return transaction
                why = refused.why
                if not any(word in why.lower() for word in _TAKEN):
                    break
            else:
                account.next_nonce = nonce + 1
                return transaction
        raise NotSent(signer.address, why)
