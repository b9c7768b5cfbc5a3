from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import EarnestError
from chain.units import NOBODY, Seconds, address
from channels import CancelClose, Channel, Claim, Close, Lane, Open, RequestClose, TopUp, Withdraw, transition
from channels.effects import Pay, Pull
from channels.errors import NotOpen, WrongEpoch

CONTRACT = address("0x" + "e5" * 20)
WINDOW = 3_600
NOW = Seconds(1_000)
AMOUNTS = st.integers(0, 40) | st.integers(0, 2**96 - 1)
EPOCHS = st.integers(0, 3)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([Open, TopUp, Claim, Claim, Close, RequestClose, CancelClose, Withdraw]),
        st.sampled_from(["payer", "payee", "signer"]),
        AMOUNTS,
        AMOUNTS,
        EPOCHS,
        st.sampled_from([0, 1, WINDOW - 1, WINDOW, WINDOW + 1]),
    ),
    max_size=40,
)


def action_of(verb: type[Any], who: Any, channel: Channel, amount: Any, take: Any, epoch: int) -> Any:
    voucher: dict[str, Any] = {"epoch": epoch, "cumulative_amount": amount, "signer": channel.signer}
    match verb.__name__:
        case "Open":
            return Open(caller=who, channel=channel, amount=amount, contract=CONTRACT)
        case "TopUp":
            return TopUp(caller=who, channel=channel, amount=amount)
        case "Claim":
            return Claim(channel=channel, **voucher)
        case "Close":
            return Close(caller=who, channel=channel, take=take, **voucher)
        case "Withdraw":
            return Withdraw(channel=channel)
        case _:
            return verb(caller=who, channel=channel)


@given(steps=STEPS)
def test_no_history_makes_or_loses_money(channel: Channel, steps: list[Any]) -> None:
    lane, now = Lane(), NOW
    pulled = paid = 0
    in_this_epoch = {channel.payer: 0, channel.payee: 0}
    for verb, role, amount, take, epoch, seconds in steps:
        now = Seconds(now + seconds)
        action = action_of(verb, getattr(channel, role), channel, amount, take, epoch)
        try:
            after, effects = transition(lane, action, now)
        except EarnestError:
            continue

        taken = sum(effect.amount for effect in effects if isinstance(effect, Pull))
        given_out = [effect for effect in effects if isinstance(effect, Pay)]
        pulled, paid = pulled + taken, paid + sum(effect.amount for effect in given_out)
        for effect in given_out:
            in_this_epoch[effect.to] += effect.amount
        assert pulled == paid + after.deposit - after.settled, "held = paid in - paid out"

        if after.epoch == lane.epoch:
            assert lane.settled <= after.settled <= after.deposit, "settled never falls, and never exceeds the deposit"
            assert lane.deposit <= after.deposit, "a deposit never falls while its epoch lasts"
        else:
            assert after == Lane(epoch=lane.epoch + 1)
            assert sum(in_this_epoch.values()) == lane.deposit, "payer and payee get exactly the deposits"
            in_this_epoch = dict.fromkeys(in_this_epoch, 0)
        lane = after


@given(amount=st.integers(1, 2**96 - 1), ends=st.integers(1, 5))
def test_a_closed_epoch_never_pays(channel: Channel, amount: Any, ends: int) -> None:
    lane = Lane()
    for _ in range(ends):
        opened = action_of(Open, channel.payer, channel, amount, 0, 0)
        lane, _ = transition(lane, opened, NOW)
        closed = action_of(Close, channel.payee, channel, 0, 0, lane.epoch)
        lane, _ = transition(lane, closed, NOW)
    reopened, _ = transition(lane, action_of(Open, channel.payer, channel, amount, 0, 0), NOW)
    for old in range(ends):
        claim = action_of(Claim, NOBODY, channel, amount, 0, old)
        with pytest.raises(NotOpen):
            transition(lane, claim, NOW)
        with pytest.raises(WrongEpoch):
            transition(reopened, claim, NOW)
