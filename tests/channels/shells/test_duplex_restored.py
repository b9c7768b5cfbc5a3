"""A party whose store is an old one counts on nothing more in an epoch that it may have forgotten: it ends it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Token
from channels import Duplexes, DuplexParty, SqliteStore
from channels.duplex.session import Memory
from channels.duplex.session.errors import EpochForgotten, NotInStep
from channels.duplex.session.message import from_json
from tests.channels.shells.duplex_pair import NewParty, duplex, keys, new_party, pair
from tests.channels.shells.two_way import FatedSigner, Pair

__all__ = ["duplex", "keys", "new_party", "pair"]
Keys = dict[str, FatedSigner]
Restore = Callable[..., DuplexParty]


@pytest.fixture
def backup(pair: Pair, tmp_path: Path, usdc: Token) -> Path:
    """Of Ann's store, after she has paid 1, with its mark."""
    pair.pay("ann", usdc("1"))
    return copy(tmp_path / "ann.db", tmp_path / "old.db")


def copy(path: Path, to: Path) -> Path:
    for part in ("", "-wal", "-mark"):
        if Path(f"{path}{part}").exists():
            shutil.copy(f"{path}{part}", f"{to}{part}")
    return to


@pytest.fixture
def restore(pair: Pair, new_party: NewParty, backup: Path) -> Restore:
    """Ann goes on with the backup."""

    def go_on(*, restored: bool = True) -> DuplexParty:
        pair.parties["ann"].disconnect()
        pair.parties["ann"] = new_party("ann", store=SqliteStore(backup, restored=restored))
        return pair.ann

    return go_on


def test_a_close_that_was_forgotten_and_withheld_cancels_nothing_that_was_credited(
    pair: Pair, keys: Keys, chain: LocalChain, restore: Restore, usdc: Token
) -> None:
    (close,) = pair.ann.close_together(pair.channel)
    ann = restore()
    with pytest.raises(NotInStep):
        ann.pay(pair.channel, usdc("2"))
    pair.meet()
    with pytest.raises(EpochForgotten):
        pair.pay("ben", usdc("5"))
    shown = ann.show(pair.channel)
    assert (shown.in_step, shown.whole, shown.version, shown.credited) == (True, False, 1, usdc("0"))
    bens: Any = Duplexes(chain, keys["ben"])
    left = bens.close_together(bens.sign_together(from_json(close)))
    assert (left.paid.to_a, left.paid.to_b) == (usdc("9"), usdc("6"))


def test_no_version_is_signed_twice_where_the_other_hides_what_was_forgotten(
    pair: Pair, keys: Keys, new_party: NewParty, restore: Restore, tmp_path: Path, usdc: Token
) -> None:
    """Ben's own old file shows what the backup has; his payment would be of a version that Ann has signed before."""
    bens = copy(tmp_path / "ben.db", tmp_path / "bens.db")
    for payer in ("ben", "ann"):
        pair.pay(payer, usdc("1"))
    restore()
    keys["ben"].signed.clear()
    pair.parties["ben"] = new_party("ben", store=bens)
    pair.meet()
    with pytest.raises(EpochForgotten):
        pair.pay("ben", usdc("5"))
    assert pair.ann.show(pair.channel).credited == usdc("0")


@pytest.mark.parametrize("again", [True, False])
def test_it_lasts_beyond_a_restart_and_the_next_epoch_is_as_any_other(
    pair: Pair, restore: Restore, usdc: Token, again: bool
) -> None:
    pair.pay("ann", usdc("3"))
    restore()
    restore(restored=again)
    pair.meet()
    with pytest.raises(EpochForgotten):
        pair.ann.pay(pair.channel, usdc("2"))
    assert pair.nets() == {(3, usdc("4"), usdc("0"))}
    assert pair.end() == (usdc("6"), usdc("9"))

    restore(restored=False)
    pair.ann.deposit(pair.channel, usdc("10"))
    pair.meet()
    pair.pay("ann", usdc("2"))
    assert pair.nets() == {(1, usdc("2"), usdc("0"))}
    assert pair.ann.show(pair.channel).whole


def test_a_fight_ends_it_by_the_newest_that_was_shown(
    pair: Pair, keys: Keys, chain: LocalChain, restore: Restore, usdc: Token
) -> None:
    pair.pay("ben", usdc("4"))
    ann = restore()
    pair.meet()
    anns: Any = Duplexes(chain, keys["ann"])
    chain.travel(to=anns.challenge(pair.channel, ann.newest(pair.channel)).deadline)
    assert anns.pay_out(pair.channel).paid.to_a == usdc("13")


def test_an_epoch_that_was_empty_at_the_first_look_is_not_forgotten(pair: Pair, restore: Restore, usdc: Token) -> None:
    """It ended after the backup; the deposit is the restored party's first verb."""
    pair.end()
    ann = restore()
    ann.deposit(pair.channel, usdc("10"))
    pair.meet()
    pair.pay("ann", usdc("2"))
    assert pair.nets() == {(1, usdc("2"), usdc("0"))}


def test_an_epoch_that_began_after_the_backup_may_be_forgotten_whole(pair: Pair, restore: Restore, usdc: Token) -> None:
    pair.end()
    pair.ann.deposit(pair.channel, usdc("10"))
    pair.meet()
    pair.pay("ann", usdc("2"))
    restore()
    pair.meet()
    with pytest.raises(EpochForgotten):
        pair.ann.pay(pair.channel, usdc("2"))
    assert pair.end() == (usdc("8"), usdc("2"))


def test_of_channels_that_the_backup_does_not_know_only_new_ones_are_as_any_other(
    pair: Pair, restore: Restore, usdc: Token
) -> None:
    forgotten, new = (replace(pair.channel, salt=salt) for salt in (1, 2))
    pair.ann.deposit(forgotten, usdc("1"))
    ann = restore()
    assert not ann.join(forgotten).whole
    assert ann.join(new).whole
    assert ann.deposit(new, usdc("1")).whole
    assert not ann.show(forgotten).whole


def test_a_backup_that_nobody_calls_one_is_found_out_by_a_state_that_it_has_forgotten(
    pair: Pair, restore: Restore, usdc: Token
) -> None:
    """A machine that was set back with all its files: the mark went back, too."""
    pair.pay("ann", usdc("3"))
    for _ in range(2):
        restore(restored=False)
        pair.meet()
        with pytest.raises(EpochForgotten):
            pair.ann.pay(pair.channel, usdc("1"))
        assert not pair.ann.show(pair.channel).whole
    assert pair.ann.show(pair.channel).owes == usdc("4")


def test_an_epoch_in_which_something_was_signed_is_not_unused_though_a_reorg_has_undone_its_deposit(
    pair: Pair, restore: Restore, backup: Path, tmp_path: Path
) -> None:
    other = replace(pair.channel, salt=1)
    pair.ann.join(other)
    assert pair.ann._standings.keep(Memory.start(other, 0).next(signed=1))
    copy(tmp_path / "ann.db", backup)
    assert not restore().show(other).whole


def test_a_look_that_is_too_old_does_not_stop_the_next_epoch(
    pair: Pair, keys: Keys, chain: LocalChain, restore: Restore, usdc: Token
) -> None:
    restore()
    pair.meet()
    bens = Duplexes(chain, keys["ben"])
    chain.travel(to=bens.challenge(pair.channel, pair.ben.newest(pair.channel)).deadline)
    bens.pay_out(pair.channel)
    Duplexes(chain, keys["ann"]).deposit(pair.channel, usdc("3"))
    pair.pay("ann", usdc("1"))
    assert pair.nets() == {(1, usdc("1"), usdc("0"))}
