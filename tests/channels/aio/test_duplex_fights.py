import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain import LocalChain, Token
from chain.errors import InvalidSignature
from chain.refusals import DeadlinePassed
from chain.units import Hash32, Seconds
from channels import DuplexChannel, Duplexes, DuplexPromise, SignedChallenge, SignedState
from channels.duplex.errors import (
    AlreadyChallenged,
    FightNotOver,
    FightOver,
    NoState,
    NotChallenged,
    NotCovered,
    NothingToCollect,
    NotParty,
    VersionNotNewer,
)
from channels.errors import NothingReserved, NotOpen, ReserveNotOver, ReserveOver, WrongEpoch, WrongPromises
from escrow.conditions import HashLock
from tests.channels.aio.conftest import HOUR, PREIMAGE

Act = dict[str, Duplexes]
Agreed = Callable[..., SignedState]
Promised = Callable[..., DuplexPromise]


@pytest.fixture
def opened(duplexes: Act, duplex: DuplexChannel, usdc: Token) -> DuplexChannel:
    """6 USDC of A, 4 of B."""
    duplexes["payer"].deposit(duplex, usdc("6"))
    duplexes["payee"].deposit(duplex, usdc("4"))
    return duplex


@pytest.fixture
def agreed(duplexes: Act, opened: DuplexChannel) -> Agreed:
    """A state that A proposed and B signed."""

    def both(version: int, **said: Any) -> SignedState:
        return duplexes["payee"].sign_state(duplexes["payer"].propose(opened, version, **said))

    return both


@pytest.fixture
def promised(lock: HashLock, usdc: Token) -> Promised:
    def made(money: str, expiry: int, *, from_a: bool) -> DuplexPromise:
        return DuplexPromise(
            from_a=from_a,
            condition=lock.address,
            data_hash=lock.data_hash,
            amount=usdc(money).units,
            expiry=Seconds(expiry),
            salt=Hash32(hashlib.sha256(money.encode()).digest()),
        )

    return made


def test_a_party_challenges_anybody_answers_and_the_newest_is_paid_out(
    chain: LocalChain, duplexes: Act, opened: DuplexChannel, agreed: Agreed, usdc: Token
) -> None:
    old, middle, newest = (
        agreed(1, b_owes=usdc("4")),
        agreed(2),
        SignedState.from_json(agreed(3, a_owes=usdc("5")).to_json()),
    )

    started = duplexes["payer"].challenge(opened, old)
    answered = duplexes["stranger"].answer(newest)

    assert (started.version, started.b_owes, started.deadline) == (1, usdc("4"), chain.now() - 2 + HOUR)
    assert (answered.version, answered.a_owes, answered.deadline) == (3, usdc("5"), started.deadline)
    assert duplexes["stranger"].fight(opened, 0) == replace(answered, receipt=None)
    with pytest.raises(VersionNotNewer):
        duplexes["payer"].answer(middle)
    chain.travel(to=Seconds(started.deadline - 1))
    with pytest.raises(FightNotOver):
        duplexes["stranger"].pay_out(opened)
    chain.travel(to=started.deadline)
    left = duplexes["stranger"].pay_out(opened)

    assert (left.epoch, left.deposit_a, left.deposit_b) == (1, usdc("0"), usdc("0"))
    assert left.paid is not None
    assert left.paid.to_json() == {"toA": usdc("1").to_json(), "toB": usdc("9").to_json()}
    assert (chain.balance(usdc, opened.party_a), chain.balance(usdc, opened.party_b)) == (usdc("995"), usdc("1005"))
    assert duplexes["stranger"].fight(opened, 0).deadline == 0


@pytest.mark.parametrize("seconds", [-1, 0])
def test_the_last_second_for_an_answer_is_the_one_before_the_deadline(
    chain: LocalChain, duplexes: Act, opened: DuplexChannel, agreed: Agreed, usdc: Token, seconds: int
) -> None:
    old, newest = agreed(1), agreed(2, a_owes=usdc("5"))
    deadline = duplexes["payer"].challenge(opened, old).deadline
    chain.travel(to=Seconds(deadline + seconds))
    if seconds:
        assert duplexes["payee"].answer(newest).version == 2
        return
    with pytest.raises(FightOver):
        duplexes["payee"].answer(newest)


def test_a_party_without_a_state_gets_its_deposit_back(
    chain: LocalChain, duplexes: Act, opened: DuplexChannel, usdc: Token
) -> None:
    with pytest.raises(NotParty):
        duplexes["stranger"].challenge(opened)
    with pytest.raises(NotChallenged):
        duplexes["payee"].pay_out(opened)
    deadline = duplexes["payee"].challenge(opened).deadline
    with pytest.raises(AlreadyChallenged):
        duplexes["payer"].challenge(opened)

    duplexes["payer"].deposit(opened, usdc("1"))
    chain.travel(to=deadline)
    duplexes["stranger"].pay_out(opened)

    assert (chain.balance(usdc, opened.party_a), chain.balance(usdc, opened.party_b)) == (usdc("1000"), usdc("1000"))
    with pytest.raises(NotOpen):
        duplexes["payee"].answer(SignedState.none(opened, 1))


def test_half_a_state_counts_for_the_party_that_calls_itself(duplexes: Act, opened: DuplexChannel, usdc: Token) -> None:
    half = duplexes["payer"].propose(opened, 1, a_owes=usdc("5"))

    with pytest.raises(InvalidSignature):
        duplexes["payer"].challenge(opened, half)
    assert duplexes["payee"].challenge(opened, half).a_owes == usdc("5")


