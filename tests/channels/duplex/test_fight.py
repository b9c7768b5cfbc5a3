from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange, WrongLength
from chain.units import NO_HASH, Hash32, Seconds
from channels.channel import ChannelId
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.messages import State

ID = ChannelId(Hash32(bytes([7]) * 32))
HASH = Hash32(bytes([9]) * 32)
BOUND = 2**127


@given(
    net=st.integers(-BOUND, BOUND - 1),
    version=st.integers(0, 2**64 - 1),
    deadline=st.integers(0, 2**48 - 1),
    promises=st.sampled_from([NO_HASH, HASH]),
)
def test_a_fight_is_one_word_and_says_whether_there_are_promises(
    net: int, version: int, deadline: Any, promises: Hash32
) -> None:
    fight = Fight(net=net, version=version, deadline=deadline, promises=promises)
    words = (
        bytes(1) + bytes([promises != NO_HASH]),
        deadline.to_bytes(6, "big"),
        version.to_bytes(8, "big"),
        net.to_bytes(16, "big", signed=True),
    )
    assert fight.word == int.from_bytes(b"".join(words), "big")
    assert Fight.from_word(fight.word, promises) == fight
    assert Fight.from_word(fight.word, HASH) == fight, "a hash that is not this state's is not looked at"


@pytest.mark.parametrize(
    ("net", "posted"),
    [
        (0, 0),
        (-1, -1),
        (BOUND - 1, BOUND - 1),
        (BOUND, BOUND - 1),
        (2**255 - 1, BOUND - 1),
        (-BOUND, -BOUND),
        (-BOUND - 1, -BOUND),
        (-(2**255), -BOUND),
    ],
)
def test_a_net_beyond_all_deposits_is_posted_as_the_bound(net: int, posted: int) -> None:
    state = State(channel_id=ID, epoch=1, version=5, net=net, promises=HASH)
    assert Fight.posted(state, Seconds(8)) == Fight(net=posted, version=5, deadline=Seconds(8), promises=HASH)


@pytest.mark.parametrize(("now", "over"), [(99, False), (100, True), (101, True)])
def test_at_the_deadline_itself_it_is_over(now: Any, over: bool) -> None:
    assert Fight(deadline=Seconds(100)).is_over(now) is over


def test_without_a_deadline_there_is_none() -> None:
    assert not NO_FIGHT.is_on
    assert Fight(deadline=Seconds(1)).is_on


@pytest.mark.parametrize(
    "members",
    [{"net": BOUND}, {"net": -BOUND - 1}, {"version": 2**64}, {"version": -1}, {"deadline": 2**48}, {"deadline": -1}],
)
def test_what_does_not_fit_is_refused_at_birth(members: dict[str, Any]) -> None:
    with pytest.raises(OutOfRange):
        Fight(**members)


def test_promises_are_a_hash() -> None:
    with pytest.raises(WrongLength):
        Fight(promises=Hash32(b"short"))
