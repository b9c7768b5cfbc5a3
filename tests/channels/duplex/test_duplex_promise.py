from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import InvalidValue, Malformed, NotAnAddress, OutOfRange, WrongLength
from chain.keccak import keccak
from chain.units import NO_HASH
from channels.duplex.promise import NONE_LISTED, DuplexPromise, DuplexPromises, promises_hash
from channels.errors import PromisesOutOfOrder, TooManyPromises
from channels.promise import Promise
from tests.channels.duplex.duplex_forms import promise

MOST = 2**96 - 1
FIVE = [promise(number, amount=10**number, expiry=7 * number) for number in range(5)]


@given(order=st.permutations(FIVE))
def test_the_order_in_which_promises_are_named_means_nothing(order: list[DuplexPromise]) -> None:
    listed = DuplexPromises.of(iter(order))
    assert (listed.total_from_a, listed.total_from_b, listed.last_expiry) == (10_101, 1_010, 28)
    assert listed.leaves == keccak(b"".join(sorted(one.struct_hash() for one in order)))
    assert promises_hash(iter(order)) == listed.struct_hash()


def test_no_promises_are_no_hash() -> None:
    assert promises_hash([]) == NO_HASH
    assert NONE_LISTED.struct_hash() != NO_HASH
    shown = (NONE_LISTED.leaves, NONE_LISTED.total_from_a, NONE_LISTED.total_from_b, NONE_LISTED.last_expiry)
    assert shown == (NO_HASH, 0, 0, 0)


@pytest.mark.parametrize(("number", "counts"), [(1, True), (16, True), (17, False)])
def test_sixteen_promises_are_a_list_and_seventeen_none(number: int, counts: bool) -> None:
    listed = [promise(place) for place in range(number)]
    if counts:
        of = DuplexPromises.of(listed)
        assert of.total_from_a + of.total_from_b == 100 * number
        return
    with pytest.raises(TooManyPromises) as caught:
        DuplexPromises.of(listed)
    assert caught.value.facts == {"number": 17, "most": 16}


def test_no_promise_stands_twice() -> None:
    assert DuplexPromises.of([promise(0), promise(0, from_a=False)]).total_from_b == 100
    with pytest.raises(PromisesOutOfOrder) as caught:
        DuplexPromises.of([promise(0), promise(0)])
    assert caught.value.facts == {"position": 1}


@pytest.mark.parametrize(
    ("first", "second", "refused"), [(MOST, 0, None), (MOST, 1, True), (MOST - 1, 1, None), (2**95, 2**95, True)]
)
@pytest.mark.parametrize("place", [0, 1])
def test_what_a_party_promises_in_all_fits_96_bits(place: int, first: int, second: int, refused: bool | None) -> None:
    of_one = [promise(place, amount=first), promise(place + 2, amount=second)]
    listed = [*of_one, promise(1 - place, amount=MOST)]
    name = ("total_from_a", "total_from_b")[place]
    if refused is None:
        assert getattr(DuplexPromises.of(listed), name) == first + second
        return
    with pytest.raises(OutOfRange) as caught:
        DuplexPromises.of(listed)
    assert caught.value.facts["name"] == name


@pytest.mark.parametrize(
    ("member", "value", "error"),
    [
        ("from_a", 1, Malformed),
        ("from_a", None, Malformed),
        ("condition", "0x" + "aB" * 20, NotAnAddress),
        ("data_hash", bytes(31), WrongLength),
        ("amount", 2**96, OutOfRange),
        ("amount", -1, OutOfRange),
        ("amount", True, OutOfRange),
        ("expiry", 2**48, OutOfRange),
        ("salt", b"", WrongLength),
    ],
)
def test_a_promise_is_checked_at_birth(member: str, value: Any, error: type[InvalidValue]) -> None:
    with pytest.raises(error):
        promise(0, **{member: value})


@pytest.mark.parametrize("changes", [{"from_a": False}, {"amount": 99}, {"expiry": 9_001}, {"salt": NO_HASH}])
def test_every_member_is_in_its_hash(changes: dict[str, Any]) -> None:
    assert promise(0, **changes).struct_hash() != promise(0).struct_hash()


def test_a_promise_of_a_lane_is_none_here() -> None:
    members = promise(0).to_json()
    del members["fromA"]
    assert Promise.from_json(members).struct_hash() != promise(0).struct_hash()
    with pytest.raises(Malformed):
        DuplexPromise.from_json(members)
