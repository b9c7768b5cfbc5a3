from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chain.signing import Signed
from chain.typed_data import Domain
from channels import Channel, Lane, MemoryStore, PayerSession, Voucher
from channels.errors import ChainWentBack, UnknownLane
from channels.exposure import DAY, QUARTER, OverLimit, SpendLimits
from channels.stores.columns import blob
from tests.channels.promise_states import EXPIRY, promise

DEPOSIT: Any = 2**96 - 1
SETTLED: Any = 2**64
NOW: Any = 1_000 * DAY
P = promise(1, 40)


def lane_of(**members: Any) -> Lane:
    return Lane(**{"deposit": DEPOSIT, "settled": SETTLED, "epoch": 2} | members)


@pytest.fixture
def session(channel: Channel, wallet: Any) -> PayerSession:
    """Epoch 2 with a deposit of 2**96 - 1, of which 2**64 are promised and settled, in the store."""
    made = PayerSession(channel=channel, lane=lane_of(), promised=SETTLED, promises=(P,), version=5)
    wallet.add(made)
    return made


def keep(wallet: Any, before: PayerSession, after: Any, limits: SpendLimits | None = None, now: Any = NOW) -> Any:
    """`after` is a session, or what a verb of the session answers."""
    return wallet.keep(before, after[0] if isinstance(after, tuple) else after, limits, now)


def pay(wallet: Any, channel: Channel, amount: Any, limits: SpendLimits | None = None, now: Any = NOW) -> Any:
    before = wallet.session(channel.id)
    return keep(wallet, before, before.pay(amount), limits, now)


def test_a_session_comes_back_the_same_from_the_file(opened: Any, channel: Channel, path: Path) -> None:
    wallet = opened("wallet", path)
    made = PayerSession(
        channel=channel, lane=lane_of(closes_at=7), promised=SETTLED, promises=(P,), guessed=SETTLED, version=2**63 - 1
    )
    wallet.add(made)
    wallet.close()
    again = opened("wallet", path)
    assert again.session(channel.id) == made
    assert again.sessions() == [made]


def test_adding_a_known_channel_changes_nothing(wallet: Any, session: PayerSession) -> None:
    wallet.add(PayerSession(channel=session.channel, lane=Lane()))
    assert wallet.session(session.channel.id) == session


def test_an_unknown_channel_is_a_typed_error(wallet: Any, channel: Channel) -> None:
    with pytest.raises(UnknownLane) as caught:
        wallet.session(channel.id)
    assert caught.value.facts == {"channel_id": channel.id}
    with pytest.raises(UnknownLane):
        wallet.see(channel, Lane())


def test_a_version_is_taken_once(wallet: Any, session: PayerSession) -> None:
    first, second = session.pay(1), session.pay(2)  # type: ignore[arg-type]
    assert keep(wallet, session, first)
    assert not keep(wallet, session, first), "two processes that read the same can't both have it"
    assert not keep(wallet, session, second)
    assert wallet.session(session.channel.id) == first[0]


def test_promises_are_kept_and_folded_with_the_amount(wallet: Any, session: PayerSession) -> None:
    offered, _ = session.offer(promise(2))
    assert keep(wallet, session, offered)
    assert wallet.session(session.channel.id) == offered
    folded, _ = offered.fold(P.struct_hash(), 7)  # type: ignore[arg-type]
    assert keep(wallet, offered, folded)
    dropped, _ = folded.drop(promise(2).struct_hash(), EXPIRY, 0)
    assert keep(wallet, folded, dropped)
    assert wallet.session(session.channel.id) == dropped
    assert (dropped.promised, dropped.promises, dropped.version) == (SETTLED + 7, (), 8)


@pytest.mark.parametrize(
    "lane", [{"closes_at": 9}, {"deposit": 2**64}, {"epoch": 3}, {"deposit": 0}, {"settled": SETTLED + 1}], ids=str
)
def test_nothing_is_taken_once_the_lane_has_changed(wallet: Any, session: PayerSession, lane: dict[str, Any]) -> None:
    """What it was decided by is no longer so: the voucher might promise what is not there, or less than is settled."""
    wallet.see(session.channel, lane_of(**lane))
    before = wallet.session(session.channel.id)
    assert not keep(wallet, session, session.pay(1))  # type: ignore[arg-type]
    assert wallet.session(session.channel.id) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("channel_id", b"\1" * 32),
        ("epoch", 3),
        ("version", 4),
        ("version", 6),
        ("deposit", blob(9)),
        ("settled", blob(9)),
        ("closes_at", 9),
    ],
)
def test_each_column_that_a_voucher_was_decided_by_is_compared(
    domain: Domain, channel: Channel, column: str, value: Any
) -> None:
    wallet = MemoryStore().wallet(domain)
    session = PayerSession(channel=channel, lane=lane_of(), promised=SETTLED, version=5)
    wallet.add(session)
    wallet.database.change(f"UPDATE lanes SET {column} = $1", value)  # noqa: S608  # a name from the table above
    before = wallet.database.rows("SELECT * FROM lanes")
    assert not keep(wallet, session, session.pay(1))  # type: ignore[arg-type]
    assert wallet.database.rows("SELECT * FROM lanes") == before
    assert wallet.database.rows("SELECT * FROM spent") == []
    wallet.close()


