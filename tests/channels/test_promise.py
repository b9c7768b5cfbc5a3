from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import Malformed, OutOfRange
from chain.keccak import keccak
from chain.typed_data import Domain, TypedData
from chain.units import NO_HASH, Amount, Hash32, Seconds, address
from channels import Channel
from channels.duplex.promise import DuplexPromise
from channels.errors import PromisesOutOfOrder, TooManyPromises
from channels.promise import Promise, Promises, leaves_hash, promises_hash, read_promises, sorted_leaves, subject_of
from channels.promising import PromisingVoucher


def promise(number: int, amount: int = 100, expiry: int = 9_000) -> Promise:
    return Promise(
        condition=address("0x" + "aa" * 20),
        data_hash=keccak(b"data"),
        amount=Amount(amount),
        expiry=Seconds(expiry),
        salt=keccak(bytes([number])),
    )


def voucher(**members: Any) -> PromisingVoucher:
    return PromisingVoucher(**{"epoch": 0, "cumulative_amount": 100} | members)


@given(order=st.permutations([promise(number, number, 10 * number) for number in range(4)]))
def test_the_order_in_which_promises_are_named_means_nothing(order: list[Promise]) -> None:
    listed = Promises.of(order)
    assert (listed.total, listed.last_expiry) == (6, 30)
    assert listed.leaves == keccak(b"".join(sorted(one.struct_hash() for one in order)))
    assert promises_hash(order) == listed.struct_hash()


def test_no_promises_are_no_hash() -> None:
    assert promises_hash([]) == NO_HASH == voucher().promises


@pytest.mark.parametrize(("number", "counts"), [(1, True), (16, True), (17, False)])
def test_sixteen_promises_are_a_list_and_seventeen_none(number: int, counts: bool) -> None:
    listed = [promise(place) for place in range(number)]
    if counts:
        assert Promises.of(listed).total == 100 * number
        return
    with pytest.raises(TooManyPromises) as caught:
        Promises.of(listed)
    assert caught.value.facts == {"number": 17, "most": 16}


def test_a_list_rises_strictly() -> None:
    leaves = sorted_leaves(promise(place).struct_hash() for place in range(3))
    assert leaves_hash(leaves) == keccak(b"".join(leaves))
    for wrong, position in [((leaves[0], leaves[0]), 1), ((leaves[0], leaves[2], leaves[1]), 2)]:
        with pytest.raises(PromisesOutOfOrder) as caught:
            leaves_hash(wrong)
        assert caught.value.facts == {"position": position}
    with pytest.raises(PromisesOutOfOrder):
        Promises.of([promise(1), promise(2), promise(1)])


def test_the_sum_fits_96_bits() -> None:
    with pytest.raises(OutOfRange):
        Promises.of([promise(1, 2**96 - 1), promise(2, 1)])


@pytest.mark.parametrize("said", [{"total": 1}, {"last_expiry": 1}, {"leaves": (NO_HASH,)}])
def test_whatever_is_said_of_promises_is_hashed(said: dict[str, Any]) -> None:
    shown = voucher(**said)
    assert shown.promises != NO_HASH
    assert shown.promises == (
        Promises(leaves=leaves_hash(shown.leaves), total=shown.total, last_expiry=shown.last_expiry).struct_hash()
    )


@pytest.mark.parametrize(("recorded", "worth"), [(0, 100), (1, 101), (49, 149), (50, 150), (51, 150), (2**100, 150)])
def test_a_voucher_is_worth_its_amount_and_what_is_recorded_of_its_total(recorded: int, worth: int) -> None:
    assert voucher(total=50).worth(recorded) == worth
    assert voucher(total=50).most == 150


def test_it_becomes_calldata_without_a_signature_too() -> None:
    shown = voucher(total=5, last_expiry=7, leaves=(NO_HASH,))
    assert shown.calldata() == (0, 100, 5, 7, (NO_HASH,), NO_HASH, NO_HASH)
    assert shown.calldata(b"r" * 32, b"s" * 32)[5:] == (b"r" * 32, b"s" * 32)


def test_a_subject_is_of_one_chain_contract_channel_epoch_and_promise(channel: Channel, domain: Domain) -> None:
    leaf, other = promise(1).struct_hash(), promise(2).struct_hash()
    place: Any = (domain, channel.id, 0, leaf)
    others: list[Any] = [
        (Domain(1, domain.contract), channel.id, 0, leaf),
        (Domain(domain.chain_id, channel.payer), channel.id, 0, leaf),
        (domain, Hash32(bytes(32)), 0, leaf),
        (domain, channel.id, 1, leaf),
        (domain, channel.id, 0, other),
    ]
    assert len({subject_of(*place), *(subject_of(*one) for one in others)}) == 6
    for epoch in (-1, 2**32):
        with pytest.raises(OutOfRange):
            subject_of(domain, channel.id, epoch, leaf)


@pytest.mark.parametrize("kind", [Promise, DuplexPromise])
def test_a_list_from_outside_is_counted_before_it_is_read(kind: type[TypedData]) -> None:
    with pytest.raises(TooManyPromises) as caught:
        read_promises(kind, [None] * 17)
    assert caught.value.facts == {"number": 17, "most": 16}


@pytest.mark.parametrize("data", [None, {}, "", []])
def test_a_list_from_outside_has_one_promise_at_least(data: object) -> None:
    with pytest.raises(Malformed):
        read_promises(Promise, data)
