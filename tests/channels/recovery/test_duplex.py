"""A two-way channel is never challenged with, and what is at stake beyond the newest known state is said."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Token
from chain.copies import Copy
from chain.units import Seconds
from channels import DuplexChannel, Duplexes, SignedState, SqliteStore
from channels.recovery import DuplexReport
from channels.recovery.sync.duplex import DuplexRecovery
from tests.channels.recovery.shop import back_up
from tests.channels.shells.conftest import chain, clock, ends, one_chain, usdc
from tests.channels.shells.duplex_pair import NewParty, duplex, keys, new_party, pair, promised
from tests.channels.shells.two_way import FatedSigner, Pair

__all__ = ["NewParty", "chain", "clock", "duplex", "ends", "keys", "new_party", "one_chain", "pair", "promised", "usdc"]
Keys = dict[str, FatedSigner]


@pytest.fixture
def newest(pair: Pair, keys: Keys, chain: LocalChain, tmp_path: Path, usdc: Token) -> Copy:
    """Ann paid 3, her store was backed up, then Ben paid 7; this is Ben's copy. Ann put in 10, Ben 5."""
    pair.pay("ann", usdc("3"))
    back_up(tmp_path / "ann.db", tmp_path / "old.db")
    pair.pay("ben", usdc("7"))
    return shown(pair, keys, chain)


def shown(pair: Pair, keys: Keys, chain: LocalChain, by: str = "ben") -> Copy:
    state = pair.parties[by].newest(pair.channel)
    signed = state.signed(keys[by].sign(chain.domain("DuplexChannels"), state.message))
    return Copy(what=signed, source=by, line=1)


def report(chain: LocalChain, keys: Keys, *copies: Copy, who: str = "ann", backup: Path | None = None) -> DuplexReport:
    duplexes = Duplexes(chain, keys[who])
    recovery = DuplexRecovery(duplexes, keys[who].address)
    if backup is None:
        return recovery.report(copies=copies)
    store = SqliteStore(backup, restored=True).duplex(duplexes.domain)
    found = recovery.report(backup=store, copies=copies)
    store.close()
    return found


def share(found: DuplexReport) -> int:
    """Ours by the newest known state, in USDC. None of it is sure: all that is there is at stake."""
    (row,) = found.channels
    assert (row.recovered, row.at_most_lost) == (0, row.on_chain)
    assert not found.is_whole
    return row.share // 10**6


def sure(found: DuplexReport) -> tuple[int, int, bool]:
    """What is recovered and at most lost, in USDC, and whether nothing can be lost."""
    (row,) = found.channels
    return row.recovered // 10**6, row.at_most_lost // 10**6, found.is_whole


@pytest.mark.parametrize(("who", "own"), [("ann", 10), ("ben", 5)])
def test_without_any_state_ones_deposit_is_ones_share(
    chain: LocalChain, keys: Keys, newest: Copy, who: str, own: int
) -> None:
    assert share(report(chain, keys, who=who)) == own


def test_whose_share_is_all_that_is_there_has_nothing_for_sure(
    chain: LocalChain, keys: Keys, duplex: DuplexChannel, new_party: NewParty, usdc: Token
) -> None:
    """Ann may have paid Ben all of it, and forgotten; Ben keeps the state."""
    new_party("ann").deposit(duplex, usdc("10"))
    assert share(report(chain, keys)) == 10


def test_what_a_fight_that_is_over_gives_is_sure_to_the_unit(
    chain: LocalChain, keys: Keys, duplex: DuplexChannel, new_party: NewParty, usdc: Token
) -> None:
    """Ben challenges with no state: until the deadline he may answer with one that takes all."""
    new_party("ann").deposit(duplex, usdc("10"))
    bens = Duplexes(chain, keys["ben"])
    fight = bens.challenge(duplex, SignedState.none(duplex, 0))
    chain.travel(to=Seconds(fight.deadline - 1))
    assert share(report(chain, keys)) == 10
    chain.travel(to=fight.deadline)
    assert sure(report(chain, keys)) == (10, 0, True)
    assert sure(report(chain, keys, who="ben")) == (0, 0, True)
    before = chain.balance(usdc, keys["ann"].address, as_of="latest")
    bens.pay_out(duplex)
    assert chain.balance(usdc, keys["ann"].address, as_of="latest") - before == usdc("10")
    assert report(chain, keys).channels == ()


def test_the_newest_of_backup_and_copies_counts(chain: LocalChain, keys: Keys, newest: Copy, tmp_path: Path) -> None:
    assert share(report(chain, keys, backup=tmp_path / "old.db")) == 7
    assert share(report(chain, keys, newest, backup=tmp_path / "old.db")) == 14
    (row,) = report(chain, keys, backup=tmp_path / "old.db").channels
    older = Copy(what=row.state, source="ben", line=2)
    assert share(report(chain, keys, newest, older)) == share(report(chain, keys, older, newest)) == 14