def test_the_chains_word_is_kept(wallet: Any, session: PayerSession) -> None:
    seen = lane_of(settled=2**65, closes_at=7)
    assert wallet.see(session.channel, seen) == wallet.session(session.channel.id) == session.see(seen)
    later = wallet.see(session.channel, Lane(epoch=3))
    assert (later.promised, later.promises) == (0, ())
    assert later == wallet.session(session.channel.id)
    with pytest.raises(ChainWentBack):
        wallet.see(session.channel, Lane(epoch=2))
    assert wallet.session(session.channel.id) == later


@pytest.mark.parametrize("more", [0, 7])
def test_what_was_decided_before_a_recovery_is_not_kept(wallet: Any, channel: Channel, more: int) -> None:
    """It would undercut the amount that was recovered, or sign one version twice."""
    before = PayerSession(channel=channel, lane=lane_of(), promised=SETTLED, version=1)
    wallet.add(before)
    wallet.recover([replace(before, promised=SETTLED + more, version=0)])
    assert not keep(wallet, before, before.pay(1))  # type: ignore[arg-type]
    assert wallet.session(channel.id) == replace(before, promised=SETTLED + more, version=2)


def test_a_recovery_forgets_no_promise_that_was_made_since(wallet: Any, session: PayerSession) -> None:
    offered, _ = session.offer(promise(2))
    assert keep(wallet, session, offered)
    wallet.recover([session])
    assert wallet.session(session.channel.id) == offered
    wallet.recover([replace(offered, promises=(*offered.promises, promise(3)))])
    assert len(wallet.session(session.channel.id).promises) == 3


@pytest.mark.parametrize("guessed", [0, 7, SETTLED])
def test_what_is_guessed_is_kept_seen_and_recovered(wallet: Any, channel: Channel, guessed: Any) -> None:
    made = PayerSession(channel=channel, lane=lane_of(), promised=SETTLED, guessed=guessed, version=1)
    wallet.add(made)
    assert wallet.session(channel.id) == made
    settled = wallet.see(channel, lane_of(settled=SETTLED + 3))
    assert (settled.guessed, wallet.session(channel.id)) == (guessed + 3, settled)
    wallet.recover([replace(settled, guessed=guessed)])
    known = wallet.session(channel.id)
    assert known.guessed == guessed
    assert keep(wallet, known, known.pay(1))
    assert wallet.session(channel.id).guessed == 0


def test_channels_do_not_touch_each_other(wallet: Any, session: PayerSession, describe: Callable[..., Channel]) -> None:
    other = PayerSession(channel=describe(salt=1), lane=Lane(deposit=DEPOSIT))
    wallet.add(other)
    assert keep(wallet, other, other.pay(5))  # type: ignore[arg-type]
    assert wallet.session(session.channel.id) == session
    assert {known.channel.salt: known.promised for known in wallet.sessions()} == {0: SETTLED, 1: 5}


@pytest.fixture
def shops(wallet: Any, describe: Callable[..., Channel], people: Any) -> list[Channel]:
    """Two channels to one payee, one to another, and one of another token."""
    listed = [
        describe(),
        describe(salt=1),
        describe(payee=people["stranger"]),
        describe(token="0x" + "22" * 20),
    ]
    for channel in listed:
        wallet.add(PayerSession(channel=channel, lane=Lane(deposit=DEPOSIT)))
    return listed


def refused(wallet: Any, channel: Channel, amount: Any, limits: Any, now: Any = NOW) -> dict[str, object]:
    before = wallet.session(channel.id)
    with pytest.raises(OverLimit) as caught:
        pay(wallet, channel, amount, limits, now)
    assert wallet.session(channel.id) == before, "nothing was promised"
    return caught.value.facts


def test_what_a_payee_may_have_is_for_good_and_over_all_its_channels(wallet: Any, shops: list[Channel]) -> None:
    limits: Any = SpendLimits(per_payee=100)  # type: ignore[arg-type]
    assert pay(wallet, shops[0], 60, limits)
    assert refused(wallet, shops[1], 41, limits) == {"limit_name": "per_payee", "would_be": 101, "limit": 100}
    assert refused(wallet, shops[1], 41, limits, NOW + 400 * DAY)["would_be"] == 101
    assert pay(wallet, shops[1], 40, limits)
    assert refused(wallet, shops[0], 1, limits)["would_be"] == 101
    for other in shops[2:]:
        assert pay(wallet, other, 100, limits)


def test_a_day_rolls_by_quarters_of_an_hour(wallet: Any, shops: list[Channel]) -> None:
    """No 86,400 seconds see more than the limit, whoever is paid."""
    limits: Any = SpendLimits(per_day=100)  # type: ignore[arg-type]
    last = NOW + QUARTER - 1
    assert pay(wallet, shops[0], 60, limits, NOW)
    assert pay(wallet, shops[2], 40, limits, last + QUARTER)
    assert refused(wallet, shops[0], 1, limits, last + DAY) == {"limit_name": "per_day", "would_be": 101, "limit": 100}
    assert refused(wallet, shops[0], 61, limits, last + DAY + 1)["would_be"] == 101
    assert pay(wallet, shops[0], 60, limits, last + DAY + 1)
    assert pay(wallet, shops[3], 100, limits, last)


