"""Whatever is done in whichever order: no history makes or loses money, and what was posted stays as it was meant."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import EarnestError
from chain.units import NO_HASH, Amount, Seconds
from channels.duplex import actions, messages
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine import transition
from channels.duplex.promise import NONE_LISTED, DuplexPromises
from channels.effects import Pay, Pull
from channels.errors import NotOpen, WrongEpoch
from tests.channels.duplex.duplex_forms import CHANNEL, HOME, PEOPLE, promise

FRESH = DuplexLedger(channel=CHANNEL, domain=HOME)
STAKES = tuple(sorted((promise(number, expiry=9_000) for number in (2, 3)), key=lambda stake: stake.struct_hash()))
LISTED = DuplexPromises.of(STAKES)
LEAVES = tuple(stake.struct_hash() for stake in STAKES)
SIGNED = {"signer_a": CHANNEL.signer_a, "signer_b": CHANNEL.signer_b}
AMOUNTS = st.integers(0, 40) | st.integers(0, 2**96 - 1)
NETS = st.integers(-90, 90) | st.integers(-(2**255), 2**255 - 1)
VERBS = ["deposit", "deposit", "challenge", "answer", "pay_out", "close", "withdraw", "record", "collect", "sweep"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.sampled_from(["a", "b"]),
        AMOUNTS,
        NETS,
        st.integers(0, 4),
        st.booleans(),
        st.sampled_from([0, 0, 1, CHANNEL.window - 1, CHANNEL.window]),
    ),
    max_size=40,
)


def action_of(verb: str, who: str, amount: Any, net: int, version: int, promising: bool, epoch: int) -> Any:
    by: dict[str, Any] = {"caller": PEOPLE[who], **SIGNED}
    said: dict[str, Any] = {"channel_id": CHANNEL.id, "epoch": epoch, "net": net}
    state = messages.State(**said, version=version, promises=LISTED.struct_hash() if promising else NO_HASH)
    ends = said | {"deadline": Seconds(2**40)}
    takes = messages.WithdrawTogether(**ends, to_a=amount, to_b=Amount(amount // 2))
    stake, ended = STAKES[version % 2], max(epoch - 1, 0)
    made: dict[str, Any] = {
        "deposit": actions.Deposit(caller=PEOPLE[who], epoch=epoch, amount=amount),
        "challenge": actions.Challenge(**by, state=state),
        "answer": actions.Answer(**by, state=state),
        "pay_out": actions.PayOut(promises=LISTED if promising else NONE_LISTED),
        "close": actions.CloseTogether(**by, message=messages.CloseTogether(**ends)),
        "withdraw": actions.WithdrawTogether(**by, message=takes),
        "record": actions.Record(epoch=epoch, promise=stake, data_hash=stake.data_hash, released=amount),
        "collect": actions.Collect(epoch=ended, promises=LISTED, leaves=LEAVES),
        "sweep": actions.Sweep(epoch=ended),
    }
    return made[verb]


@given(steps=STEPS)
def test_no_history_makes_or_loses_money(steps: list[Any]) -> None:
    ledger, now, held = FRESH, Seconds(1_000), 0
    for verb, who, amount, net, version, promising, seconds in steps:
        now = Seconds(now + seconds)
        action = action_of(verb, who, amount, net, version, promising, ledger.duplex.epoch)
        try:
            after, effects = transition(ledger, action, now)
        except EarnestError:
            continue

        held += sum(effect.amount for effect in effects if isinstance(effect, Pull))
        held -= sum(effect.amount for effect in effects if isinstance(effect, Pay))
        assert held == after.duplex.total + sum(sum(reserve.left) for reserve in after.reserves.values())
        assert all(record.released >= ledger.released(subject) for subject, record in after.records.items())
        if after.duplex.epoch == ledger.duplex.epoch:
            assert after.duplex.deposit_a >= ledger.duplex.deposit_a, "a deposit never falls while its epoch lasts"
            assert after.duplex.deposit_b >= ledger.duplex.deposit_b
            if ledger.fight.is_on:
                assert after.fight.deadline == ledger.fight.deadline, "the deadline never moves"
                assert after.fight == ledger.fight or after.fight.version > ledger.fight.version
        else:
            assert after.duplex.epoch == ledger.duplex.epoch + 1
            assert not after.fight.is_on
        ledger = after


@given(net=NETS, ends=st.integers(1, 4))
def test_a_closed_epoch_never_pays(net: int, ends: int) -> None:
    ledger, now = FRESH, Seconds(1_000)
    for epoch in range(ends):
        ledger, _ = transition(ledger, action_of("deposit", "a", Amount(9), 0, 0, False, epoch), now)
        ledger, _ = transition(ledger, action_of("close", "a", 0, net, 0, False, epoch), now)
    reopened, _ = transition(ledger, action_of("deposit", "b", Amount(9), 0, 0, False, ends), now)
    for old in range(ends):
        for verb in ("challenge", "answer", "close", "withdraw"):
            with pytest.raises(NotOpen):
                transition(ledger, action_of(verb, "a", Amount(0), net, 1, False, old), now)
            with pytest.raises(WrongEpoch):
                transition(reopened, action_of(verb, "a", Amount(0), net, 1, False, old), now)
