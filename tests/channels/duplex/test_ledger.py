import pytest

from chain.errors import OutOfRange
from chain.typed_data import Domain
from channels.duplex.duplex import Duplex
from channels.duplex.fight import NO_FIGHT
from channels.duplex.ledger import DuplexLedger, DuplexRecord
from channels.promise import subject_of
from tests.channels.duplex.duplex_forms import CHANNEL, HOME, OTHER, PEOPLE, promise

PROMISES = [promise(number) for number in range(4)]
LEAVES = [one.struct_hash() for one in PROMISES]
FRESH = DuplexLedger(channel=CHANNEL, domain=HOME)


def recorded(*amounts: int, epoch: int = 3) -> DuplexLedger:
    """With so much proven of the first promises, which are A's and B's in turn."""
    records = {
        FRESH.subject(epoch, one): DuplexRecord(released=amount, from_a=one.from_a)  # type: ignore[arg-type]
        for one, amount in zip(PROMISES, amounts, strict=False)
    }
    return DuplexLedger(channel=CHANNEL, domain=HOME, records=records)


def test_a_new_channel_has_nothing() -> None:
    assert (FRESH.duplex, FRESH.fight, FRESH.reserves, FRESH.records) == (Duplex(), NO_FIGHT, {}, {})


def test_a_promise_and_its_hash_have_one_subject() -> None:
    subject = FRESH.subject(3, PROMISES[0])
    assert subject == FRESH.subject(3, LEAVES[0]) == subject_of(HOME, CHANNEL.id, 3, LEAVES[0])


def test_a_subject_is_of_one_chain_contract_channel_epoch_and_promise() -> None:
    others = [
        DuplexLedger(channel=CHANNEL, domain=Domain(1, HOME.contract)).subject(3, LEAVES[0]),
        DuplexLedger(channel=CHANNEL, domain=Domain(HOME.chain_id, PEOPLE["a"])).subject(3, LEAVES[0]),
        DuplexLedger(channel=OTHER, domain=HOME).subject(3, LEAVES[0]),
        FRESH.subject(4, LEAVES[0]),
        FRESH.subject(3, LEAVES[1]),
    ]
    assert len({FRESH.subject(3, LEAVES[0]), *others}) == 6
    for epoch in (-1, 2**32):
        with pytest.raises(OutOfRange):
            FRESH.subject(epoch, LEAVES[0])


@pytest.mark.parametrize(
    ("amounts", "sums"), [((), (0, 0)), ((5,), (5, 0)), ((0, 7), (0, 7)), ((5, 7, 11, 13), (16, 20))]
)
def test_what_is_proven_is_summed_by_whose_promise_it_is(amounts: tuple[int, ...], sums: tuple[int, int]) -> None:
    assert recorded(*amounts).recorded(3, LEAVES) == sums


def test_only_the_named_leaves_of_the_named_epoch_count() -> None:
    ledger = recorded(5, 7, 11, 13)
    assert ledger.recorded(3, LEAVES[:2]) == (5, 7)
    assert ledger.recorded(3, iter(LEAVES[2:])) == (11, 13)
    assert ledger.recorded(3, []) == ledger.recorded(2, LEAVES) == (0, 0)


def test_of_what_nobody_has_proven_nothing_is_released() -> None:
    ledger = recorded(5)
    assert ledger.released(ledger.subject(3, PROMISES[0])) == 5
    assert ledger.released(ledger.subject(3, PROMISES[1])) == 0
    assert ledger.released(ledger.subject(4, PROMISES[0])) == 0
