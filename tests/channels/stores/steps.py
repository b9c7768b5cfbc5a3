"""What tests of stores do again and again; a store is of either form, called without awaiting."""

from collections.abc import Mapping
from typing import Any

from chain.errors import EarnestError
from chain.signing import Signed
from chain.units import NO_HASH, Amount
from channels import Channel, Lane, SignedVoucher, Voucher
from channels.promise import Promise
from channels.stores.book import Delivered, Newer, Order, Seen
from channels.stores.meter_rows import opening_text
from channels.ticks import Stretch, TicksOpening

DEPOSIT: Any = 2**96 - 1
LATER: Any = 50_000


def lane_of(**members: Any) -> Lane:
    return Lane(**{"deposit": DEPOSIT} | members)


def look(at: int = 1_000, *, latest: Lane | None = None, unconfirmed: int | None = 0, **lane: Any) -> Seen:
    """At the millisecond `at`; the latest block is final unless another one is named."""
    final = lane_of(**lane)
    return Seen.of(final, latest or final, at, unconfirmed)


def spent(channel: Channel) -> str:
    """An opening, as a meter's row has it, of ticks that are all folded: it promises nothing."""
    message = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(1))
    voucher = SignedVoucher(channel=channel, voucher=message, signature=bytes(64) + b"\x1b")
    ticks = Stretch(each=Amount(1), count=1, position=1, anchor=NO_HASH)
    return opening_text(TicksOpening(voucher=voucher, ticks=ticks))


def newer(till: Any, signed: Signed[Voucher], *promises: Promise, at: Any = 0) -> Newer:
    """As a payee that has just read its books decides."""
    before = till.book(signed.message.channel_id).session
    return Newer(before, before.receive(signed, promises)[0], signed, at)


def accept(till: Any, signed: Signed[Voucher], *promises: Promise, limits: Any = None, at: Any = 0) -> Any:
    """Whether it was kept, or why not."""
    return till.keep([newer(till, signed, *promises, at=at)], limits or {})[0]


def deliver(till: Any, channel_id: Any, prices: Mapping[str, Any]) -> list[Delivered]:
    """Raises what the order is refused with."""
    (answer,) = till.deliver([Order(channel_id, prices, LATER)])
    if isinstance(answer, EarnestError):
        raise answer
    assert isinstance(answer, list)
    return answer
