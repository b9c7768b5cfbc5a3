from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.money import Token
from channels import Books, Channel, Lane, PayeeSession
from channels.books import books_of

AMOUNTS = st.integers(0, 1_000)


@given(epochs=st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.booleans())))
def test_every_unit_accepted_is_settled_owed_or_forgone(channel: Channel, usdc: Token, epochs: list[Any]) -> None:
    sessions = [
        (
            PayeeSession(
                channel=channel,
                lane=Lane(settled=settled),
                accepted=settled + more,
                delivered=min(served, settled + more) + back,
                refunded=back,
            ),
            newest,
        )
        for settled, more, served, back, newest in epochs
    ]
    books = books_of(usdc, sessions)
    assert books.balance
    assert books.owed == usdc.units(sum(session.owed for session, newest in sessions if newest))
    assert books.forgone == usdc.units(sum(session.owed for session, newest in sessions if not newest))
    assert books.undelivered == usdc.units(sum(session.left for session, _ in sessions))


@pytest.mark.parametrize("wrong", ["accepted", "delivered", "refunded", "settled", "owed", "forgone"])
def test_books_that_do_not_balance_say_so(usdc: Token, wrong: str) -> None:
    right = {"accepted": "10", "delivered": "13", "refunded": "3", "settled": "7", "owed": "2", "forgone": "1"}
    assert Books(**{name: usdc(text) for name, text in right.items()}).balance
    changed = right | {wrong: "14"}
    assert not Books(**{name: usdc(text) for name, text in changed.items()}).balance


def test_books_can_be_shown(usdc: Token) -> None:
    shown = books_of(usdc, []).to_json()
    assert set(shown) == {"accepted", "delivered", "refunded", "settled", "owed", "forgone"}
    assert shown["owed"] == usdc.units(0).to_json()
