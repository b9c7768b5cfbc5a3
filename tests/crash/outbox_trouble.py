"""A node that loses, undoes, replaces and delays the transactions of one account."""

import random
import time
from collections import Counter
from collections.abc import Callable

from chain import LocalChain, Signer
from chain.errors import NodeRefused
from chain.keccak import keccak

DEPTH = 3
"""The deepest reorganisation; one block more is final."""
_GWEI = 10**9
_SPIKE = 200 * _GWEI
_BEHIND = 0.1
"""Seconds in which something may be signed."""


class OutboxTrouble:
    """Blocks come only when they are asked for; the seed decides what goes wrong."""

    def __init__(self, chain: LocalChain, signer: Signer, chance: random.Random) -> None:
        self._chain, self._signer, self._chance = chain, signer, chance
        self.happened: Counter[str] = Counter()
        self._kinds: list[tuple[Callable[[], bool], str, int]] = [
            (self.mine, "blocks", 12),
            (self._drop, "transactions dropped", 3),
            (self._reorg, "reorganisations", 2),
            (self._replace, "nonces taken by others", 1),
            (self._leave_gap, "gaps left by others", 1),
            (self._spike, "rises of the base fee", 1),
        ]
        chain._node.ask("evm_setAutomine", False)

    def next(self) -> None:
        """Something, most often a block."""
        (kind,) = self._chance.choices(self._kinds, [weight for _, _, weight in self._kinds])
        self.happened[kind[1]] += kind[0]()

    def mine(self) -> bool:
        self._chain.mine(1)
        return True

    def _drop(self) -> bool:
        waiting = self._waiting()
        if waiting:
            self._chain._node.ask("anvil_dropTransaction", self._chance.choice(waiting))
        return bool(waiting)

    def _reorg(self) -> bool:
        self._chain.reorg(self._chance.randint(1, DEPTH))
        return True

    def _replace(self) -> bool:
        """By somebody with the same key: it may take the nonce of an intent that waits."""
        nonce = self._chain._node.nonce(self._signer.address, "latest") + self._chance.randint(0, 2)
        return bool(self._by_hand(nonce, 5_000 * _GWEI))

    def _leave_gap(self) -> bool:
        """Somebody with the same key takes the next nonce, and is dropped: what was signed behind it can't move."""
        taken = self._by_hand(self._chain._node.nonce(self._signer.address), 5_000 * _GWEI)
        time.sleep(_BEHIND)
        return bool(taken and self._chain._node.ask("anvil_dropTransaction", taken))

    def _by_hand(self, nonce: int, price: int) -> str:
        """Its hash, or nothing where the node refuses it."""
        raw = self._signer.sign_transaction(
            {
                "to": self._signer.address,
                "value": 0,
                "gas": 21_000,
                "nonce": nonce,
                "type": 2,
                "chainId": self._chain.chain_id,
                "maxFeePerGas": price,
                "maxPriorityFeePerGas": price,
            }
        )
        try:
            self._chain._node.send(raw)
        except NodeRefused:
            return ""
        return "0x" + keccak(raw).hex()

    def _spike(self) -> bool:
        """It falls by an eighth a block again."""
        self._chain._node.ask("anvil_setNextBlockBaseFeePerGas", hex(_SPIKE))
        return self.mine()

    def _waiting(self) -> list[str]:
        content = self._chain._node.ask("txpool_content")
        return [
            sent["hash"]
            for part in ("pending", "queued")
            for nonces in content[part].values()
            for sent in nonces.values()
        ]
