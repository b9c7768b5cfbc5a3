"""Vouchers with promises in every phase: what they pay and reserve, and every guard in the contract's order."""

from collections.abc import Callable
from typing import Any

import pytest

from chain.errors import EarnestError, InvalidSignature
from chain.units import NOBODY, Amount, Seconds
from channels import CancelClose, Channel, Claim, Lane, Withdraw, transition
from channels.actions import ClaimPromised, Sweep
from channels.effects import Pay
from channels.errors import (
    AmountNotIncreasing,
    NothingReserved,
    NotOpen,
    PromisesOutOfOrder,
    ReserveNotOver,
    ReserveOver,
    TooManyPromises,
    WindowOver,
    WrongEpoch,
)
from channels.lane import LaneBooks
from channels.promising import PromisingVoucher
from channels.reserve import Reserve
from tests.channels.lane_states import (
    CLOSING,
    ENDED,
    FIRST,
    HOUR,
    LEAVES,
    MOVED,
    NEXT,
    NOW,
    OVER,
    RESERVED,
    at,
    kept,
)


@pytest.fixture
def claim(channel: Channel) -> Callable[..., ClaimPromised]:
    """Of a voucher for 40 and at most 20 more by one promise, until an hour from now."""

    def claimed(signer: str | None = None, **changes: Any) -> ClaimPromised:
        said: dict[str, Any] = {"epoch": 3, "cumulative_amount": 40, "total": 20, "last_expiry": NOW + HOUR}
        shown = PromisingVoucher(**{**said, "leaves": (FIRST,)} | changes)
        return ClaimPromised(channel=channel, voucher=shown, signer=channel.signer if signer is None else NOBODY)

    return claimed


@pytest.mark.parametrize(
    ("books", "changes", "after", "paid"),
    [
        (at(), {}, at(settled=40), 10),
        (at(recorded=15), {}, at(settled=55, recorded=15), 25),
        (at(recorded=99), {}, at(settled=60, recorded=99), 30),
        (at(recorded=15), {"leaves": ()}, at(settled=40, recorded=15), 10),
        (at(recorded=20), {"cumulative_amount": 90}, at(settled=100, recorded=20), 70),
        (at(**CLOSING), {}, at(**CLOSING, settled=40, reserved=True, reserves={3: kept(60, NOW + HOUR)}), 10),
        (
            at(**CLOSING),
            {"cumulative_amount": 0},
            at(**CLOSING, reserved=True, reserves={3: kept(20, NOW + HOUR)}),
            0,
        ),
        (
            at(**CLOSING),
            {"cumulative_amount": 90},
            at(**CLOSING, settled=90, reserved=True, reserves={3: kept(100, NOW + HOUR)}),
            60,
        ),
        (at(**CLOSING), {"last_expiry": NOW}, at(**CLOSING, settled=40), 10),
        (
            at(**CLOSING, reserved=True, reserves={3: kept(90, NOW + 5)}),
            {"cumulative_amount": 0},
            at(**CLOSING, reserved=True, reserves={3: kept(90, NOW + HOUR)}),
            0,
        ),
        (
            at(**CLOSING, reserved=True, reserves={3: kept(50, NOW + 9_999)}),
            {"cumulative_amount": 31},
            at(**CLOSING, reserved=True, settled=31, reserves={3: kept(51, NOW + 9_999)}),
            1,
        ),
        (
            at(**CLOSING, reserves={3: kept(90, NOW + 9_999)}),
            {"cumulative_amount": 0},
            at(**CLOSING, reserved=True, reserves={3: kept(20, NOW + HOUR)}),
            0,
        ),
        (
            at(**OVER, reserved=True, reserves=RESERVED),
            {},
            at(**OVER, reserved=True, settled=40, reserves=RESERVED),
            10,
        ),
        (
            at(**OVER, reserved=True, reserves=RESERVED, recorded=20),
            {"cumulative_amount": 70},
            at(**OVER, reserved=True, settled=80, reserves=RESERVED, recorded=20),
            50,
        ),
        (
            at(**OVER, reserved=True, reserves={3: kept(80, 0)}),
            {},
            at(**OVER, reserved=True, settled=40, reserves={3: kept(80, 0)}),
            10,
        ),
        (at(**ENDED, reserves=MOVED), {}, at(**ENDED, reserves={3: kept(80, NOW + 1, 40, withdrawn=True)}), 10),
        (at(**NEXT, reserves=MOVED), {}, at(**NEXT, reserves={3: kept(80, NOW + 1, 40, withdrawn=True)}), 10),
    ],
)
def test_what_a_claim_pays_and_reserves(
    claim: Callable[..., ClaimPromised],
    channel: Channel,
    books: LaneBooks,
    changes: dict[str, Any],
    after: LaneBooks,
    paid: Any,
) -> None:
    effects = [Pay(channel.payee, paid)] if paid else []
    assert transition(books, claim(**changes), NOW) == (after, effects)