def test_both_parties_shares_are_what_is_there(chain: LocalChain, keys: Keys, pair: Pair, newest: Copy) -> None:
    bens = share(report(chain, keys, shown(pair, keys, chain, "ann"), who="ben"))
    assert share(report(chain, keys, newest)) + bens == 15


def test_our_open_promises_count_as_kept_and_the_others_as_not(
    chain: LocalChain, keys: Keys, promised: Pair, usdc: Token
) -> None:
    (promise,) = promised.ann.show(promised.channel).promises
    anns = share(report(chain, keys, shown(promised, keys, chain)))
    bens = share(report(chain, keys, shown(promised, keys, chain, "ann"), who="ben"))
    assert anns + bens == 15 - promise.amount // 10**6


def test_a_state_that_the_other_has_not_signed_for_this_epoch_is_none(
    chain: LocalChain, keys: Keys, pair: Pair, newest: Copy
) -> None:
    state: SignedState = newest.what
    better = replace(state.message, version=9, net=-(5 * 10**6))
    bad: list[Any] = [
        SignedState(channel=state.channel, message=better, signature_b=state.signature_b),
        SignedState(channel=state.channel, message=better).signed(
            keys["ann"].sign(chain.domain("DuplexChannels"), better)
        ),
        SignedState(channel=state.channel, message=replace(better, epoch=1)),
        SignedState.none(state.channel, 0),
        SignedState.none(replace(state.channel, salt=7, party_a=keys["ben"].address, signer_a=keys["ben"].address), 0),
    ]
    found = report(chain, keys, *[Copy(what=one, source="file", line=at) for at, one in enumerate(bad, 1)])
    assert share(found) == 10
    assert [one.why.partition(":")[0] for one in found.ignored] == [
        "InvalidSignature",
        "MalformedSignature",
        "WrongEpoch",
        "NoState",
        "UnknownLane",
    ]


def test_in_a_fight_a_newer_known_state_can_answer_until_the_deadline(
    chain: LocalChain, keys: Keys, pair: Pair, newest: Copy, tmp_path: Path
) -> None:
    """Ben posts the state by which he has more."""
    backup = tmp_path / "old.db"
    (old,) = report(chain, keys, backup=backup).channels
    assert old.state
    posted = old.state.signed(keys["ann"].sign(chain.domain("DuplexChannels"), old.state.message))
    fight = Duplexes(chain, keys["ben"]).challenge(pair.channel, posted)

    (row,) = report(chain, keys, newest).channels
    assert (row.can_answer, row.until, row.posted, row.share) == (True, fight.deadline, 1, 14 * 10**6)
    assert share(report(chain, keys, newest)) == 14
    (same,) = report(chain, keys, backup=backup).channels
    assert (same.can_answer, same.share) == (False, 7 * 10**6)
    (blind,) = report(chain, keys).channels
    assert (blind.can_answer, blind.share) == (False, 7 * 10**6), "by what was posted"

    chain.travel(to=fight.deadline)
    late = report(chain, keys, newest)
    assert (late.channels[0].can_answer, *sure(late)) == (False, 7, 0, True)
    assert sure(report(chain, keys, who="ben")) == (8, 0, True)


def test_of_a_posted_state_with_promises_that_nobody_knows_nothing_is_sure(
    chain: LocalChain, keys: Keys, promised: Pair, usdc: Token
) -> None:
    known = shown(promised, keys, chain)
    anns = keys["ann"].sign(chain.domain("DuplexChannels"), known.what.message)
    bens = Duplexes(chain, keys["ben"])
    fight = bens.challenge(promised.channel, known.what.signed(anns))
    assert (share(report(chain, keys)), share(report(chain, keys, known))) == (0, 5)
    chain.travel(to=fight.deadline)
    assert sure(report(chain, keys)) == (0, 15, False)
    assert sure(report(chain, keys, known)) == (5, 10, False), "Ben may not prove what Ann has promised"
    before = chain.balance(usdc, keys["ann"].address, as_of="latest")
    bens.pay_out(promised.channel, known.what.promises)
    assert chain.balance(usdc, keys["ann"].address, as_of="latest") - before >= usdc("5")


def test_the_recovery_sends_nothing_and_tells_it_as_json(chain: LocalChain, keys: Keys, newest: Copy) -> None:
    before = len(chain.events("DuplexChannels"))
    told = json.loads(json.dumps(report(chain, keys, newest).to_json()))
    assert len(chain.events("DuplexChannels")) == before
    (row,) = told["channels"]
    named = ("share", "onChain", "recovered", "atMostLost")
    assert [row[name] for name in named] == ["14000000", "15000000", "0", "15000000"]
    assert SignedState.from_json(row["state"]) == newest.what