def test_a_day_counts_every_payee_of_a_quarter(wallet: Any, shops: list[Channel]) -> None:
    limits: Any = SpendLimits(per_day=100)  # type: ignore[arg-type]
    assert pay(wallet, shops[0], 60, limits)
    assert pay(wallet, shops[2], 30, limits)
    assert refused(wallet, shops[1], 11, limits)["would_be"] == 101


def test_a_clock_that_is_set_back_frees_nothing(wallet: Any, shops: list[Channel]) -> None:
    limits: Any = SpendLimits(per_day=100)  # type: ignore[arg-type]
    assert pay(wallet, shops[0], 100, limits, NOW)
    for now in (NOW - 1, NOW - 30 * DAY, 0):
        refused(wallet, shops[0], 1, limits, now)


def test_what_was_spent_before_there_was_a_limit_counts(wallet: Any, shops: list[Channel]) -> None:
    assert pay(wallet, shops[0], 60)
    for name in ("per_day", "per_payee"):
        assert refused(wallet, shops[0], 41, SpendLimits(**{name: 100}))["would_be"] == 101  # type: ignore[arg-type]


def test_one_call_has_its_own_limit(wallet: Any, shops: list[Channel]) -> None:
    limits: Any = SpendLimits(per_call=10)  # type: ignore[arg-type]
    assert refused(wallet, shops[0], 11, limits)["limit_name"] == "per_call"
    assert all(pay(wallet, shops[0], 10, limits) for _ in range(3))


def test_a_promise_counts_in_full_when_it_is_made_and_never_again(wallet: Any, shops: list[Channel]) -> None:
    limits: Any = SpendLimits(per_payee=100)  # type: ignore[arg-type]
    session = wallet.session(shops[0].id)
    with pytest.raises(OverLimit):
        keep(wallet, session, session.offer(promise(2, 101)), limits)
    offered, _ = session.offer(P)
    assert keep(wallet, session, offered, limits)
    assert refused(wallet, shops[0], 61, limits)["would_be"] == 101
    folded, _ = offered.fold(P.struct_hash(), 40)
    assert keep(wallet, offered, folded, limits)
    assert pay(wallet, shops[0], 60, limits), "folding it has spent nothing more"


def test_what_was_refused_leaves_no_trace_of_spending(wallet: Any, shops: list[Channel]) -> None:
    limits: Any = SpendLimits(per_day=100)  # type: ignore[arg-type]
    refused(wallet, shops[0], 101, limits)
    session = wallet.session(shops[0].id)
    assert keep(wallet, session, session.pay(10), limits)
    assert not keep(wallet, session, session.pay(90), limits)
    assert pay(wallet, shops[0], 90, limits)
    refused(wallet, shops[0], 1, limits)


def test_sums_above_96_bits_are_counted(wallet: Any, shops: list[Channel], describe: Callable[..., Channel]) -> None:
    for channel in shops[:2]:
        assert pay(wallet, channel, DEPOSIT)
    third = describe(salt=9)
    wallet.add(PayerSession(channel=third, lane=Lane(deposit=DEPOSIT)))
    for name in ("per_payee", "per_day"):
        assert refused(wallet, third, 1, SpendLimits(**{name: DEPOSIT}))["would_be"] == 2 * DEPOSIT + 1


def test_a_payer_that_forgot_goes_on_from_its_own_voucher(
    wallet: Any, shops: list[Channel], sign: Callable[..., Signed[Voucher]]
) -> None:
    session = wallet.session(shops[0].id)
    corrected = session.correct(sign(50), ())
    assert wallet.correct(session, corrected, NOW)
    assert not wallet.correct(session, corrected, NOW)
    assert wallet.session(shops[0].id) == corrected
    assert refused(wallet, shops[0], 11, SpendLimits(per_payee=60))["would_be"] == 61  # type: ignore[arg-type]


@pytest.mark.parametrize("guessed", [0, 40, 45])
def test_what_was_forgotten_is_spent_whatever_the_limits_are(
    wallet: Any, channel: Channel, sign: Callable[..., Signed[Voucher]], guessed: Any
) -> None:
    """Of the 50, what was promised here was counted when it was promised, but never what was guessed."""
    made = PayerSession(channel=channel, lane=Lane(deposit=DEPOSIT), promised=45, guessed=guessed)  # type: ignore[arg-type]
    wallet.add(made)
    assert wallet.correct(made, made.correct(sign(50), ()), NOW)
    spent = 5 + guessed
    limits: Any = SpendLimits(per_day=spent, per_payee=100)  # type: ignore[arg-type]
    assert refused(wallet, channel, 1, limits) == {"limit_name": "per_day", "would_be": spent + 1, "limit": spent}
    assert pay(wallet, channel, 1, limits, NOW + 2 * DAY)
