import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Token
from channels import DuplexParty
from channels.duplex.session import Pay
from channels.duplex.session.errors import CloseSigned, EpochForgotten, NotInStep, ProposalOutstanding
from channels.stores.errors import StoreRolledBack
from channels.stores.opening import SqliteStore
from tests.channels.shells.duplex_pair import NewParty, duplex, keys, new_party, pair
from tests.channels.shells.two_way import LOCK, PREIMAGE, FatedSigner, Pair, PowerCut

__all__ = ["duplex", "keys", "new_party", "pair"]
Keys = dict[str, FatedSigner]
POINTS = ("keep", "sign")


def paid_by_ann(pair: Pair, usdc: Token, chain: LocalChain) -> None:
    pair.pay("ann", usdc("3"))


def paid_by_ben(pair: Pair, usdc: Token, chain: LocalChain) -> None:
    pair.pay("ben", usdc("3"))


def offered(pair: Pair, usdc: Token, chain: LocalChain) -> None:
    pair.say("ben", pair.ann.offer(pair.channel, usdc("2"), LOCK, chain.after(minutes=30)))


def folded(pair: Pair, usdc: Token, chain: LocalChain) -> None:
    pair.ben.learn(LOCK)
    pair.say("ann", pair.ben.fold(pair.channel, pair.leaf(), PREIMAGE))


@pytest.mark.parametrize("who", ["ann", "ben"])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("act", [paid_by_ann, paid_by_ben, folded])
def test_whoever_dies_at_whatever_point_begins_again_from_its_store(
    pair: Pair,
    keys: Keys,
    new_party: NewParty,
    chain: LocalChain,
    usdc: Token,
    who: str,
    point: str,
    act: Callable[[Pair, Token, LocalChain], None],
) -> None:
    """All of it or nothing, credited once, by one message a version; and both go on."""
    offered(pair, usdc, chain)
    pair.ben.learn(LOCK)
    keys[who].fate.cut(point)
    with pytest.raises(PowerCut):
        act(pair, usdc, chain)
    pair.parties[who] = new_party(who)
    pair.meet()

    ann, ben = pair.ann.show(pair.channel), pair.ben.show(pair.channel)
    assert len(pair.nets()) == 1
    assert (ann.open, ben.open) == (0, 0)
    assert ben.credited - ann.credited == ann.owes - ann.is_owed if ann.owes else ann.credited == ann.is_owed
    amount = usdc("2") if act is folded else usdc("3")
    assert ann.owes + ann.is_owed in (usdc("0"), amount)
    if ann.promises:
        folded(pair, usdc, chain)
    pair.pay("ann", usdc("1"))
    owed = pair.ann.show(pair.channel)
    to_a, to_b = pair.end()
    assert (to_a, to_b) == (usdc("10") - owed.owes + owed.is_owed, usdc("5") + owed.owes - owed.is_owed)


@pytest.mark.parametrize("who", ["ann", "ben"])
@pytest.mark.parametrize("point", POINTS)
def test_a_close_that_is_cut_off_is_said_again(
    pair: Pair, keys: Keys, new_party: NewParty, usdc: Token, who: str, point: str
) -> None:
    pair.pay("ann", usdc("3"))
    keys[who].fate.cut(point)
    with pytest.raises(PowerCut):
        pair.say("ben", pair.ann.close_together(pair.channel))
    pair.parties[who] = new_party(who)
    pair.meet()
    assert pair.end() == (usdc("7"), usdc("8"))


def both(pair: Pair, keys: Keys, new_party: NewParty) -> tuple[DuplexParty, DuplexParty]:
    """Two shells of Ann over one store."""
    other = new_party("ann")
    for text in other.resume(pair.channel):
        other.hear(*pair.ben.hear(text).answers)
    return pair.ann, other


def test_of_two_processes_that_pay_at_once_one_does(pair: Pair, keys: Keys, new_party: NewParty, usdc: Token) -> None:
    one, other = both(pair, keys, new_party)
    said = list[str]()
    keys["ann"].fate.points["keep"] = lambda: said.extend(other.pay(pair.channel, usdc("4")))
    with pytest.raises(ProposalOutstanding):
        one.pay(pair.channel, usdc("3"))
    pair.say("ben", said)
    assert pair.nets() == {(1, usdc("4"), usdc("0"))}


def test_of_two_processes_one_does_not_pay_beside_the_others_close(
    pair: Pair, keys: Keys, new_party: NewParty, usdc: Token
) -> None:
    one, other = both(pair, keys, new_party)
    keys["ann"].fate.points["keep"] = lambda: other.close_together(pair.channel)
    with pytest.raises(CloseSigned):
        one.pay(pair.channel, usdc("3"))


