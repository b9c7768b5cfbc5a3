"""One look at the chain, and what of it counts for whom."""

from hypothesis import given
from hypothesis import strategies as st

from chain.units import Amount
from channels import Channel, Lane, PayeeSession
from channels.stores.book import Seen

AMOUNTS = st.integers(0, 20).map(Amount)


@st.composite
def lanes(draw: st.DrawFn, epochs: st.SearchStrategy[int]) -> Lane:
    deposit = draw(st.integers(1, 20))
    settled = Amount(draw(st.integers(0, deposit)))
    return Lane(deposit=Amount(deposit), settled=settled, epoch=draw(epochs))


@given(data=st.data())
def test_who_only_looks_counts_on_nothing_more_and_loses_sight_of_nothing(
    channel: Channel, data: st.DataObject
) -> None:
    lane = data.draw(lanes(st.just(1)))
    unconfirmed = Amount(data.draw(st.integers(0, lane.deposit)))
    accepted = Amount(data.draw(st.integers(lane.settled, lane.deposit)))
    before = PayeeSession(channel=channel, lane=lane, accepted=accepted, unconfirmed=unconfirmed)
    found, latest = data.draw(lanes(st.integers(1, 2))), data.draw(lanes(st.integers(1, 2)))
    seen = Seen.of(found, latest, 5, data.draw(st.none() | st.integers(0, 20)))

    after = seen.counting(before).by(before)
    plain = seen.by(before)
    assert after.lane.deposit + after.pending == plain.lane.deposit + plain.pending
    assert (after.lane.epoch, after.lane.closes_at) == (plain.lane.epoch, plain.lane.closes_at)
    if found.epoch > lane.epoch:
        assert (after.lane.deposit, after.unconfirmed) == (0, 0)
        return
    assert (after.accepted, after.lane.settled) == (plain.accepted, plain.lane.settled)
    assert after.lane.deposit == min(plain.lane.deposit, lane.deposit)
    sure, was = after.lane.deposit - after.unconfirmed, lane.deposit - unconfirmed
    assert sure == min(plain.lane.deposit - plain.unconfirmed, was)
