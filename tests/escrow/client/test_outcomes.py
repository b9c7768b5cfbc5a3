"""What a payment has come to, told once it is final, to those whose payment it is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chain import Chain, LocalChain, Signer
from chain.errors import Malformed
from chain.finality import Finality
from chain.follower.errors import NotFinal, TransactionUndone
from chain.follower.undone import Undone
from chain.money import Token
from chain.stores.followed import Level
from chain.sync.follower import Follower
from escrow import Escrow, Payment, Terms

DEEP = 6
Act = dict[str, Escrow]


@pytest.fixture
def slow(chain: LocalChain) -> Chain:
    """The same chain, where six blocks deep is final."""
    return Chain(replace(chain.network, final=Finality.confirmations(DEEP)), chain._node, patience=10)


@pytest.fixture
def later(slow: Chain, signers: dict[str, Signer]) -> Act:
    return {role: Escrow(slow, signer) for role, signer in signers.items()}


def told(
    escrow: Escrow, follower: Follower, level: Level = "latest", payments: list[Payment] | None = None
) -> list[str]:
    follower.step()
    found = escrow.events(follower, level=level, payments=payments)
    return [f"-{item.event.name}" if isinstance(item, Undone) else item.name for item in found]


def test_a_payment_is_final_as_its_step_has_left_it(
    chain: LocalChain, act: Act, later: Act, offer: Callable[..., Terms], token: Token
) -> None:
    payment = act["payer"].authorize(offer())
    captured = act["operator"].capture(payment, up_to=token("20"))

    with pytest.raises(NotFinal):
        later["payee"].wait_final(captured, timeout=0)
    chain.mine(DEEP)

    final = later["payee"].wait_final(captured, timeout=0)
    assert final == captured == later["payee"].show(payment)
    assert final.receipt == captured.receipt
    assert later["payee"].wait_final(payment, timeout=0).holding == payment.holding


def test_a_step_that_is_undone_is_not_final(
    chain: LocalChain, act: Act, later: Act, offer: Callable[..., Terms]
) -> None:
    terms = offer()
    before = chain.snapshot()
    payment = act["payer"].authorize(terms)
    chain.restore(before)
    chain.mine(DEEP + 2)

    with pytest.raises(TransactionUndone):
        later["payee"].wait_final(payment, timeout=0)


def test_a_payment_that_was_only_read_has_nothing_to_wait_for(later: Act, offer: Callable[..., Terms]) -> None:
    with pytest.raises(Malformed):
        later["payee"].wait_final(later["payee"].show(offer()), timeout=0)


def test_parties_are_told_of_their_payments_and_nobody_else_of_them(
    chain: LocalChain, slow: Chain, act: Act, offer: Callable[..., Terms], tmp_path: Path
) -> None:
    with Follower(slow, tmp_path / "follower.db", from_block=chain._node.block("latest").number) as follower:
        payment = act["payer"].authorize(offer())
        act["operator"].capture(payment)
        theirs = ["Authorized", "Captured"]

        assert told(act["payer"], follower) == told(act["payee"], follower) == theirs
        assert told(act["operator"], follower) == told(act["stranger"], follower) == []
        assert told(act["operator"], follower, payments=[payment]) == theirs
        assert told(act["payee"], follower, payments=[]) == []
        assert told(act["payee"], follower, "final") == []
        chain.mine(DEEP)
        assert told(act["payee"], follower, "final") == theirs


def test_a_payment_that_another_was_amended_to_is_theirs_too(
    chain: LocalChain, slow: Chain, act: Act, sale: Callable[..., Terms], token: Token, tmp_path: Path
) -> None:
    with Follower(slow, tmp_path / "follower.db", from_block=chain._node.block("latest").number) as follower:
        payment = act["payer"].authorize(sale())
        offered = act["payer"].sign_amendment(payment, sale(token("150")), paid_in=token("30"))
        act["payer"].release(act["payer"].submit(act["payee"].cosign(offered)))

        assert told(act["payee"], follower) == ["Authorized", "Amended", "Authorized", "Released"]
        assert told(act["stranger"], follower) == []


def test_an_undone_payment_is_told_before_what_replaced_it(
    chain: LocalChain, slow: Chain, act: Act, offer: Callable[..., Terms], tmp_path: Path
) -> None:
    with Follower(slow, tmp_path / "follower.db", from_block=chain._node.block("latest").number) as follower:
        terms = offer()
        before = chain.snapshot()
        payment = act["payer"].authorize(terms)
        act["operator"].capture(payment)
        assert told(act["payee"], follower) == ["Authorized", "Captured"]
        chain.restore(before)
        chain.mine()
        act["payer"].authorize(terms)

        assert told(act["payee"], follower) == ["Authorized", "Captured", "-Captured", "-Authorized", "Authorized"]


def test_a_cursor_is_an_orders_place_through_restarts(
    chain: LocalChain, slow: Chain, act: Act, offer: Callable[..., Terms], tmp_path: Path
) -> None:
    start = chain._node.block("latest").number
    with Follower(slow, tmp_path / "follower.db", from_block=start) as follower:
        payment = act["payer"].authorize(offer())
        chain.mine(DEEP)
        follower.step()
        assert _events(act["payee"], follower) == ["Authorized"]
    act["operator"].capture(payment)
    chain.mine(DEEP)
    with Follower(slow, tmp_path / "follower.db") as follower:
        follower.step()
        assert _events(act["payee"], follower) == ["Captured"]


def _events(escrow: Escrow, follower: Follower) -> list[str]:
    return [item.name for item in escrow.events(follower, cursor="orders") if not isinstance(item, Undone)]
