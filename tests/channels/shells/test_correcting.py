"""A payer that has lost its place, and stores that were restored from a backup."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import InvalidSignature
from channels import Limits, Payee, Payer, SignedVoucher, SqliteStore, WalletLane
from channels.errors import ChannelClosing, NothingToCorrect, WrongChannel
from channels.exposure import OverLimit
from channels.stores.errors import StoreRolledBack
from escrow.conditions import hash_lock
from tests.channels.shells.conftest import Clock


@pytest.fixture
def forgetful(chain: LocalChain, ann: Signer, wallet: Payer, lane: WalletLane, usdc: Token, tmp_path: Path) -> Payer:
    """A wallet of ann's as it was before the last payment."""
    for part in ("", "-wal", "-mark"):
        shutil.copy(tmp_path / f"wallet.db{part}", tmp_path / f"old.db{part}")
    return Payer(chain, ann, tmp_path / "old.db")


def test_a_payer_goes_on_from_its_own_newest_voucher(
    wallet: Payer, forgetful: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("3")))
    with forgetful:
        assert till.accept(forgetful.pay(lane, usdc("1"))).added == usdc("0")
        shown = till.newest(lane)
        assert shown is not None
        forgetful.correct(lane, SignedVoucher.from_json(shown.to_json()))
        assert till.accept(forgetful.pay(lane, usdc("1"))).added == usdc("1")
        with pytest.raises(NothingToCorrect):
            forgetful.correct(lane, shown)


def test_no_limit_refuses_what_is_signed_already_and_it_counts_against_what_comes_after(
    chain: LocalChain, ann: Signer, lane: WalletLane, usdc: Token, tmp_path: Path, clock: Clock
) -> None:
    """Two days' payments are more than one day's limit: else nothing could ever be paid here again."""
    limits = Limits(per_day=usdc("4"), per_payee=usdc("9"))
    for part in ("", "-wal", "-mark"):
        shutil.copy(tmp_path / f"wallet.db{part}", tmp_path / f"old.db{part}")
    with Payer(chain, ann, tmp_path / "wallet.db", spend=limits, clock=clock) as wallet:
        wallet.pay(lane, usdc("4"))
        clock.now += 100_000
        newest = wallet.pay(lane, usdc("4"))
    with Payer(chain, ann, tmp_path / "old.db", spend=limits, clock=clock) as old:
        old.correct(lane, newest)
        assert old.latest(lane) == newest
        with pytest.raises(OverLimit) as today:
            old.pay(lane, usdc("0.000001"))
        assert today.value.facts == {"limit_name": "per_day", "would_be": 8_000_001, "limit": 4_000_000}
        clock.now += 100_000
        with pytest.raises(OverLimit) as for_good:
            old.pay(lane, usdc("1.000001"))
        assert for_good.value.facts == {"limit_name": "per_payee", "would_be": 9_000_001, "limit": 9_000_000}
        assert old.pay(lane, usdc("1")).voucher.cumulative_amount == 9_000_000


def test_a_payer_goes_on_from_a_promise_that_replaced_one_that_it_remembers(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, ann: Signer, usdc: Token, tmp_path: Path
) -> None:
    """At the same amount: the payee takes no voucher that lacks what it was promised."""
    lock = hash_lock(sha256=bytes(32))
    till.accept(wallet.promise(lane, usdc("3"), lock, chain.after(minutes=30)))
    for part in ("", "-wal", "-mark"):
        shutil.copy(tmp_path / f"wallet.db{part}", tmp_path / f"old.db{part}")
    (first,) = wallet.promises(lane)
    chain.travel(to=first.expiry)
    till.accept(wallet.drop(lane, first))
    till.accept(wallet.promise(lane, usdc("2"), lock, chain.after(minutes=30)))
    shown = till.newest(lane)
    assert shown is not None
    with Payer(chain, ann, tmp_path / "old.db", spend=Limits(per_payee=usdc("6"))) as old:
        old.correct(lane, shown)
        assert old.latest(lane) == shown
        assert till.accept(old.pay(lane, usdc("1"))).added == usdc("1")
        with pytest.raises(OverLimit) as caught:
            old.pay(lane, usdc("0.000001"))
        assert caught.value.facts["would_be"] == 6_000_001, "both promises and the payment"


def test_only_ones_own_signature_corrects(
    wallet: Payer, forgetful: Payer, lane: WalletLane, usdc: Token, shop: Signer
) -> None:
    signed = wallet.pay(lane, usdc("3"))
    forged = SignedVoucher(
        channel=lane.channel,
        voucher=signed.voucher,
        signature=shop.sign_digest(b"\1" * 32),  # type: ignore[arg-type]
    )
    other = wallet.pay(wallet.open(shop.address, usdc("1"), timedelta(hours=1), salt=7), usdc("1"))
    with forgetful:
        with pytest.raises(InvalidSignature):
            forgetful.correct(lane, forged)
        with pytest.raises(WrongChannel):
            forgetful.correct(lane, other)


def test_an_old_backup_of_a_till_is_noticed_and_accepts_nothing_more(
    wallet: Payer, new_till: Callable[..., Payee], lane: WalletLane, usdc: Token, tmp_path: Path
) -> None:
    """Else every voucher since the backup would bring goods a second time."""
    store = tmp_path / "till.db"
    with new_till(store=store) as till:
        till.accept(wallet.pay(lane, usdc("1")))
    shutil.copy(store, tmp_path / "backup.db")
    newer = wallet.pay(lane, usdc("1"))
    with new_till(store=store) as till:
        till.accept(newer)
        till.deliver(lane, usdc("2"), "goods")
    shutil.copy(tmp_path / "backup.db", store)
    with pytest.raises(StoreRolledBack):
        new_till(store=store)
    with new_till(store=SqliteStore(store, restored=True)) as till:
        with pytest.raises(ChannelClosing):
            till.accept(newer)
        till.close(lane)
        assert till.books()[usdc].settled == usdc("1")
