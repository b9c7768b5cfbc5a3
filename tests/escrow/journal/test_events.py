from collections.abc import Callable

from escrow.journal import ChainEvent, Undone
from escrow.journal.events import changes, standing

EventMaker = Callable[..., ChainEvent]


def test_what_stands_is_what_was_seen_last(happened: EventMaker) -> None:
    one, two = happened("Authorized", 3), happened("Voided", 4)
    undone = Undone(block_hash=two.block_hash, log_index=two.log_index)
    assert list(standing([one, two]).values()) == [one, two]
    assert list(standing([one, two, undone]).values()) == [one]
    assert list(standing([one, two, undone, two]).values()) == [one, two]
    assert standing([undone]) == {}


def test_what_is_new_and_what_is_gone_is_written(happened: EventMaker) -> None:
    one, two, again = happened("Authorized", 3), happened("Voided", 4), happened("Voided", 4, block_hash=b"\1" * 32)
    known = standing([one, two])
    undone = Undone(block_hash=two.block_hash, log_index=two.log_index)
    assert changes({}, {}, [one, two]) == [one, two]
    assert changes(known, known, [one, two]) == []
    assert changes(known, known, [one, again]) == [undone, again]


def test_what_others_wrote_while_the_chain_was_asked_is_not_taken_back(happened: EventMaker) -> None:
    one, two = happened("Authorized", 3), happened("Voided", 4)
    assert changes(standing([one]), standing([one, two]), [one]) == []
    assert changes({}, standing([one, two]), [one, two]) == []
    undone = Undone(block_hash=two.block_hash, log_index=two.log_index)
    assert changes(standing([one, two]), standing([one, two, undone]), [one]) == []
