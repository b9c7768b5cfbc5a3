import pytest

from chain import Signer
from chain.errors import InvalidValue, OutOfRange
from chain.keccak import keccak
from chain.units import Seconds
from escrow import conditions as c
from escrow.conditions.errors import ListedTwice, NotAChild
from tests.escrow.conditions.cases import (
    ANN,
    BOB,
    CAROL,
    CHAIN,
    DELIVERED,
    EVE,
    LATER,
    LOCK,
    NOW,
    PREIMAGE,
    SUBJECT,
    TICKS,
    TWO,
    released,
)

LOCKS = [c.hash_lock(keccak=keccak(bytes([number]))) for number in range(9)]
SIXTEEN = c.approvals(16, of=[Signer(keccak(bytes([number]))).address for number in range(16)])


def ticks(count: int) -> c.Proof:
    return CHAIN.proof(TICKS.tip(count), count)


def share(bps: int) -> c.Proof:
    return DELIVERED.proof([DELIVERED.attest(SUBJECT, CAROL, share_bps=bps)])


def test_all_release_the_least_any_the_most_and_at_least_k_the_kth_largest() -> None:
    shown = ticks(30), share(7_000), LOCK.proof(PREIMAGE)
    parts = CHAIN, DELIVERED, LOCK

    assert released(c.all_of(*parts).proof(*shown)) == 300
    assert released(c.any_of(*parts).proof(*shown)) == 1_000
    assert released(c.at_least(2, *parts).proof(*shown)) == 700


def test_what_is_missing_shows_nothing() -> None:
    assert released(c.any_of(CHAIN, LOCK).proof(ticks(30))) == 300
    assert released(c.all_of(CHAIN, LOCK).proof(ticks(30))) == 0
    assert released(c.all_of(CHAIN, LOCK).proof()) == 0


def test_a_branch_without_proof_may_release_by_the_clock() -> None:
    tree = c.any_of(LOCK, c.all_of(LATER, c.vesting(start=0, end=1)))

    assert released(tree.proof(), c.Facts(chain_id=1, now=LATER.time)) == 1_000


def test_proofs_find_their_places_in_any_order_at_any_depth() -> None:
    inner = c.all_of(CHAIN, DELIVERED)
    tree = c.any_of(TWO, inner)

    assert released(tree.proof(share(7_000), ticks(30))) == 300
    assert tree.proof(inner.proof(ticks(30), share(7_000))) == tree.proof(share(7_000), ticks(30))


def test_a_proof_for_no_part_of_it_is_refused() -> None:
    with pytest.raises(NotAChild):
        c.any_of(CHAIN, TWO).proof(LOCK.proof(PREIMAGE))


def test_two_proofs_for_one_part_are_refused() -> None:
    with pytest.raises(ListedTwice):
        c.any_of(CHAIN, TWO).proof(ticks(1), ticks(2))


def test_operators_join_what_is_of_one_kind() -> None:
    assert (LOCK & TWO) & LATER == LOCK & (TWO & LATER) == c.all_of(TWO, LATER, LOCK)
    assert (LOCK | TWO) | LATER == LOCK | (TWO | LATER) == c.any_of(TWO, LATER, LOCK)
    assert c.any_of(c.all_of(LOCK, TWO), LATER) == (LOCK & TWO) | LATER


def test_the_same_child_twice_is_refused_in_any_guise() -> None:
    for build in (c.all_of, c.any_of, lambda *children: c.at_least(1, *children)):
        with pytest.raises(ListedTwice):
            build(LOCK, LATER, c.hash_lock(keccak=keccak(PREIMAGE)))
    with pytest.raises(ListedTwice):
        (LOCK | LATER) | LOCK


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (8, True), (9, False)])
def test_there_are_one_to_eight_children(count: int, fits: bool) -> None:
    if fits:
        assert len(c.all_of(*LOCKS[:count]).children) == count
        return
    for build in (c.all_of, c.any_of):
        with pytest.raises(OutOfRange):
            build(*LOCKS[:count])


@pytest.mark.parametrize(("threshold", "fits"), [(0, False), (1, True), (3, True), (4, False)])
def test_a_threshold_is_one_to_all(threshold: int, fits: bool) -> None:
    if fits:
        assert c.at_least(threshold, *LOCKS[:3]).threshold == threshold
        return
    with pytest.raises(OutOfRange):
        c.at_least(threshold, *LOCKS[:3])


def test_there_are_at_most_three_levels_to_build_and_to_decode() -> None:
    three = c.any_of(c.all_of(c.any_of(LOCK)))

    assert (LOCK.depth, three.depth) == (0, 3)
    with pytest.raises(OutOfRange):
        c.all_of(three)
    four = bytes([1]) + bytes.fromhex(three.address[2:]) + len(three.data).to_bytes(2, "big") + three.data
    with pytest.raises(InvalidValue):
        c.decode(three.address, four)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data, place = LOCK.data, LOCK.address
    for _ in range(2_000):
        part = bytes.fromhex(place[2:]) + min(len(data), 2**16 - 1).to_bytes(2, "big") + data
        data, place = bytes([1]) + part, c.all_of(LOCK).address
    with pytest.raises(InvalidValue):
        c.decode(place, data)


def test_what_the_gas_can_not_carry_is_refused() -> None:
    assert c.any_of(SIXTEEN, LOCK).gas <= 300_000
    with pytest.raises(OutOfRange) as refused:
        c.any_of(SIXTEEN, LOCK, LATER)

    assert refused.value.name == "gas"


def test_a_secret_anywhere_makes_it_revealing() -> None:
    assert c.any_of(TWO, c.all_of(LATER, LOCK)).reveals
    assert not c.any_of(TWO, c.all_of(LATER, DELIVERED)).reveals


def test_who_can_meet_it_alone() -> None:
    both, carrier = frozenset([ANN.address, BOB.address]), frozenset([CAROL.address])

    assert (TWO | DELIVERED).met_by(both)
    assert not (TWO & DELIVERED).met_by(both)
    assert (TWO & DELIVERED).met_by(both | carrier)
    assert not (TWO & LATER).met_by(both)
    assert c.at_least(2, TWO, DELIVERED, LOCK).met_by(both | carrier)
    assert not (LOCK | LATER).met_by(both | carrier | {EVE.address})


@pytest.mark.parametrize("spoiled", [b"", b"\0", b"\0\0", b"\0\0\0\0\0\0", b"\xff\xff\0\0", b"\0\0\0\1"])
def test_a_proof_of_another_form_shows_nothing(spoiled: bytes) -> None:
    sure = c.all_of(c.after_time(0), c.after_time(1))

    assert released(c.Proof(sure, b"\0\0\0\0"), c.Facts(chain_id=1, now=Seconds(NOW))) == 1_000
    assert released(c.Proof(sure, spoiled)) == 0
