"""A two-way channel is never challenged with, and what is at stake beyond the newest known state is said."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Token
from chain.copies import Copy
from channels import Duplexes, SignedState, SqliteStore
from channels.recovery import DuplexReport
from channels.recovery.sync.duplex import DuplexRecovery
from tests.channels.recovery.shop import back_up
from tests.channels.shells.conftest import chain, clock, ends, one_chain, usdc
from tests.channels.shells.duplex_pair import duplex, keys, new_party, pair, promised
from tests.channels.shells.two_way import FatedSigner, Pair

__all__ = ["chain", "clock", "duplex", "ends", "keys", "new_party", "one_chain", "pair", "promised", "usdc"]
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


def sums(found: DuplexReport) -> tuple[int, int]:
    """Ours by the newest known state, and at stake beyond it, in USDC."""
    (row,) = found.channels
    return row.recovered // 10**6, row.at_most_lost // 10**6


@pytest.mark.parametrize(("who", "own", "stake"), [("ann", 10, 5), ("ben", 5, 10)])
def test_without_any_state_ones_deposit_is_known_and_the_others_at_stake(
    chain: LocalChain, keys: Keys, newest: Copy, who: str, own: int, stake: int
) -> None:
    found = report(chain, keys, who=who)
    assert sums(found) == (own, stake)
    assert not found.is_whole


def test_the_newest_of_backup_and_copies_counts(chain: LocalChain, keys: Keys, newest: Copy, tmp_path: Path) -> None:
    assert sums(report(chain, keys, backup=tmp_path / "old.db")) == (7, 8)
    assert sums(report(chain, keys, newest, backup=tmp_path / "old.db")) == (14, 1)
    (row,) = report(chain, keys, backup=tmp_path / "old.db").channels
    older = Copy(what=row.state, source="ben", line=2)
    assert sums(report(chain, keys, newest, older)) == sums(report(chain, keys, older, newest)) == (14, 1)


def test_both_parties_shares_are_what_is_there(chain: LocalChain, keys: Keys, pair: Pair, newest: Copy) -> None:
    bens, _ = sums(report(chain, keys, shown(pair, keys, chain, "ann"), who="ben"))
    anns, _ = sums(report(chain, keys, newest))
    assert anns + bens == 15


def test_our_open_promises_count_as_kept_and_the_others_as_not(
    chain: LocalChain, keys: Keys, promised: Pair, usdc: Token
) -> None:
    (promise,) = promised.ann.show(promised.channel).promises
    anns, _ = sums(report(chain, keys, shown(promised, keys, chain)))
    bens, _ = sums(report(chain, keys, shown(promised, keys, chain, "ann"), who="ben"))
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
    assert sums(found) == (10, 5)
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
    assert (row.can_answer, row.until, row.posted, row.recovered) == (True, fight.deadline, 1, 14 * 10**6)
    (same,) = report(chain, keys, backup=backup).channels
    assert (same.can_answer, same.recovered) == (False, 7 * 10**6)
    (blind,) = report(chain, keys).channels
    assert (blind.can_answer, blind.recovered) == (False, 7 * 10**6), "by what was posted"

    chain.travel(to=fight.deadline)
    (late,) = report(chain, keys, newest).channels
    assert (late.can_answer, late.recovered) == (False, 7 * 10**6)


def test_of_a_posted_state_with_promises_that_nobody_knows_nothing_is_sure(
    chain: LocalChain, keys: Keys, promised: Pair
) -> None:
    known = shown(promised, keys, chain)
    anns = keys["ann"].sign(chain.domain("DuplexChannels"), known.what.message)
    Duplexes(chain, keys["ben"]).challenge(promised.channel, known.what.signed(anns))
    assert sums(report(chain, keys)) == (0, 15)
    assert sums(report(chain, keys, known))[0] > 0


def test_the_recovery_sends_nothing_and_tells_it_as_json(chain: LocalChain, keys: Keys, newest: Copy) -> None:
    before = len(chain.events("DuplexChannels"))
    told = json.loads(json.dumps(report(chain, keys, newest).to_json()))
    assert len(chain.events("DuplexChannels")) == before
    (row,) = told["channels"]
    assert (row["share"], row["atMostLost"]) == ("14000000", "1000000")
    assert SignedState.from_json(row["state"]) == newest.what
