"""What is proven of promises: the twin of Records.sol."""

from chain.refusals import WrongConditionData
from chain.units import Amount, Seconds
from channels.actions.claims import Record
from channels.errors import NothingRecorded, PromiseExpired
from channels.lane.books import LaneBooks
from channels.promise import subject_of


def step(books: LaneBooks, action: Record, now: Seconds) -> LaneBooks:
    """What `transition` says of it: nothing here reads or changes the lane, and a record never falls."""
    promise, leaf = action.promise, action.promise.struct_hash()
    if now >= promise.expiry:
        raise PromiseExpired(now, promise.expiry)
    if action.data_hash != promise.data_hash:
        raise WrongConditionData(action.data_hash, promise.data_hash)
    before = books.recorded(action.epoch, [leaf])
    released = min(action.released, promise.amount)
    if released <= before:
        raise NothingRecorded(subject_of(action.domain, action.channel_id, action.epoch, leaf), released, before)

    return books.recording(action.epoch, leaf, Amount(released))
