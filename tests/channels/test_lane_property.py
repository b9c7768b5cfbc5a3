from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import EarnestError
from chain.keccak import keccak
from chain.typed_data import Domain
from chain.units import NOBODY, Hash32, Seconds, address
from channels import CancelClose, Channel, Claim, Close, Lane, Open, RequestClose, TopUp, Withdraw, transition
from channels.actions import ClaimPromised, Record, Sweep
from channels.effects import Pay, Pull
from channels.errors import NotOpen, WrongEpoch
from channels.lane import LaneBooks
from channels.promise import Promise
from channels.promising import PromisingVoucher

CONTRACT = address("0x" + "e5" * 20)
WINDOW = 3_600
NOW = Seconds(1_000)
AMOUNTS = st.integers(0, 40) | st.integers(0, 2**96 - 1)
EPOCHS = st.integers(0, 3)
VERBS = [Open, TopUp, Claim, ClaimPromised, ClaimPromised, Close, RequestClose, RequestClose, CancelClose, Withdraw]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*VERBS, Withdraw, Record, Sweep]),
        st.sampled_from(["payer", "payee", "signer"]),
        AMOUNTS,
        AMOUNTS,
        EPOCHS,
        st.sampled_from([0, 1, WINDOW - 1, WINDOW, WINDOW + 1]),
    ),
    max_size=40,
)


def promise_of(amount: Any) -> Promise:
    return Promise(
        condition=CONTRACT,
        data_hash=keccak(b"data"),
        amount=amount,
        expiry=Seconds(NOW + 6 * WINDOW),
        salt=Hash32(bytes(32)),
    )


def action_of(verb: type[Any], who: Any, channel: Channel, amount: Any, take: Any, epoch: int) -> Any:  # noqa: C901 -- one case a verb
    voucher: dict[str, Any] = {"epoch": epoch, "cumulative_amount": amount, "signer": channel.signer}
    promise = promise_of(take)
    match verb.__name__:
        case "Open":
            return Open(caller=who, channel=channel, amount=amount, contract=CONTRACT)
        case "TopUp":
            return TopUp(caller=who, channel=channel, amount=amount)
        case "Claim":
            return Claim(channel=channel, **voucher)
        case "ClaimPromised":
            shown = PromisingVoucher(
                epoch=epoch,
                cumulative_amount=amount,
                total=take,
                last_expiry=promise.expiry,
                leaves=(promise.struct_hash(),),
            )
            return ClaimPromised(channel=channel, voucher=shown, signer=channel.signer)
        case "Close":
            return Close(caller=who, channel=channel, take=take, **voucher)
        case "Withdraw":
            return Withdraw(channel=channel)
        case "Sweep":
            return Sweep(channel=channel, epoch=epoch)
        case "Record":
            said: dict[str, Any] = {"promise": promise, "data_hash": promise.data_hash, "released": amount}
            return Record(domain=Domain(1, CONTRACT), channel_id=channel.id, epoch=epoch, **said)
        case _:
            return verb(caller=who, channel=channel)


def reserved(books: LaneBooks) -> int:
    """What ended epochs still hold."""
    return sum(kept.left for kept in books.reserves.values() if kept.withdrawn)


@given(steps=STEPS)
def test_no_history_makes_or_loses_money(channel: Channel, steps: list[Any]) -> None:
    books, now = LaneBooks(), NOW
    pulled = paid = 0
    for verb, role, amount, take, epoch, seconds in steps:
        now = Seconds(now + seconds)
        lane = books.lane
        action = action_of(verb, getattr(channel, role), channel, amount, take, epoch)
        try:
            after, effects = transition(books, action, now)
        except EarnestError:
            continue

        pulled += sum(effect.amount for effect in effects if isinstance(effect, Pull))
        paid += sum(effect.amount for effect in effects if isinstance(effect, Pay))
        assert pulled == paid + after.lane.deposit - after.lane.settled + reserved(after), "held = paid in - paid out"

        if after.lane.epoch == lane.epoch:
            assert lane.settled <= after.lane.settled <= after.lane.deposit, "settled rises, up to the deposit"
            assert lane.deposit <= after.lane.deposit, "a deposit never falls while its epoch lasts"
        else:
            assert after.lane == Lane(epoch=lane.epoch + 1)
        for number, kept in after.reserves.items():
            before = books.reserve(number)
            if kept.withdrawn:
                assert kept.settled <= kept.ceiling
                latest = lane.closes_at + channel.promise_window + channel.window
                assert kept.time <= (before.time if before.withdrawn else latest), "locked no longer than was signed"
        for place, released in books.records.items():
            assert after.records[place] >= released, "a record never falls"
        books = after


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
        for verb in (Claim, ClaimPromised):
            claim = action_of(verb, NOBODY, channel, amount, 0, old)
            with pytest.raises(NotOpen):
                transition(lane, claim, NOW)
            with pytest.raises(WrongEpoch):
                transition(reopened, claim, NOW)


@given(amount=st.integers(0, 2**96 - 1), total=st.integers(0, 2**96 - 1), deposit=st.integers(1, 2**96 - 1))
def test_what_a_withdraw_leaves_is_what_the_voucher_may_still_be_worth(
    channel: Channel, amount: Any, total: Any, deposit: Any
) -> None:
    """Not more, whatever was signed, and not less than the deposit covers."""
    books: LaneBooks = LaneBooks(lane=Lane(deposit=deposit, closes_at=Seconds(NOW + 1)))
    shown = action_of(ClaimPromised, NOBODY, channel, amount, total, 0)
    books, first = transition(books, shown, NOW)
    books, _ = transition(books, Withdraw(channel=channel), Seconds(NOW + 1))
    assert reserved(books) == min(amount + total, deposit) - min(amount, deposit)
    assert sum(effect.amount for effect in first) == min(amount, deposit)