def test_two_processes_that_hear_the_same_credit_it_once(
    pair: Pair, keys: Keys, new_party: NewParty, usdc: Token
) -> None:
    one, other = both(pair, keys, new_party)
    (said,) = pair.ben.pay(pair.channel, usdc("3"))
    heard = list[Any]()
    keys["ann"].fate.points["keep"] = lambda: heard.append(other.hear(said))
    heard.append(one.hear(said))
    assert [one.added for one in heard] == [usdc("3"), usdc("0")]
    assert heard[0].answers == heard[1].answers
    assert one.show(pair.channel).credited == usdc("3")


def test_a_store_that_goes_back_under_a_living_party_stops_it_until_the_other_has_spoken(
    pair: Pair, tmp_path: Path, usdc: Token
) -> None:
    pair.pay("ann", usdc("3"))
    with sqlite3.connect(tmp_path / "ann.db") as elsewhere:
        row = elsewhere.execute("SELECT revision, kept FROM standings").fetchone()
        pair.pay("ann", usdc("1"))
        elsewhere.execute("UPDATE standings SET revision = ?, kept = ?", row)
    elsewhere.close()
    with pytest.raises(NotInStep):
        pair.ann.pay(pair.channel, usdc("2"))
    pair.meet()
    with pytest.raises(EpochForgotten):
        pair.ann.pay(pair.channel, usdc("2"))
    assert pair.end() == (usdc("6"), usdc("9"))


def test_it_may_have_forgotten_what_the_other_hides_also_after_a_restart(
    pair: Pair, new_party: NewParty, tmp_path: Path, usdc: Token
) -> None:
    pair.pay("ann", usdc("3"))
    with sqlite3.connect(tmp_path / "ann.db") as elsewhere:
        row = elsewhere.execute("SELECT revision, kept FROM standings").fetchone()
        pair.ann.close_together(pair.channel)
        elsewhere.execute("UPDATE standings SET revision = ?, kept = ?", row)
    elsewhere.close()
    pair.meet()
    for _ in range(2):
        with pytest.raises(EpochForgotten):
            pair.ann.pay(pair.channel, usdc("2"))
        pair.parties["ann"] = new_party("ann")
        pair.meet()


def test_a_restored_store_is_noticed_and_learns_what_it_has_forgotten(
    pair: Pair, new_party: NewParty, tmp_path: Path, usdc: Token
) -> None:
    pair.pay("ann", usdc("3"))
    pair.ann.disconnect()
    path, backup = tmp_path / "ann.db", tmp_path / "backup.db"
    shutil.copy(path, backup)
    pair.parties["ann"] = new_party("ann", store=path)
    pair.meet()
    pair.pay("ann", usdc("1"))
    pair.ann.disconnect()
    shutil.copy(backup, path)
    with pytest.raises(StoreRolledBack):
        new_party("ann", store=path)

    pair.parties["ann"] = new_party("ann", store=SqliteStore(path, restored=True))
    with pytest.raises(NotInStep):
        pair.ann.pay(pair.channel, usdc("2"))
    pair.meet()
    assert pair.nets() == {(3, usdc("4"), usdc("0"))}
    assert pair.end() == (usdc("6"), usdc("9"))


@pytest.mark.parametrize("said", ["unanswered", "undone"])
def test_a_restored_store_is_never_told_to_pay_again_what_was_paid(
    pair: Pair, new_party: NewParty, tmp_path: Path, usdc: Token, said: str
) -> None:
    """Its backup has a payment that was answered, or made again, after it."""
    paid = pair.ann.pay(pair.channel, usdc("3"))
    if said == "undone":
        pair.say("ann", pair.ben.pay(pair.channel, usdc("1")))
        assert pair.ann.show(pair.channel).undone == (Pay(amount=usdc("3").units),)
    pair.ann.disconnect()
    path, backup = tmp_path / "ann.db", tmp_path / "backup.db"
    shutil.copy(path, backup)
    pair.parties["ann"] = new_party("ann", store=path)
    pair.meet()
    if said == "undone":
        pair.say("ben", pair.ann.propose(pair.channel, pair.ann.show(pair.channel).undone))
    else:
        pair.say("ben", paid)
    pair.pay("ann", usdc("0.5"))
    pair.ann.disconnect()
    shutil.copy(backup, path)
    truth = pair.ben.show(pair.channel)

    pair.parties["ann"] = new_party("ann", store=SqliteStore(path, restored=True))
    heard = pair.say("ben", pair.ann.resume(pair.channel))
    assert [change for one in heard for change in one.undone] == []
    shown = pair.ann.show(pair.channel)
    assert (shown.version, shown.owes, shown.undone, shown.open) == (truth.version, truth.is_owed, (), 0)


def test_a_process_follows_another_into_the_next_epoch(
    pair: Pair, keys: Keys, new_party: NewParty, usdc: Token
) -> None:
    one, other = both(pair, keys, new_party)
    pair.end()
    other.deposit(pair.channel, usdc("10"))
    pair.parties["ann"] = other
    pair.meet()
    pair.pay("ann", usdc("1"))
    pair.parties["ann"] = one
    pair.pay("ann", usdc("2"))
    assert pair.nets() == {(3, usdc("3"), usdc("0"))}
