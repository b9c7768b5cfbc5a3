"""What a node has shown; where it was silent or late, less is seen and less is concluded."""

from dataclasses import dataclass

from chain.units import Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountSeen:
    """How many nonces are used at the final block and at the newest, and with what waits in the pool.

    `final` and `head` are those blocks' numbers, `time` and `base_fee` the newest one's; `tip` is what its makers want;
    `balance` in wei, after the newest one, whose transactions may take `gas_limit` in all.
    """

    final: int
    head: int
    final_count: int
    head_count: int
    pool_count: int
    time: Seconds
    base_fee: int
    tip: int
    balance: int
    gas_limit: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Mined:
    """One of our attempts is in a block of the chain; `final` as deep as the policy asks."""

    transaction: str
    cancels: bool
    succeeded: bool
    block: int
    block_hash: str
    final: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A transaction that is none of ours has the nonce in a final block: it is named, not inferred from silence.

    `same` if it makes the very call that was intended (a wallet's "speed up", say).
    """

    transaction: str
    same: bool
    succeeded: bool
    block: int
    block_hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Of one intent with a nonce. `pooled`: a node has its newest attempt."""

    mined: Mined | None = None
    taken: Taken | None = None
    pooled: bool = False
