"""What no history of the vectors reaches: messages of other channels, and the last epochs."""

from dataclasses import replace
from typing import Any

import pytest

from chain.units import Amount, Seconds
from channels.duplex import actions, messages
from channels.duplex.duplex import LAST_EPOCH, Duplex
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine import transition
from channels.errors import NoEpochLeft, WrongChannel
from tests.channels.duplex.duplex_forms import CHANNEL, HOME, OTHER, PEOPLE

NOW, LATER = Seconds(1_000), Seconds(9_000)
BOTH: dict[str, Any] = {"caller": PEOPLE["a"], "signer_a": CHANNEL.signer_a, "signer_b": CHANNEL.signer_b}
OPEN = DuplexLedger(channel=CHANNEL, domain=HOME, duplex=Duplex(deposit_a=Amount(100), deposit_b=Amount(50)))


def state(**changes: Any) -> messages.State:
    members: dict[str, Any] = {"channel_id": CHANNEL.id, "epoch": 0, "version": 1, "net": 0}
    return messages.State(**members | changes)


def ending(kind: Any, **changes: Any) -> Any:
    takes = {"to_a": 1, "to_b": 2} if kind is messages.WithdrawTogether else {}
    return kind(**{"channel_id": CHANNEL.id, "epoch": 0, "net": 0, "deadline": LATER} | takes | changes)


def fought(ledger: DuplexLedger) -> DuplexLedger:
    return transition(ledger, actions.Challenge(**BOTH, state=state()), NOW)[0]


def in_epoch(epoch: int) -> DuplexLedger:
    return replace(OPEN, duplex=Duplex(epoch=epoch))


@pytest.mark.parametrize(
    "action",
    [
        actions.Challenge(**BOTH, state=state(channel_id=OTHER.id)),
        actions.ChallengeBySig(
            **BOTH, state=state(channel_id=OTHER.id), by_a=True, deadline=LATER, signer=CHANNEL.signer_a
        ),
        actions.Answer(**BOTH, state=state(channel_id=OTHER.id, version=2)),
        actions.CloseTogether(**BOTH, message=ending(messages.CloseTogether, channel_id=OTHER.id)),
        actions.WithdrawTogether(**BOTH, message=ending(messages.WithdrawTogether, channel_id=OTHER.id)),
    ],
    ids=lambda action: type(action).__name__,
)
def test_a_message_of_another_channel_is_none_for_this_ledger(action: Any) -> None:
    ledger = fought(OPEN) if isinstance(action, actions.Answer) else OPEN
    with pytest.raises(WrongChannel) as caught:
        transition(ledger, action, NOW)
    assert caught.value.facts == {"channel_id": OTHER.id, "expected": CHANNEL.id}


def test_no_deposit_starts_the_last_epoch() -> None:
    for by in ("a", "b"):
        first = actions.Deposit(caller=PEOPLE[by], epoch=LAST_EPOCH, amount=Amount(1))
        with pytest.raises(NoEpochLeft) as caught:
            transition(in_epoch(LAST_EPOCH), first, NOW)
        assert caught.value.facts == {"channel_id": CHANNEL.id}


def test_the_last_but_one_is_like_any_other_until_its_end() -> None:
    epoch = LAST_EPOCH - 1
    deposit = actions.Deposit(caller=PEOPLE["a"], epoch=epoch, amount=Amount(7))
    ledger, _ = transition(in_epoch(epoch), deposit, NOW)
    close = actions.CloseTogether(**BOTH, message=ending(messages.CloseTogether, epoch=epoch))
    assert transition(ledger, close, NOW)[0].duplex == Duplex(epoch=LAST_EPOCH)


@pytest.mark.parametrize(("epoch", "goes_on"), [(LAST_EPOCH - 2, True), (LAST_EPOCH - 1, False)])
def test_who_withdraws_together_goes_on_in_an_epoch_that_has_one_after_it(epoch: int, goes_on: bool) -> None:
    ledger = replace(OPEN, duplex=replace(OPEN.duplex, epoch=epoch))
    action = actions.WithdrawTogether(**BOTH, message=ending(messages.WithdrawTogether, epoch=epoch))
    if goes_on:
        left = Duplex(deposit_a=Amount(99), deposit_b=Amount(48), epoch=epoch + 1)
        assert transition(ledger, action, NOW)[0].duplex == left
        return
    with pytest.raises(NoEpochLeft):
        transition(ledger, action, NOW)