def test_anybody_challenges_for_a_party_that_has_signed_it(
    chain: LocalChain, duplexes: Act, opened: DuplexChannel, agreed: Agreed, usdc: Token
) -> None:
    state = agreed(1, a_owes=usdc("5"))
    with pytest.raises(NotParty):
        duplexes["stranger"].sign_challenge(opened, state)
    for who, by_a in (("payer", True), ("payee", False)):
        signed = SignedChallenge.from_json(duplexes[who].sign_challenge(opened, state).to_json())
        assert signed.by_a is by_a
        moment = chain.snapshot()
        assert duplexes["stranger"].submit_challenge(signed).version == 1
        chain.restore(moment)
    empty = duplexes["payee"].sign_challenge(opened, deadline=chain.now() + 100)
    chain.travel(to=empty.challenge.deadline)
    with pytest.raises(DeadlinePassed):
        duplexes["stranger"].submit_challenge(empty)


def test_no_state_is_signed_that_could_be_worth_nothing(
    chain: LocalChain,
    duplexes: Act,
    opened: DuplexChannel,
    agreed: Agreed,
    promised: Promised,
    usdc: Token,
) -> None:
    far = chain.now() + HOUR
    attempts: list[tuple[type[Exception], Callable[[], Any]]] = [
        (NotCovered, lambda: agreed(1, a_owes=usdc("6.000001"))),
        (NotCovered, lambda: agreed(1, b_owes=usdc("4.000001"))),
        (NotCovered, lambda: agreed(1, a_owes=usdc("5"), promises=[promised("2", far, from_a=True)])),
        (NoState, lambda: agreed(0)),
        (InvalidSignature, lambda: duplexes["stranger"].propose(opened, 1)),
    ]
    for error, attempt in attempts:
        with pytest.raises(error):
            attempt()
    state = agreed(1, a_owes=usdc("6"))
    duplexes["payee"].challenge(opened, state)
    with pytest.raises(AlreadyChallenged):
        agreed(2)
    chain.travel(to=Seconds(chain.now() + HOUR))
    duplexes["payee"].pay_out(opened)
    with pytest.raises(WrongEpoch):
        duplexes["payer"].sign_state(state)


def test_promises_in_both_directions_are_reserved_proven_collected_and_swept(
    chain: LocalChain,
    duplexes: Act,
    opened: DuplexChannel,
    agreed: Agreed,
    promised: Promised,
    lock: HashLock,
    usdc: Token,
) -> None:
    expiry = chain.now() + HOUR + 1_000
    mine, theirs = promised("2", expiry, from_a=True), promised("3", expiry, from_a=False)
    late = promised("1", expiry, from_a=True)
    state = agreed(1, a_owes=usdc("1"), promises=[mine, theirs, late])
    listed = state.promises
    fight = duplexes["payee"].challenge(opened, state)
    assert fight.promises == state.message.promises
    chain.travel(to=fight.deadline)
    with pytest.raises(WrongPromises):
        duplexes["stranger"].pay_out(opened)

    left = duplexes["stranger"].pay_out(opened, listed)

    assert left.paid is not None
    assert (left.paid.to_a, left.paid.to_b) == (usdc("2"), usdc("2"))
    kept = duplexes["stranger"].reserve(opened, 0)
    assert (kept.from_a, kept.from_b, kept.until, kept.promises) == (
        usdc("3"),
        usdc("3"),
        expiry + HOUR,
        fight.promises,
    )
    with pytest.raises(NothingToCollect):
        duplexes["stranger"].collect(opened, 0, listed)
    with pytest.raises(NothingReserved):
        duplexes["stranger"].collect(opened, 1, listed)

    assert duplexes["stranger"].record(opened, 0, theirs, lock, PREIMAGE).released == usdc("3")
    first = duplexes["stranger"].collect(opened, 0, listed)
    duplexes["stranger"].record(opened, 0, mine, lock, PREIMAGE)
    second = duplexes["stranger"].collect(opened, 0, listed)

    assert duplexes["stranger"].recorded(opened, 0, mine) == usdc("2")
    for collected, to_a, to_b in ((first, "3", "0"), (second, "0", "2")):
        assert collected.paid is not None
        assert (collected.paid.to_a, collected.paid.to_b) == (usdc(to_a), usdc(to_b))
    assert (second.from_a, second.from_b) == (usdc("1"), usdc("0"))
    chain.travel(to=Seconds(kept.until - 1))
    with pytest.raises(ReserveNotOver):
        duplexes["stranger"].sweep(opened, 0)
    chain.travel(to=kept.until)
    with pytest.raises(ReserveOver):
        duplexes["stranger"].collect(opened, 0, listed)
    swept = duplexes["stranger"].sweep(opened, 0)
    assert swept.paid is not None
    assert (swept.paid.to_a, swept.paid.to_b, swept.until) == (usdc("1"), usdc("0"), 0)
    assert (chain.balance(usdc, opened.party_a), chain.balance(usdc, opened.party_b)) == (usdc("1000"), usdc("1000"))


def test_who_hides_the_promises_does_not_hold_the_rest_for_ever(
    chain: LocalChain,
    duplexes: Act,
    opened: DuplexChannel,
    agreed: Agreed,
    promised: Promised,
    usdc: Token,
) -> None:
    fight = duplexes["payee"].challenge(opened, agreed(1, promises=[promised("2", chain.now() + HOUR, from_a=True)]))
    chain.travel(to=Seconds(fight.deadline + 2 * HOUR - 1))
    with pytest.raises(WrongPromises):
        duplexes["payer"].pay_out(opened)
    chain.travel(to=Seconds(fight.deadline + 2 * HOUR))

    left = duplexes["payer"].pay_out(opened)

    assert left.paid is not None
    assert (left.paid.to_a, left.paid.to_b) == (usdc("6"), usdc("4"))
