# Generated from chain/aio/sending.py by make fix; edit that one.
"""Transactions: one nonce each, taken and used under the account's lock, so that there is never a gap."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chain.errors import (
    EarnestError,
    NodeRefused,
    NodeUnreachable,
    NotIncluded,
    NotSent,
    Reverted,
    WrongChain,
)
from chain.keccak import keccak
from chain.network import Tag
from chain.signer import Signer
from chain.sync.node import Node
from chain.units import Address

_TRIES = 3
_TAKEN = ("nonce", "underpriced")
"""What nodes say when another transaction has the number; in words, since no code is agreed."""
_NO_ANSWER = (NodeUnreachable, WrongChain)
"""After these nobody knows whether a node that was asked before has it."""
_FIRST_LOOK, _LONGEST_WAIT = 0.05, 2.0


@dataclass(slots=True)
class _Account:
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_nonce: int | None = None


class Sender:
    """Simulates, prices, signs, sends and waits, `patience` seconds at most for a block to include a transaction."""

    def __init__(self, node: Node, chain_id: int, head: Tag, patience: float) -> None:
        self._node, self._chain_id, self._head, self._patience = node, chain_id, head, patience
        self._accounts: dict[Address, _Account] = {}

    def send(self, signer: Signer, to: Address, data: bytes, value: int) -> Mapping[str, Any]:
        """The receipt of a transaction that succeeded.

        Raises what the contract says (before any gas is spent, if it says so already then), `NotSent`, `NotIncluded`.
        """
        body = {"from": signer.address, "to": to, "data": data, "value": value}
        price = self._price(body)
        order = {"to": to, "data": data, "value": value, "chainId": self._chain_id, "type": 2, **price}
        account = self._accounts.setdefault(signer.address, _Account())
        with account.lock:
            transaction = self._hand_over(account, signer, order)
        receipt = self.wait(transaction)
        if receipt["status"] != 1:
            raise self._why(body, receipt, price["gas"])
        return receipt

    def wait(self, transaction: str) -> Mapping[str, Any]:
        """The receipt, whether it succeeded or not. Raises `NotIncluded`; a node that doesn't answer is asked again."""
        deadline, pause = time.monotonic() + self._patience, _FIRST_LOOK
        while True:
            try:
                receipt = self._node.receipt(transaction)
            except _NO_ANSWER:
                receipt = None
            if receipt is not None:
                return receipt
            if time.monotonic() + pause > deadline:
                raise NotIncluded(transaction, self._patience)
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_WAIT)

    def forget(self) -> None:
        """For a chain that has been set back: every account's nonce is asked for again."""
        self._accounts.clear()

    def _price(self, body: Mapping[str, Any]) -> dict[str, int]:
        """Gas and its price. The estimate is the simulation: nodes run the transaction first, and answer its revert."""
        try:
            gas = self._node.gas(body, self._head)
        except Reverted as unexplained:
            if not unexplained.data:
                self._node.call(body, self._head)  # Some nodes give the reason only here.
            raise
        except NodeRefused as refused:
            raise NotSent(body["from"], refused.why) from None
        tip, base_fee = self._node.tip(), (self._node.block("latest")).base_fee
        return {"gas": gas + gas // 5, "maxPriorityFeePerGas": tip, "maxFeePerGas": 2 * base_fee + tip}

    def _hand_over(self, account: _Account, signer: Signer, order: Mapping[str, Any]) -> str:
        """The transaction's hash, once the node has it or nobody can tell whether it has."""
        why = ""
        for _ in range(_TRIES):
            nonce = account.next_nonce
            if nonce is None:
                nonce = self._node.nonce(signer.address)
            raw = signer.sign_transaction({**order, "nonce": nonce})
            transaction = "0x" + keccak(raw).hex()
            account.next_nonce = None  # Unless the node takes it, ask anew: a number skipped would block the account.
            try:
                self._node.send(raw)
            except _NO_ANSWER:
                return transaction
            except NodeRefused as refused:
                if self._may_be_known(transaction):
                    return transaction
                why = refused.why
                if not any(word in why.lower() for word in _TAKEN):
                    break
            else:
                account.next_nonce = nonce + 1
                return transaction
        raise NotSent(signer.address, why)

    def _may_be_known(self, transaction: str) -> bool:
        """An earlier try over a broken connection may have arrived: sent with another nonce, it would pay twice."""
        try:
            return self._node.knows(transaction)
        except _NO_ANSWER:
            return True

    def _why(self, body: Mapping[str, Any], receipt: Mapping[str, Any], gas: int) -> EarnestError:
        """The reason of a failure that the simulation did not see: run again in the state of its block."""
        if receipt["gasUsed"] >= gas:
            return Reverted("out of gas", b"")
        try:
            self._node.call(body, receipt["blockNumber"])
        except (NodeRefused, *_NO_ANSWER):
            return Reverted("it failed in its block, and the node can't run it again there", b"")
        except EarnestError as error:
            return error
        return Reverted("it failed in its block, but not when run again there", b"")
