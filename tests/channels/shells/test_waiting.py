"""Money that has waited for long enough is claimed, at that second and not before."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from channels import Claims, Lanes, Payee, Payer, WalletLane
from channels.settlement import ClaimPromised, Policy, Submit
from escrow.conditions import hash_lock

PREIMAGE = b"\7" * 32
LOCK = hash_lock(sha256=sha256(PREIMAGE).digest())
DAY: Any = 86_400
POLICY = Policy(margin=120, max_wait=DAY)  # type: ignore[arg-type]


@pytest.fixture
def lane(wallet: Payer, shop: Signer, usdc: Token) -> WalletLane:
    """With a window so long that nothing else presses."""
    return wallet.open(shop.address, usdc("10"), timedelta(days=20))


@pytest.fixture
def till(chain: LocalChain, new_till: Callable[..., Payee]) -> Payee:
    """With a clock that is right."""
    return new_till(clock=chain.now)


def planned(till: Payee) -> list[Submit]:
    return [step for step in till.next_steps(POLICY) if isinstance(step, Submit)]


def goes_at(chain: LocalChain, till: Payee, second: Any) -> Claims:
    """Nothing is planned a second before."""
    chain.travel(to=second - 1)
    assert planned(till) == []
    chain.travel(to=second)
    (step,) = planned(till)
    assert step.why == f"it is owed for {DAY} s"
    return till.submit([step])


def test_it_is_claimed_when_the_oldest_of_it_is_old_enough_and_again_as_long_after(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    first = chain.now()
    till.accept(wallet.pay(lane, usdc("1")))
    chain.travel(to=first + DAY // 2)
    till.accept(wallet.pay(lane, usdc("1")))
    assert goes_at(chain, till, first + DAY).paid == (usdc("2"),)
    assert planned(till) == []

    chain.travel(to=first + 3 * DAY)
    assert planned(till) == [], "nothing is owed"
    second = chain.now()
    till.accept(wallet.pay(lane, usdc("1")))
    assert goes_at(chain, till, second + DAY).paid == (usdc("1"),)


def test_the_plan_says_when_it_will_be_old_enough(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    at = chain.now()
    till.accept(wallet.pay(lane, usdc("1")))
    (wait,) = till.next_steps(POLICY)
    assert not isinstance(wait, Submit)
    assert wait.until == at + DAY


def test_a_restart_forgets_no_age(
    chain: LocalChain, wallet: Payer, new_till: Callable[..., Payee], lane: WalletLane, usdc: Token
) -> None:
    at = chain.now()
    with new_till(clock=chain.now) as till:
        till.accept(wallet.pay(lane, usdc("1")))
    chain.travel(to=at + DAY // 2)
    with new_till(clock=chain.now) as till:
        till.accept(wallet.pay(lane, usdc("1")))
        assert goes_at(chain, till, at + DAY).paid == (usdc("2"),)


@pytest.fixture
def paid_meanwhile(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Another voucher comes while a claim is on its way."""
    claim_many = till._lanes.claim_many

    def meanwhile(vouchers: Any) -> Claims:
        monkeypatch.undo()
        till.accept(wallet.pay(lane, usdc("1")))
        return claim_many(vouchers)

    till.accept(wallet.pay(lane, usdc("1")))
    monkeypatch.setattr(till._lanes, "claim_many", meanwhile)
    yield
    assert till._lanes.claim_many == claim_many, "it came"


@pytest.mark.usefixtures("paid_meanwhile")
def test_what_comes_while_a_claim_is_on_its_way_waits_from_then_on(
    chain: LocalChain, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    """Else every round would claim what came during the one before."""
    at = till._till.book(lane.id).unsettled_since
    assert goes_at(chain, till, at + DAY).paid == (usdc("1"),)
    assert till.show(lane).owed == usdc("1")
    assert goes_at(chain, till, at + 2 * DAY).paid == (usdc("1"),)


@pytest.mark.usefixtures("paid_meanwhile")
def test_a_claim_of_everything_counts_as_one_by_the_plan(
    chain: LocalChain, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    at = chain.after(hours=5)
    chain.travel(to=at)
    assert till.claim().paid == (usdc("1"),)
    assert goes_at(chain, till, at + DAY).paid == (usdc("1"),)


def test_a_payer_that_has_a_part_claimed_puts_nothing_off(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    at = chain.now()
    old = wallet.pay(lane, usdc("1"))
    till.accept(old)
    till.accept(wallet.pay(lane, usdc("1")))
    chain.travel(to=at + DAY // 2)
    Lanes(chain, wallet.signer).claim_many([old])
    assert till.show(lane).settled == usdc("1")
    assert goes_at(chain, till, at + DAY).paid == (usdc("1"),)


def test_what_somebody_else_has_recorded_ages_from_when_the_payee_sees_it(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    till.accept(wallet.promise(lane, usdc("1"), LOCK, chain.after(days=5)))
    (promise,) = till.promises(lane)
    Lanes(chain, wallet.signer).record(lane.channel, 0, promise, LOCK, PREIMAGE)
    at = chain.now()
    till.prove(lane, promise, LOCK, PREIMAGE)
    assert goes_at(chain, till, at + DAY).paid == (usdc("1"),)


def test_a_promise_does_not_age_and_what_is_recorded_of_it_does(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    expiry = chain.after(days=5)
    till.accept(wallet.promise(lane, usdc("1"), LOCK, expiry))
    (promise,) = till.promises(lane)
    till.prove(lane, promise, LOCK, PREIMAGE)
    chain.travel(to=chain.after(days=3))
    assert planned(till) == [], "it is proven, and may still be folded"
    at = chain.now()
    till.record(lane, promise)
    (book,) = till._till.books()
    assert at <= book.unsettled_since <= at + 1
    chain.travel(to=book.unsettled_since + DAY - 1)
    assert planned(till) == []
    chain.travel(to=book.unsettled_since + DAY)
    (step,) = planned(till)
    assert isinstance(step.action, ClaimPromised)
    assert till.submit([step]).paid == (usdc("1"),)
