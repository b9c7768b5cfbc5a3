"""A recovered wallet never signs an amount below what it has signed."""

from pathlib import Path

import pytest

from chain.copies import Copy
from channels import Lanes, Payer
from channels.errors import AmountExceedsDeposit
from channels.recovery import PayerReport
from channels.recovery.sync.payer import PayerRecovery
from channels.stores.opening import SqliteStore
from tests.channels.recovery.shop import NAMES, Shop

ANNS = [name for name in NAMES if NAMES.index(name) % 2 == 0]
"""fresh, claimed, reopened and reserved; the others are ben's."""


def recovery(shop: Shop) -> PayerRecovery:
    return PayerRecovery(Lanes(shop.chain, shop.ann), shop.ann.address)


def report(shop: Shop, *names: str, at: int = -1, backup: Path | None = None) -> PayerReport:
    """From the payee's copies of these lanes' vouchers."""
    copies = [Copy(what=shop.vouchers[name][at], source="shop", line=1) for name in names]
    if backup is None:
        return recovery(shop).report(copies=copies)
    wallet = SqliteStore(backup, restored=True).wallet(shop.lanes.domain)
    found = recovery(shop).report(backup=wallet, copies=copies)
    wallet.close()
    return found


def rebuilt(shop: Shop, found: PayerReport) -> Payer:
    path = shop.folder / "new.db"
    store = SqliteStore(path).wallet(shop.lanes.domain)
    recovery(shop).rebuild(found, store)
    store.close()
    return Payer(shop.chain, shop.ann, path)


def by_name(shop: Shop, found: PayerReport) -> dict[str, tuple[bool, int, int]]:
    """Usable, recovered, and at most lost."""
    return {shop.name_of(row.channel.id): (row.is_usable, row.recovered, row.at_most_lost) for row in found.lanes}


def test_without_a_copy_no_lane_pays_and_the_money_in_it_is_named(shop: Shop) -> None:
    found = report(shop)
    assert by_name(shop, found) == {
        "fresh": (False, 0, 10_000_000),
        "claimed": (False, 0, 7_000_000),
        "reopened": (False, 0, 8_000_000),
        "reserved": (False, 0, 2_000_000),
    }
    assert not found.is_whole
    with rebuilt(shop, found) as wallet:
        for name in ("fresh", "claimed", "reopened"):
            with pytest.raises(AmountExceedsDeposit):
                wallet.pay(shop.opened[name], shop.usdc("0.000001"))
            assert wallet.latest(shop.opened[name]) is None
        assert wallet.request_close(shop.opened["fresh"]).closes_at, "but its rest comes back"


def test_with_the_payees_newest_copy_it_goes_on_above_it(shop: Shop) -> None:
    found = report(shop, "claimed", "reopened")
    rows = by_name(shop, found)
    assert (rows["claimed"], rows["reopened"]) == ((True, 5_000_000, 0), (True, 6_250_000, 0))
    with rebuilt(shop, found) as wallet:
        newest = wallet.latest(shop.opened["claimed"])
        assert newest is not None
        assert newest.voucher == shop.vouchers["claimed"][-1].voucher
        assert wallet.pay(shop.opened["claimed"], shop.usdc("1")).voucher.cumulative_amount == 6_000_000
        assert wallet.pay(shop.opened["reopened"], shop.usdc("1")).voucher.cumulative_amount == 2_750_000


def test_an_old_backup_alone_is_not_enough(shop: Shop) -> None:
    assert not by_name(shop, report(shop, backup=shop.folder / "0.db"))["claimed"][0]


def test_what_the_backup_knows_is_never_undercut_by_an_older_copy(shop: Shop) -> None:
    found = report(shop, "reopened", at=0, backup=shop.folder / "0.db")
    with rebuilt(shop, found) as wallet:
        assert wallet.pay(shop.opened["reopened"], shop.usdc("1")).voucher.cumulative_amount == 2_750_000


def test_what_a_backup_has_guessed_stays_a_guess(shop: Shop) -> None:
    """An adopted lane's deposit is in no voucher, even if an older copy makes the lane usable."""
    with Payer(shop.chain, shop.ann, shop.folder / "adopted.db") as adopted:
        adopted.adopt(shop.opened["claimed"].channel)
    found = report(shop, "claimed", backup=shop.folder / "adopted.db")
    with rebuilt(shop, found) as wallet:
        assert wallet.latest(shop.opened["claimed"]) is None


def test_a_copy_below_what_is_settled_is_not_the_newest(shop: Shop) -> None:
    older = shop.vouchers["claimed"][0]
    shop.lanes.claim(shop.vouchers["claimed"][-1])
    found = recovery(shop).report(copies=[Copy(what=older, source="shop", line=1)])
    assert by_name(shop, found)["claimed"] == (False, 0, 5_000_000)


def test_only_the_payers_own_signature_moves_it(shop: Shop) -> None:
    found = report(shop, "paid")
    assert found.ignored[0].why.startswith("UnknownLane"), "it is ben's"
    assert not any(row.is_usable for row in found.lanes)


def test_rebuilding_never_lowers_what_a_wallet_knows(shop: Shop) -> None:
    store = SqliteStore(shop.folder / "0.db", restored=True).wallet(shop.lanes.domain)
    lane = shop.opened["reopened"].id
    recovery(shop).rebuild(report(shop, "reopened", at=0), store)
    assert store.session(lane).promised == 1_750_000
    store.close()


def test_an_ended_epoch_pays_no_more_whatever_is_shown(shop: Shop) -> None:
    assert by_name(shop, report(shop, "reserved"))["reserved"] == (False, 0, 0)


def test_promises_in_the_newest_copy_stay_promised(shop: Shop) -> None:
    owner = PayerRecovery(Lanes(shop.chain, shop.ben), shop.ben.address)
    found = owner.report(copies=shop.copies("proven"))
    row = next(row for row in found.lanes if shop.name_of(row.channel.id) == "proven")
    assert (row.promised, row.at_most, row.recovered, row.is_usable) == (1_000_000, 4_000_000, 6_000_000, True)
    store = SqliteStore(shop.folder / "new.db").wallet(shop.lanes.domain)
    owner.rebuild(found, store)
    assert store.session(row.channel.id).at_most == 4_000_000
    store.close()
