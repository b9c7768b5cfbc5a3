"""A payee whose books are an old backup has forgotten vouchers and goods: it gives nothing for either again."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chain import Signer, Token
from channels import Payer, SqliteStore, WalletLane
from channels.errors import ChannelClosing


def test_a_channel_that_the_backup_does_not_know_is_not_served_again(
    wallet: Payer, new_till: Any, shop: Signer, usdc: Token, lane: WalletLane, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    with new_till(store=path) as till:
        till.accept(wallet.pay(lane, usdc("1")))
    shutil.copy(path, tmp_path / "backup.db")
    other = wallet.open(shop.address, usdc("5"), timedelta(hours=1), salt=9)
    newest = wallet.pay(other, usdc("5"))
    with new_till(store=path) as till:
        till.accept(newest)
        till.deliver(other, usdc("5"), "goods")
    shutil.copy(tmp_path / "backup.db", path)
    with new_till(store=SqliteStore(path, restored=True)) as till, pytest.raises(ChannelClosing):
        till.accept(newest)
    with new_till(store=path) as till:
        with pytest.raises(ChannelClosing):
            till.accept(newest)
        till._till.recover([till._session(other.id)])
        later = wallet.open(shop.address, usdc("1"), timedelta(hours=1), salt=10)
        assert till.accept(wallet.pay(later, usdc("1"))).added == usdc("1")
        with pytest.raises(ChannelClosing):
            till.accept(newest)


def test_what_was_settled_since_the_backup_buys_nothing_again(
    wallet: Payer, new_till: Any, usdc: Token, lane: WalletLane, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    with new_till(store=path) as till:
        till.accept(wallet.pay(lane, usdc("1")))
        till.deliver(lane, usdc("1"), "first")
    shutil.copy(path, tmp_path / "backup.db")
    with new_till(store=path) as till:
        till.accept(wallet.pay(lane, usdc("4")))
        till.deliver(lane, usdc("4"), "second")
        till.claim()
    shutil.copy(tmp_path / "backup.db", path)
    with new_till(store=SqliteStore(path, restored=True)) as till:
        assert till.show(lane).accepted == usdc("5")
        with pytest.raises(ChannelClosing):
            till.deliver(lane, usdc("4"), "second")
        assert till.deliver(lane, usdc("1"), "first").delivered == usdc("1")
