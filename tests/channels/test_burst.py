from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.signer import Signer
from chain.signing import Signed
from chain.typed_data import Domain
from chain.units import Amount
from channels import Channel, Lane, PayeeSession, Voucher
from channels.burst import Arrived, highest_first, receive_all
from channels.effects import GiveCredit
from channels.errors import AmountExceedsDeposit, PromiseDropped, WrongEpoch
from tests.channels.promise_states import offer, promise

Sign = Callable[..., Signed[Voucher]]
NOW: Any = 0
DEPOSIT: Any = 100


@pytest.fixture
def payee(channel: Channel) -> PayeeSession:
    return PayeeSession(channel=channel, lane=Lane(deposit=DEPOSIT), accepted=Amount(10))


def plain(*vouchers: Signed[Voucher]) -> list[Arrived]:
    return [(voucher, ()) for voucher in vouchers]


def test_the_highest_brings_all_the_credit_and_is_what_has_to_be_kept(payee: PayeeSession, sign: Sign) -> None:
    session, answers = receive_all(payee, plain(sign(20), sign(50), sign(30), sign(50)))
    assert session == payee.receive(sign(50))[0]
    assert answers == [GiveCredit(Amount(added)) for added in (0, 40, 0, 0)]


def test_one_that_is_refused_stands_in_nobodys_way(payee: PayeeSession, sign: Sign) -> None:
    session, answers = receive_all(payee, plain(sign(101), sign(60), sign(20, epoch=1), sign(5)))
    assert session.accepted == 60
    assert [type(answer) for answer in answers] == [AmountExceedsDeposit, GiveCredit, WrongEpoch, GiveCredit]
    assert [answer.added for answer in answers if isinstance(answer, GiveCredit)] == [50, 0]


def test_nothing_newer_changes_nothing(payee: PayeeSession, sign: Sign) -> None:
    assert receive_all(payee, []) == (payee, [])
    session, answers = receive_all(payee, plain(sign(10), sign(9)))
    assert session is payee
    assert answers == [GiveCredit(Amount(0))] * 2


def test_promises_of_one_amount_follow_each_other_as_they_came(payee: PayeeSession, sign: Sign) -> None:
    first, second = offer(sign, 10, promise(1)), offer(sign, 10, promise(1), promise(2))
    session, answers = receive_all(payee, [first, second])
    assert session.promises == (promise(1), promise(2))
    assert answers == [GiveCredit(Amount(0))] * 2
    session, answers = receive_all(payee, [second, first])
    assert session.promises == (promise(1), promise(2))
    assert isinstance(answers[1], PromiseDropped)


def test_a_promise_that_has_lapsed_may_be_left_out(payee: PayeeSession, sign: Sign) -> None:
    held = receive_all(payee, [offer(sign, 10, promise(1))])[0]
    for lapsed, dropped in (({}, False), ({promise(1).struct_hash(): Amount(0)}, True)):
        assert (receive_all(held, plain(sign(11)), lapsed)[0].promises == ()) is dropped


@given(amounts=st.lists(st.integers(0, 110), max_size=12))
def test_a_burst_comes_to_what_one_after_the_other_comes_to(
    channel: Channel, signers: dict[str, Signer], domain: Domain, amounts: list[Any]
) -> None:
    payee = PayeeSession(channel=channel, lane=Lane(deposit=DEPOSIT))
    vouchers = [Voucher(channel_id=channel.id, epoch=0, cumulative_amount=amount) for amount in amounts]
    arrived = plain(*(signers["signer"].sign(domain, voucher) for voucher in vouchers))
    session, answers = receive_all(payee, arrived)

    good = [amount for amount in amounts if amount <= DEPOSIT]
    assert session.accepted == max(good, default=0)
    assert len(answers) == len(amounts)
    assert sum(answer.added for answer in answers if isinstance(answer, GiveCredit)) == session.accepted
    assert [isinstance(answer, AmountExceedsDeposit) for answer in answers] == [amount > DEPOSIT for amount in amounts]


@pytest.mark.parametrize(
    ("amounts", "places"), [([], []), ([7], [0]), ([1, 3, 2], [1, 2, 0]), ([2, 5, 5, 2], [1, 2, 0, 3])]
)
def test_equal_amounts_keep_their_order(amounts: list[int], places: list[int]) -> None:
    assert list(highest_first(amounts, int)) == places
