"""Nothing is delivered twice because of a recovery."""

import pytest

from channels import Payee
from channels.errors import ChannelClosing, NotEnough
from channels.stores.opening import SqliteStore
from tests.channels.recovery.shop import NAMES, Shop


def rebuilt(shop: Shop, *names: str) -> Payee:
    path, till = shop.new_till()
    store = SqliteStore(path, restored=True).till(shop.lanes.domain)
    shop.recovery().rebuild(shop.report(copies=shop.copies(*names)), store)
    store.close()
    return till


@pytest.mark.parametrize("names", [NAMES, ()])
def test_an_old_voucher_brings_no_goods_again(shop: Shop, names: tuple[str, ...]) -> None:
    with rebuilt(shop, *names) as till:
        for name in ("paid", "claimed", "closing", "reopened", "proven"):
            newest = shop.vouchers[name][-1]
            try:
                credit = till.accept(newest)
            except ChannelClosing:
                pass
            else:
                assert credit.added.units == 0
            with pytest.raises((NotEnough, ChannelClosing)):
                till.deliver(newest.channel, shop.usdc("0.000001"), key="again")


def test_without_the_rebuilt_till_it_would(shop: Shop) -> None:
    with Payee(shop.chain, shop.signer, SqliteStore(shop.folder / "empty.db")) as till:
        till.accept(shop.vouchers["paid"][-1])
        assert till.deliver(shop.opened["paid"], shop.usdc("3"), key="again").delivered == shop.usdc("3")


def test_a_lane_that_nobody_has_paid_through_yet_is_closed_to_new_vouchers_too(shop: Shop) -> None:
    with rebuilt(shop) as till, pytest.raises(ChannelClosing):
        till.accept(shop.pays("fresh", "1", accepted=False))


def test_the_rebuilt_till_claims_and_closes_and_its_next_epoch_is_new(shop: Shop) -> None:
    with rebuilt(shop, "paid") as till:
        before = shop.has()
        assert till.show(shop.opened["paid"]).owed == shop.usdc("3")
        till.close(shop.opened["paid"])
        assert shop.has() - before == 3_000_000
        shop.open("paid", "5")
        shop.due["paid"], shop.till = 0, till
        assert till.accept(shop.pays("paid", "1", accepted=False)).added == shop.usdc("1")


def test_a_restored_backup_keeps_its_history_and_delivers_no_more(shop: Shop) -> None:
    backup = shop.folder / "backup.db"
    store = SqliteStore(backup, restored=True).till(shop.lanes.domain)
    report = shop.recovery().report(backup=store, copies=shop.copies("paid"))
    shop.recovery().rebuild(report, store)
    once = [(book.session, book.included) for book in store.books()]
    shop.recovery().rebuild(report, store)
    assert [(book.session, book.included) for book in store.books()] == once, "again it changes nothing"
    assert all(book.session.left == 0 for book in store.all_newest() if book.session.lane.is_open)
    known = {book.session.channel.id: book.session for book in store.all_newest()}
    assert known[shop.opened["paid"].id].accepted == 3_000_000
    at_risk = sum(session.owed for session in known.values())
    assert store.exposure()[shop.usdc.address].at_risk == at_risk
    store.close()


def test_fewer_sources_later_take_nothing_back(shop: Shop) -> None:
    store = SqliteStore(shop.folder / "rebuilt.db", restored=True).till(shop.lanes.domain)
    shop.recovery().rebuild(shop.report(copies=shop.copies("paid")), store)
    shop.recovery().rebuild(shop.report(), store)
    assert store.book(shop.opened["paid"].id).session.accepted == 3_000_000
    assert store.book(shop.opened["paid"].id).voucher(shop.lanes.domain) == shop.vouchers["paid"][-1]
    store.close()
