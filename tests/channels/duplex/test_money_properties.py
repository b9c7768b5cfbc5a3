"""What holds of the values' money whatever the numbers."""

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from chain.keccak import keccak
from channels.duplex.duplex import Duplex
from channels.duplex.errors import NotCovered
from channels.duplex.law import require_covered
from channels.duplex.reserve import DuplexReserve
from channels.duplex.signed_state import SignedState
from tests.channels.duplex.duplex_forms import form, promise

AMOUNTS = st.integers(0, 2**96 - 1)
SMALL = st.integers(0, 50)
BOTH = st.tuples(AMOUNTS, AMOUNTS)


def covered(state: SignedState, duplex: Duplex) -> bool:
    try:
        require_covered(state, duplex)
    except NotCovered:
        return False
    return True


@given(deposits=st.tuples(SMALL, SMALL), net=st.integers(-60, 60), of_a=SMALL, of_b=SMALL)
def test_of_a_covered_state_the_chain_clips_nothing(deposits: tuple[Any, Any], net: int, of_a: int, of_b: int) -> None:
    duplex = Duplex(deposit_a=deposits[0], deposit_b=deposits[1])
    state = form("state", None, None, (promise(0, amount=of_a), promise(1, amount=of_b)), net=net)
    assume(covered(state, duplex))

    share_a, share_b = duplex.shares(net)
    assert (share_a, share_b) == (deposits[0] - net, deposits[1] + net)
    assert (min(of_a, share_a), min(of_b, share_b)) == (of_a, of_b)


@given(deposits=st.tuples(SMALL, SMALL), net=st.integers(-60, 60), of_a=SMALL, of_b=SMALL)
def test_of_any_other_state_it_clips_something(deposits: tuple[Any, Any], net: int, of_a: int, of_b: int) -> None:
    duplex = Duplex(deposit_a=deposits[0], deposit_b=deposits[1])
    state = form("state", None, None, (promise(0, amount=of_a), promise(1, amount=of_b)), net=net)
    assume(not covered(state, duplex))

    share_a, share_b = duplex.shares(net)
    assert (share_a, share_b) != (deposits[0] - net, deposits[1] + net) or share_a < of_a or share_b < of_b


@given(kept=BOTH, first=BOTH, more=BOTH)
def test_what_is_recorded_in_all_is_paid_once(
    kept: tuple[Any, Any], first: tuple[int, int], more: tuple[int, int]
) -> None:
    until: Any = 9_000
    reserve = DuplexReserve(from_a=kept[0], from_b=kept[1], until=until, promises=keccak(b"promises"))
    in_all = (first[0] + more[0], first[1] + more[1])

    at_once = reserve.collect(*in_all)
    assert reserve.collect(*first).collect(*in_all) == at_once
    assert min(at_once.left) >= 0
    assert (at_once.left[0] + at_once.paid_from_a, at_once.left[1] + at_once.paid_from_b) == kept
