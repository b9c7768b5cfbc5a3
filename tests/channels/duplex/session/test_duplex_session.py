from typing import Any

import pytest

from channels.duplex.duplex import Duplex
from channels.duplex.ledger import DuplexLedger
from channels.duplex.session import Limits, Memory, Pay, Sight, propose
from channels.duplex.session.sight import first_unused, prudent
from channels.errors import ChainWentBack, WrongChannel
from tests.channels.duplex.duplex_forms import CHANNEL, HOME, OTHER
from tests.channels.duplex.session.parties import EPOCH, known, memory, party, promise


def sight(a: Any = 100, b: Any = 50, epoch: int = EPOCH, fighting: bool = False) -> Sight:
    return Sight(duplex=Duplex(deposit_a=a, deposit_b=b, epoch=epoch), fighting=fighting)


@pytest.mark.parametrize(
    ("final", "latest", "by_a", "counted"),
    [
        (sight(), sight(), True, sight()),
        (sight(), sight(b=80), True, sight(b=70)),
        (sight(), sight(b=60), True, sight(b=60)),
        (sight(), sight(a=130), True, sight()),
        (sight(), sight(a=130), False, sight(a=120)),
        (sight(), sight(b=80), False, sight()),
        (sight(), sight(b=40), True, sight()),
        (sight(), sight(epoch=EPOCH + 1), True, sight(0, 0)),
        (sight(), sight(fighting=True), True, sight(fighting=True)),
        (sight(fighting=True), sight(), True, sight(fighting=True)),
    ],
)
def test_what_is_not_final_counts_where_it_warns_and_else_only_as_far_as_is_risked(
    final: Sight, latest: Sight, by_a: bool, counted: Sight
) -> None:
    assert prudent(final, latest, by_a, 20) == counted  # type: ignore[arg-type]


def test_unconfirmed_deposits_count_nothing_unless_one_says_so() -> None:
    assert party(True).see(sight(), sight(b=80)).duplex.deposit_b == 50
    risking = party(True, limits=Limits(unconfirmed=25))  # type: ignore[arg-type]
    assert risking.see(sight(), sight(b=80)).duplex.deposit_b == 75


def test_a_fight_in_any_block_counts_at_once() -> None:
    assert party(True).see(sight(), sight(fighting=True)).fighting
    assert not party(True, fighting=True).see(sight(), sight()).fighting


def test_a_new_epoch_starts_at_nothing_once_the_end_of_the_old_one_is_final() -> None:
    session, _ = propose(party(True, memory(2, net=7)), (Pay(amount=5),), known())  # type: ignore[arg-type]
    ending = session.see(sight(), sight(epoch=EPOCH + 1))
    assert (ending.memory, ending.duplex.is_open) == (session.memory, False)

    newer = session.see(sight(epoch=EPOCH + 1), sight(epoch=EPOCH + 1))
    assert newer.memory == Memory.start(CHANNEL, EPOCH + 1)
    assert newer.duplex.is_open


def test_an_earlier_epoch_is_a_node_that_lags() -> None:
    with pytest.raises(ChainWentBack):
        party(True).see(sight(epoch=EPOCH - 1), sight())


def test_the_memory_is_of_the_channel() -> None:
    with pytest.raises(WrongChannel):
        party(True, Memory.start(OTHER, EPOCH))


def test_each_owes_by_its_own_sign_promises_included() -> None:
    state = memory(2, (promise(2), promise(1, amount=30)), net=40).newest
    assert party(True).owed(state) == 140
    assert party(False).owed(state) == 30 - 40


def test_the_subject_is_the_contracts() -> None:
    ledger = DuplexLedger(channel=CHANNEL, domain=HOME)
    assert party(True).subject(promise(2)) == ledger.subject(EPOCH, promise(2))


@pytest.mark.parametrize(
    ("final", "latest", "first"),
    [
        (sight(0, 0, 3), sight(0, 0, 3), 3),
        (sight(1, 0, 3), sight(1, 0, 3), 4),
        (sight(0, 0, 3), sight(0, 1, 3), 4),
        (sight(0, 1, 3), sight(0, 0, 3), 4),
        (sight(1, 1, 3), sight(0, 0, 4), 4),
        (sight(1, 1, 3), sight(1, 0, 4), 5),
        (sight(0, 0, 4), sight(1, 1, 3), 4),
    ],
)
def test_an_epoch_is_unused_while_neither_look_shows_a_deposit_in_it(final: Sight, latest: Sight, first: int) -> None:
    assert first_unused(final, latest) == first
