"""What a store has kept."""

from chain.outbox.entry import Attempt, Entry
from chain.outbox.fees import Price
from chain.outbox.machine import signed
from chain.stores.outbox import OutboxStore
from tests.chain.outbox.world import ANN, intent_of


def attempt(number: int) -> Attempt:
    return Attempt(
        transaction=f"0x{number:064x}", raw=bytes([number]), price=Price(number, 2**70), cancels=False, block=number
    )


def begun(store: OutboxStore, key: str, nonce: int) -> tuple[Entry, int]:
    """A sent intent, and the lease's number under which it was."""
    fence = store.lease(ANN, "me", 0, 10)
    assert fence is not None
    before = store.add(intent_of(key))
    after = signed(before, nonce, 21_000, attempt(nonce + 1))
    store.keep(before, after, fence)
    return after, fence
