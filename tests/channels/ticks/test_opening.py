import json
from dataclasses import replace

import pytest

from chain.errors import InvalidSignature, Malformed, OutOfRange
from chain.signer import Signer
from channels.errors import WrongPromises
from channels.ticks import TicksOpening
from channels.ticks.errors import AnotherVoucher, TicksNotPromised
from tests.channels.ticks.conftest import COUNT, EACH, EXPIRY, Desk, chain_of, released, stretch_of

CHAIN = chain_of()


@pytest.fixture(scope="module")
def opening(desk: Desk) -> TicksOpening:
    return desk.opening(stretch_of(CHAIN), 7)


def test_it_finds_the_promise_of_its_ticks(desk: Desk, opening: TicksOpening) -> None:
    assert opening.promise == stretch_of(CHAIN).promise(EXPIRY)
    assert opening.cumulative_amount == 7
    with pytest.raises(TicksNotPromised):
        TicksOpening(voucher=desk.voucher(7, ()), ticks=stretch_of(CHAIN))
    with pytest.raises(TicksNotPromised):
        replace(opening, ticks=stretch_of(CHAIN, each=EACH + 1))


def test_its_json_travels_as_an_object_and_as_text(opening: TicksOpening) -> None:
    told = opening.to_json()
    assert set(told) == {"voucher", "ticks"}
    assert TicksOpening.from_json(told) == TicksOpening.from_json(json.dumps(told)) == opening


def test_its_json_is_read_strictly(opening: TicksOpening) -> None:
    told = opening.to_json()
    ticks = told["ticks"]
    wrongs: list[object] = [{**told, "more": "1"}, {"ticks": ticks}, [], {**told, "ticks": {**ticks, "each": 10}}]
    for wrong in wrongs:
        with pytest.raises(Malformed):
            TicksOpening.from_json(wrong)
    with pytest.raises(TicksNotPromised):
        TicksOpening.from_json({**told, "ticks": {**ticks, "count": "2999"}})
    bare = {name: value for name, value in told["voucher"].items() if name != "promises"}
    with pytest.raises(WrongPromises):
        TicksOpening.from_json({**told, "voucher": bare})


def test_only_the_channels_key_signs_it(desk: Desk, opening: TicksOpening, signers: dict[str, Signer]) -> None:
    opening.require_signed(desk.checked(opening))
    other = desk.voucher(8, opening.voucher.promises).verified(desk.domain)
    with pytest.raises(AnotherVoucher) as caught:
        opening.require_signed(other)
    assert caught.value.facts == {"signed": 8, "shown": 7}
    with pytest.raises(InvalidSignature):
        opening.require_signed(signers["stranger"].sign(desk.domain, opening.voucher.voucher))


@pytest.mark.parametrize(("position", "steps"), [(1, 1), (1_024, 1_024)])
def test_what_it_proves_is_what_the_condition_releases(opening: TicksOpening, position: int, steps: int) -> None:
    proven = opening.proven(position, CHAIN.tip(position))
    assert proven is not None
    assert (proven.promise, proven.data, proven.released) == (opening.promise, opening.ticks.data, EACH * steps)
    assert released(proven) == proven.released


def test_it_proves_nothing_at_its_own_position_and_no_more_than_the_contract_takes(desk: Desk) -> None:
    later = desk.opening(stretch_of(CHAIN, 5))
    assert later.proven(5, CHAIN.tip(5)) is None
    with pytest.raises(OutOfRange):
        later.proven(5 + 1_025, CHAIN.tip(5 + 1_025))
    done = desk.opening(stretch_of(CHAIN, COUNT))
    assert done.promise is None
    assert done.proven(COUNT, CHAIN.tip(COUNT)) is None
