"""A payer's session when ticks move from a promise into the amount."""

import pytest

from chain.refusals import InvalidAmount
from chain.units import Amount, Seconds
from channels import Channel, Lane, PayerSession
from channels.effects import Keep, Send
from tests.channels.ticks.conftest import EXPIRY, chain_of, stretch_of

CHAIN = chain_of(100)
WHOLE = stretch_of(CHAIN, each=10).promise(EXPIRY)
REST = stretch_of(CHAIN, 40, each=10).promise(EXPIRY)


@pytest.fixture
def session(channel: Channel) -> PayerSession:
    """100 are promised, and 100 ticks of 10."""
    lane = Lane(deposit=Amount(1_100), closes_at=Seconds(5))
    return PayerSession(channel=channel, lane=lane, promised=Amount(100), promises=(WHOLE,), version=3)


def test_it_comes_to_what_it_came_to_before(session: PayerSession) -> None:
    """Also while the channel is closing, and with all of the deposit promised."""
    after, effects = session.renew(Amount(500), (REST,))
    assert (after.promised, after.promises, after.at_most, after.version) == (500, (REST,), session.at_most, 4)
    assert after.newest is not None
    assert effects == [Keep(after.newest, (REST,)), Send(after.newest, (REST,))]


@pytest.mark.parametrize("total", [501, 99])
def test_it_never_promises_more_nor_takes_back(session: PayerSession, total: int) -> None:
    with pytest.raises(InvalidAmount):
        session.renew(Amount(total), (REST,))
