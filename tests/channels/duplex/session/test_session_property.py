"""Two honest parties, a bad network, and crashes at every effect: money is conserved, each has at least what it was
credited, loses at most what it agreed to, signs one message a version, and both get on.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chain.errors import EarnestError
from chain.units import Amount
from channels.duplex.session import Offer, Pay
from tests.channels.duplex.session.parties import promise
from tests.channels.duplex.session.world import World

VERBS = "pay pay offer offer both fold drop deliver deliver deliver deliver lose twice crash resume wait record"
STEPS = st.lists(
    st.tuples(
        st.sampled_from(VERBS.split()),
        st.booleans(),
        st.integers(0, 7),
        st.sampled_from([None, None, None, 0, 1, 2]),
    ),
    min_size=5,
    max_size=40,
)
BEGUN = ((), tuple(promise(number, from_a=number > 1) for number in range(4)))
"""From nothing, and with a promise of each party that can be proven, and one that can't."""


def act(world: World, verb: str, by_a: bool, number: int, crash: int | None) -> None:
    """One step; what a party declines changes nothing."""
    pay, offer = Pay(amount=Amount(60 * (number + 1))), Offer(promise=world.fresh(by_a, number))
    steps: dict[str, Callable[[], None]] = {
        "pay": lambda: world.propose(by_a, (pay,), crash),
        "offer": lambda: world.propose(by_a, (offer,), crash),
        "both": lambda: world.propose(by_a, (pay, offer), crash),
        "fold": lambda: world.settle(by_a, number, False, crash),
        "drop": lambda: world.settle(by_a, number, True, crash),
        "deliver": lambda: world.deliver(number, crash),
        "twice": lambda: world.deliver(number, crash, again=True),
        "lose": lambda: world.lose(number),
        "crash": lambda: world.restart(by_a),
        "resume": lambda: world.ask(by_a),
        "wait": lambda: world.wait(200 * number),
        "record": lambda: world.record(number),
    }
    with suppress(EarnestError):
        steps[verb]()


@given(steps=STEPS, begun=st.sampled_from(BEGUN))
@settings(max_examples=100)
def test_whatever_is_lost_repeated_or_forgotten_halfway_both_settle_for_what_they_were_credited(
    steps: list[Any], begun: Any
) -> None:
    world = World(begun)
    for verb, by_a, number, crash in steps:
        act(world, verb, by_a, number, crash)
    for by_a in (True, False):
        world.require_safe(by_a)

    world.get_on()
    a, b = world.memories[True], world.memories[False]
    assert a.newest.message == b.newest.message
    assert (a.outstanding, b.outstanding) == (None, None)
    gain = -a.newest.message.net
    assert gain == a.credited - world.lost(True) - world.folded(True), "what is not undone has happened, once"
    assert -gain == b.credited - world.lost(False) - world.folded(False)
    for by_a in (True, False):
        world.require_safe(by_a)
        world.require_alive(by_a)
