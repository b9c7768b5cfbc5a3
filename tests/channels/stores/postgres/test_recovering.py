"""What was recovered counts as delivered, in every kind of store."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from chain.signing import Signed
from chain.units import Amount, Seconds
from channels import Channel, Lane, PayeeSession, Voucher
from channels.stores.book import Newer, Order, Seen
from channels.stores.opening import Store
from tests.channels.stores.postgres.making import OpenTill

DEPOSIT = Lane(deposit=Amount(100), settled=Amount(5))
Sign = Callable[..., Signed[Voucher]]


def recovered(channel: Channel, sign: Sign, amount: int) -> PayeeSession:
    total, signed = Amount(amount), sign(amount)
    return PayeeSession(channel=channel, lane=DEPOSIT, accepted=total, delivered=total, newest=signed, stopped=True)


def at_risk(exposure: Any, channel: Channel) -> int:
    return int(exposure[channel.token].at_risk)


async def test_a_lost_lane_is_written_back_once(opened: OpenTill, store: Store, channel: Channel, sign: Sign) -> None:
    till = opened(store)
    for _ in range(2):
        await till.recover([recovered(channel, sign, 40)])
        book = await till.book(channel.id)
        assert book.session == recovered(channel, sign, 40)
        assert at_risk(await till.exposure(), channel) == 35


@pytest.mark.parametrize(("amount", "accepted"), [(40, 40), (20, 30)])
async def test_what_the_till_knew_is_never_lowered_and_nothing_is_left_to_deliver(
    opened: OpenTill, store: Store, channel: Channel, sign: Sign, amount: int, accepted: int
) -> None:
    till = opened(store)
    before = (await till.see(channel, Seen.of(DEPOSIT, DEPOSIT, 1, 0), None)).session
    after = replace(before, accepted=Amount(30), newest=sign(30))
    assert await till.keep([Newer(before, after, sign(30), Seconds(0))], {}) == [True]

    await till.recover([recovered(channel, sign, amount)])

    session = (await till.book(channel.id)).session
    assert (session.accepted, session.left, session.stopped) == (accepted, 0, True)
    assert session.newest == sign(accepted)
    assert at_risk(await till.exposure(), channel) == accepted - 5
    assert await till.keep([Newer(session, replace(session, accepted=Amount(90)), sign(90), Seconds(0))], {}) == [False]


async def test_what_was_refunded_is_not_left_to_deliver_either(
    opened: OpenTill, store: Store, channel: Channel, sign: Sign
) -> None:
    till = opened(store)
    before = (await till.see(channel, Seen.of(DEPOSIT, DEPOSIT, 1, 0), None)).session
    after = replace(before, accepted=Amount(30), newest=sign(30))
    await till.keep([Newer(before, after, sign(30), Seconds(0))], {})
    await till.deliver([Order(channel.id, {"tea": Amount(20)}, Seconds(1))])
    await till.refund(channel.id, "tea", Amount(8))

    await till.recover([recovered(channel, sign, 40)])

    session = (await till.book(channel.id)).session
    assert (session.accepted, session.refunded, session.left) == (40, 8, 0)
