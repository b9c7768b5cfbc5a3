"""An intent and what has become of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chain.errors import Malformed
from chain.outbox.fees import Price
from chain.outbox.intent import Intent


class Stage(StrEnum):
    """`unknown`: a transaction that we don't know has the nonce, in a block that may still be undone.

    `refused`: it would have reverted, and nothing was signed; the same key may be submitted again. Or it stood in an
    old backup, and may have happened since: then only `resubmit` makes it queued again.
    """

    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    INCLUDED = "included"
    DONE = "done"
    REVERTED = "reverted"
    GIVEN_UP = "given up"
    REFUSED = "refused"


ENDS = frozenset({Stage.DONE, Stage.REVERTED, Stage.GIVEN_UP, Stage.REFUSED})
"""Nothing comes after; but for `refused`, which never had a nonce, they say what is final on the chain."""
_WITHOUT_NONCE = frozenset({Stage.QUEUED, Stage.GIVEN_UP, Stage.REFUSED})
_NEVER_WITH_ONE = frozenset({Stage.QUEUED, Stage.REFUSED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A signed transaction; `cancels` if it only uses the nonce up. `block` was the newest when it was signed."""

    transaction: str
    raw: bytes
    price: Price
    cancels: bool
    block: int

    def to_json(self) -> dict[str, Any]:
        """Fees in wei as decimal strings."""
        fees = {"maxPriorityFeePerGas": str(self.price.tip), "maxFeePerGas": str(self.price.max_fee)}
        return {"transaction": self.transaction, **fees, "cancels": self.cancels}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """All attempts share the nonce, oldest first: whatever happens, at most one of them executes.

    `restored`: it was open in an old backup. What came after is forgotten, so it never gets another nonce by itself.
    """

    intent: Intent
    stage: Stage = Stage.QUEUED
    cancelled: bool = False
    restored: bool = False
    nonce: int | None = None
    gas: int = 0
    attempts: tuple[Attempt, ...] = ()
    transaction: str = ""
    block: int = 0
    block_hash: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        if (self.nonce is None) != (not self.attempts):
            raise Malformed("entry", "a nonce is kept with a signed transaction, and one without the other never")
        if self.nonce is None and self.stage not in _WITHOUT_NONCE:
            raise Malformed("entry", f"{self.stage} without a nonce")
        if self.nonce is not None and self.stage in _NEVER_WITH_ONE:
            raise Malformed("entry", f"{self.stage} with a nonce")

    def to_json(self) -> dict[str, Any]:
        """Numbers of the chain as decimal strings, without the signed bytes."""
        intent = self.intent
        return {
            "key": intent.key,
            "chainId": intent.chain_id,
            "account": intent.account,
            "to": intent.to,
            "data": "0x" + intent.data.hex(),
            "value": str(intent.value),
            "expiry": intent.expiry,
            "stage": self.stage.value,
            "cancelled": self.cancelled,
            "restored": self.restored,
            "nonce": self.nonce,
            "attempts": [attempt.to_json() for attempt in self.attempts],
            "transaction": self.transaction or None,
            "blockNumber": self.block or None,
            "blockHash": self.block_hash or None,
            "why": self.why,
        }

    @property
    def open(self) -> bool:
        """Something may still happen to it."""
        return self.stage not in ENDS

    @property
    def newest(self) -> Attempt:
        """The last bid."""
        return self.attempts[-1]

    @property
    def happened(self) -> bool:
        """A block has its call, not its cancellation."""
        cancels = (attempt.cancels for attempt in self.attempts if attempt.transaction == self.transaction)
        return self.stage in {Stage.INCLUDED, Stage.DONE, Stage.REVERTED} and not any(cancels)

    @property
    def waiting(self) -> bool:
        """It has a nonce, and no block that we know."""
        return self.stage in {Stage.SENT, Stage.UNKNOWN}
