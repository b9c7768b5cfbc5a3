from dataclasses import replace
from typing import Any

import pytest

from chain.keccak import keccak
from chain.refusals import (
    WrongConditionData,
)
from chain.typed_data import Domain
from chain.units import Amount, Hash32, Seconds
from channels import Channel, Lane, transition
from channels.actions import Record
from channels.errors import (
    NothingRecorded,
    PromiseExpired,
)
from channels.lane import LaneBooks
from channels.promise import Promise
from tests.channels.lane_states import CONTRACT, NOW


@pytest.fixture
def record(channel: Channel, domain: Domain) -> Record:
    promise = Promise(
        condition=CONTRACT,
        data_hash=keccak(b"data"),
        amount=Amount(50),
        expiry=Seconds(NOW + 1),
        salt=Hash32(bytes(32)),
    )
    said: dict[str, Any] = {"domain": domain, "channel_id": channel.id, "promise": promise}
    return Record(**said, epoch=3, data_hash=promise.data_hash, released=20)


def test_a_record_rises_and_never_falls(record: Record) -> None:
    books, effects = transition(LaneBooks(), record, NOW)
    leaf = record.promise.struct_hash()
    assert (books.records, effects, books.lane) == ({(3, leaf): 20}, [], Lane())
    for released in (0, 19, 20):
        with pytest.raises(NothingRecorded) as caught:
            transition(books, replace(record, released=released), NOW)
        assert caught.value.facts["released"] == released
        assert caught.value.facts["recorded"] == 20
    more, _ = transition(books, replace(record, released=2**200), NOW)
    assert more.records == {(3, leaf): 50}
    other, _ = transition(more, replace(record, epoch=4), NOW)
    assert other.records == {(3, leaf): 50, (4, leaf): 20}


def test_a_record_needs_time_data_and_proof_in_that_order(record: Record) -> None:
    wrong = replace(record, data_hash=keccak(b"other"), released=0)
    for action, now, error in [
        (wrong, NOW + 1, PromiseExpired),
        (wrong, NOW, WrongConditionData),
        (replace(record, released=0), NOW, NothingRecorded),
    ]:
        with pytest.raises(error):
            transition(LaneBooks(), action, now)
