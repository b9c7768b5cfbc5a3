"""What anyone may bring, signed by whose money it is: closes and deposits."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import EarnestError, InvalidSignature
from chain.permit2 import Method
from chain.refusals import (
    DeadlinePassed,
    InvalidAmount,
    InvalidPayee,
    SafeCastOverflowedUintDowncast,
    TokenHasNoCode,
)
from chain.units import NOBODY, Amount
from channels import Channel, Lane, RequestClose, transition
from channels.actions import CloseBySig, OpenBySig, TopUpBySig
from channels.effects import Pay, Pull
from channels.errors import (
    AllowanceIsNoAuthorization,
    AlreadyOpen,
    ChannelClosing,
    DepositTooLarge,
    NotOpen,
    TakeTooLarge,
    TooManyPromises,
    WindowOver,
    WrongEpoch,
)
from channels.lane import LaneBooks
from channels.promising import PromisingVoucher
from tests.channels.lane_states import (
    CLOSING,
    CONTRACT,
    ENDED,
    FIRST,
    HOUR,
    LEAVES,
    NOW,
    OVER,
    RESERVED,
    at,
)


@pytest.mark.parametrize(
    ("books", "changes", "error"),
    [
        (at(**ENDED), {"deadline": NOW, "signer": NOBODY}, DeadlinePassed),
        (at(**ENDED), {"signer": NOBODY}, NotOpen),
        (at(**OVER), {"signer": NOBODY, "epoch": 2}, WrongEpoch),
        (at(**OVER), {"signer": NOBODY}, WindowOver),
        (at(), {"signer": NOBODY, "leaves": LEAVES}, InvalidSignature),
        (at(), {"voucher_signer": NOBODY, "leaves": LEAVES}, TooManyPromises),
        (at(), {"voucher_signer": NOBODY, "take": 99}, InvalidSignature),
        (at(), {"take": 41}, TakeTooLarge),
        (at(recorded=20), {"take": 61}, TakeTooLarge),
    ],
)
def test_what_a_close_by_signature_is_refused_by(
    channel: Channel, books: LaneBooks, changes: dict[str, Any], error: type[EarnestError]
) -> None:
    with pytest.raises(error):
        transition(books, closing(channel, **changes), NOW)


def closing(channel: Channel, **changes: Any) -> CloseBySig:
    shown = {"epoch": 3, "cumulative_amount": 40, "total": 20, "leaves": (FIRST,)}
    voucher: Any = PromisingVoucher(**{name: changes.pop(name, value) for name, value in shown.items()})
    said: dict[str, Any] = {"caller": channel.payer, "take": 40, "deadline": NOW + 1, "signer": channel.payee}
    return CloseBySig(channel=channel, voucher=voucher, **{**said, "voucher_signer": channel.signer} | changes)


@pytest.mark.parametrize(
    ("changes", "to_payee", "to_payer"),
    [({}, 10, 60), ({"take": 60}, 30, 40), ({"take": 30, "voucher_signer": NOBODY, "leaves": LEAVES}, 0, 70)],
)
@pytest.mark.parametrize("by", ["signature", "call"])
def test_a_close_takes_at_most_what_the_voucher_is_worth(
    channel: Channel, by: str, changes: dict[str, Any], to_payee: Any, to_payer: Any
) -> None:
    own = {"caller": channel.payee, "signer": NOBODY} if by == "call" else {}
    books = at(**CLOSING, recorded=20, reserved=True, reserves=RESERVED)
    after, effects = transition(books, closing(channel, **changes, **own), NOW)
    assert after == replace(books, lane=Lane(epoch=4))
    assert effects == [
        Pay(to, amount) for to, amount in ((channel.payee, to_payee), (channel.payer, to_payer)) if amount
    ]


@pytest.mark.parametrize("method", [Method.ERC3009, Method.PERMIT2])
def test_a_deposit_comes_by_authorization(channel: Channel, method: Method) -> None:
    opened = OpenBySig(channel=channel, amount=Amount(5), contract=CONTRACT, method=method)
    books, effects = transition(LaneBooks(), opened, NOW)
    assert (books.lane.deposit, effects) == (5, [Pull(channel.payer, Amount(5))])
    books, effects = transition(books, TopUpBySig(channel=channel, amount=Amount(7), method=method), NOW)
    assert (books.lane.deposit, effects) == (12, [Pull(channel.payer, Amount(7))])


@pytest.mark.parametrize(
    ("books", "verb", "changes", "error"),
    [
        (at(), OpenBySig, {"amount": 0}, InvalidAmount),
        (at(), OpenBySig, {"contract": "payee"}, InvalidPayee),
        (at(), OpenBySig, {"method": Method.ALLOWANCE}, AlreadyOpen),
        (
            LaneBooks(),
            OpenBySig,
            {"method": Method.ALLOWANCE, "token": NOBODY, "before": 0},
            AllowanceIsNoAuthorization,
        ),
        (LaneBooks(), OpenBySig, {"token": NOBODY, "before": NOW}, DeadlinePassed),
        (LaneBooks(), OpenBySig, {"token": NOBODY, "before": NOW + 1}, TokenHasNoCode),
        (LaneBooks(), TopUpBySig, {"amount": 0}, InvalidAmount),
        (LaneBooks(), TopUpBySig, {}, NotOpen),
        (at(**CLOSING), TopUpBySig, {"amount": 2**96 - 1}, ChannelClosing),
        (at(), TopUpBySig, {"amount": 2**96 - 100, "method": Method.ALLOWANCE}, DepositTooLarge),
        (at(), TopUpBySig, {"method": Method.ALLOWANCE, "token": NOBODY}, AllowanceIsNoAuthorization),
        (at(), TopUpBySig, {"token": NOBODY, "before": NOW}, DeadlinePassed),
        (at(), TopUpBySig, {"token": NOBODY}, TokenHasNoCode),
    ],
)
def test_what_a_deposit_by_authorization_is_refused_by(
    describe: Callable[..., Channel], books: LaneBooks, verb: Any, changes: dict[str, Any], error: type[EarnestError]
) -> None:
    channel = describe(**{name: value for name, value in changes.items() if name == "token"})
    said: dict[str, Any] = {"channel": channel, "amount": 5, "method": Method.ERC3009}
    said |= {"contract": CONTRACT} if verb is OpenBySig else {}
    said |= {name: getattr(channel, str(value), value) for name, value in changes.items() if name != "token"}
    with pytest.raises(error):
        transition(books, verb(**said), NOW)


@pytest.mark.parametrize(("now", "fits"), [(2**32 - HOUR - 1, True), (2**32 - HOUR, False)])
def test_a_window_that_ends_too_late_for_its_place_is_refused(channel: Channel, now: Any, fits: bool) -> None:
    action = RequestClose(caller=channel.payer, channel=channel)
    if fits:
        assert transition(at(reserved=True), action, now)[0] == at(closes_at=2**32 - 1)
        return
    with pytest.raises(SafeCastOverflowedUintDowncast) as caught:
        transition(at(), action, now)
    assert caught.value.facts == {"bits": 32, "value": 2**32}
