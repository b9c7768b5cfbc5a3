from typing import Any

from chain.keccak import keccak
from channels import Channel
from channels.stores.book import Fee, MeterRow, Settlement
from tests.channels.stores.steps import spent


def paid(channel: Channel, number: int, amount: Any, at: Any, epoch: int = 0) -> Settlement:
    return Settlement(
        channel_id=channel.id, epoch=epoch, transaction_hash=keccak(bytes([number])), amount=amount, at=at
    )


def cost(number: int, amount: int, at: Any) -> Fee:
    return Fee(transaction_hash=keccak(bytes([number])), amount=amount, at=at)


def test_a_transaction_is_written_down_once(till: Any, channel: Channel, describe: Any) -> None:
    other = describe(salt=1)
    settlements = [paid(channel, 1, 5, 30), paid(other, 1, 2**96 - 1, 30), paid(channel, 2, 7, 20)]
    till.journal(settlements, [cost(1, 2**100, 30), cost(2, 9, 20)])
    till.journal([paid(channel, 1, 6, 40), paid(channel, 1, 8, 40, epoch=1)], [cost(1, 1, 40)])
    till.journal([], [])
    assert [made.amount for made in till.settlements()] == [
        7,
        *([5, 2**96 - 1] if channel.id < other.id else [2**96 - 1, 5]),
        8,
    ]
    assert till.settlements()[0] == settlements[2]
    assert till.fees() == [cost(2, 9, 20), cost(1, 2**100, 30)]


def meter(channel: Channel, number: int, position: int, epoch: int = 0) -> MeterRow:
    leaf, tip = keccak(bytes([number])), keccak(b"tip" + bytes([position]))
    return MeterRow(
        channel_id=channel.id, promise_hash=leaf, epoch=epoch, opening=spent(channel), position=position, tip=tip
    )


def test_a_meters_position_only_rises(till: Any, channel: Channel, describe: Any) -> None:
    first, second = meter(channel, 1, 3), meter(channel, 2, 1)
    for row in (first, second, meter(channel, 1, 9), meter(describe(salt=1), 1, 7)):
        till.begin(row)
    assert till.meters(channel.id) == [second, first], "one that is known stays as it is"

    till.tick([meter(channel, 1, 2), meter(channel, 2, 5)])
    assert till.meters(channel.id) == [first, meter(channel, 2, 5)]
    same = meter(channel, 2, 5)
    till.tick([MeterRow(**{name: getattr(same, name) for name in same.__struct_fields__} | {"tip": bytes(32)})])
    till.tick([meter(channel, 3, 5)])
    till.tick([])
    assert till.meters(channel.id) == [first, meter(channel, 2, 5)]
    assert till.meters(describe(salt=1).id) == [meter(describe(salt=1), 1, 7)]


def test_meters_come_by_epoch(till: Any, channel: Channel) -> None:
    rows = [meter(channel, 1, 9), meter(channel, 2, 2, epoch=1), meter(channel, 3, 4, epoch=1)]
    for row in reversed(rows):
        till.begin(row)
    assert till.meters(channel.id) == rows