@pytest.mark.parametrize(
    ("books", "changes", "error"),
    [
        (at(**ENDED), {"signer": "none"}, NotOpen),
        (at(deposit=0, settled=0), {"signer": "none"}, NotOpen),
        (at(**NEXT), {"signer": "none"}, WrongEpoch),
        (at(**NEXT, reserves=RESERVED), {}, WrongEpoch),
        (at(**OVER, reserves=RESERVED), {"signer": "none"}, WindowOver),
        (at(closes_at=NOW - HOUR, reserved=True, reserves={3: kept(80, 0)}), {"signer": "none"}, ReserveOver),
        (at(**ENDED, reserves={3: kept(80, NOW, withdrawn=True)}), {"signer": "none"}, ReserveOver),
        (at(), {"signer": "none", "leaves": LEAVES}, TooManyPromises),
        (at(), {"signer": "none", "leaves": LEAVES[1::-1]}, PromisesOutOfOrder),
        (at(), {"signer": "none", "cumulative_amount": 0}, InvalidSignature),
        (at(), {"cumulative_amount": 30}, AmountNotIncreasing),
        (
            at(**CLOSING, reserved=True, reserves={3: kept(60, NOW + HOUR)}),
            {"cumulative_amount": 0},
            AmountNotIncreasing,
        ),
        (at(**OVER, reserved=True, reserves={3: kept(30, NOW + 50)}), {}, AmountNotIncreasing),
        (at(**NEXT, reserves={3: kept(40, NOW + 1, 40, withdrawn=True)}), {}, AmountNotIncreasing),
    ],
)
def test_what_a_claim_is_refused_by(
    claim: Callable[..., ClaimPromised], books: LaneBooks, changes: dict[str, Any], error: type[EarnestError]
) -> None:
    with pytest.raises(error):
        transition(books, claim(**changes), NOW)


def test_a_plain_claim_is_paid_from_what_is_reserved(channel: Channel) -> None:
    action = Claim(channel=channel, epoch=3, cumulative_amount=Amount(99), signer=channel.signer)
    after, effects = transition(at(**NEXT, reserves=MOVED), action, NOW)
    assert after == at(**NEXT, reserves={3: kept(80, NOW + 1, 80, withdrawn=True)})
    assert effects == [Pay(channel.payee, Amount(50))]


@pytest.mark.parametrize(
    ("books", "left", "to_payer"),
    [
        (at(**OVER), {}, 70),
        (at(**OVER, reserves=RESERVED), RESERVED, 70),
        (at(**OVER, reserved=True, reserves={3: kept(80, 0)}), {3: kept(80, NOW + HOUR, 30, withdrawn=True)}, 20),
        (at(**OVER, reserved=True, reserves={3: kept(31, 0)}), {3: kept(31, NOW + HOUR, 30, withdrawn=True)}, 69),
        (at(**OVER, reserved=True, reserves={3: kept(30, 0)}), {3: kept(30, 0)}, 70),
        (at(closes_at=NOW - HOUR, reserved=True, reserves={3: kept(80, 0)}), {3: kept(80, 0)}, 70),
        (
            at(closes_at=NOW - HOUR, reserved=True, reserves={3: kept(80, NOW - HOUR + 1)}),
            {3: kept(80, NOW + 1, 30, withdrawn=True)},
            20,
        ),
    ],
)
def test_a_withdraw_leaves_what_is_reserved(
    channel: Channel, books: LaneBooks, left: dict[int, Reserve], to_payer: Any
) -> None:
    after, effects = transition(books, Withdraw(channel=channel), NOW)
    assert after == LaneBooks(lane=Lane(epoch=4), reserves=left)
    assert effects == [Pay(channel.payer, to_payer)]


def test_a_taken_back_request_drops_what_was_reserved(channel: Channel) -> None:
    books = at(**CLOSING, reserved=True, reserves=RESERVED)
    after, effects = transition(books, CancelClose(caller=channel.payer, channel=channel), NOW)
    assert (after, effects) == (at(reserves=RESERVED), [])


def test_a_sweep_gives_back_what_is_left_once_the_reserve_is_over(channel: Channel) -> None:
    for books, epoch, error in [(at(**NEXT), 3, NothingReserved), (at(**NEXT, reserves=RESERVED), 3, NothingReserved)]:
        with pytest.raises(error):
            transition(books, Sweep(channel=channel, epoch=epoch), NOW)
    books = at(**NEXT, reserves=MOVED)
    with pytest.raises(ReserveNotOver) as caught:
        transition(books, Sweep(channel=channel, epoch=3), NOW)
    assert caught.value.facts == {"now": NOW, "until": NOW + 1}
    after, effects = transition(books, Sweep(channel=channel, epoch=3), Seconds(NOW + 1))
    assert (after.reserve(3), after.lane, effects) == (Reserve(), books.lane, [Pay(channel.payer, Amount(50))])
