import json
from dataclasses import replace

import msgspec
import pytest
from msgspec import structs

from chain.copies import Copy, Ignored, read_lines
from chain.errors import Malformed
from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import Amount
from channels import SignedVoucher, SqliteStore, Voucher
from channels.recovery.descriptors import lane_of
from channels.wire import read_voucher, write_voucher
from tests.channels.recovery.shop import NAMES, Shop


def total(shop: Shop, *names: str) -> int:
    return sum(shop.due[name] for name in names)


def test_with_a_backup_and_every_copy_the_table_and_the_money_are_the_truth(shop: Shop) -> None:
    report = shop.report(backup=shop.folder / "backup.db", copies=shop.copies(*NAMES))
    assert {name: recovered for name, (recovered, _) in shop.by_name(report).items()} == shop.due

    before = shop.has()
    claims = shop.recovery().claim(report)

    assert shop.has() - before == sum(shop.due.values())
    assert claims.skipped == ()
    records_and_claims_of_promises, all_others_together = 4, 1
    assert len(claims.receipts) == records_and_claims_of_promises + all_others_together


def test_the_chain_alone_tells_every_lane_and_the_most_that_is_lost(shop: Shop) -> None:
    report = shop.report()
    assert set(shop.by_name(report)) == set(NAMES)
    (sums,) = report.sums
    deposits = {"reopened": 8_000_000, "claimed": 7_000_000, "reserved": 2_000_000}
    assert shop.by_name(report) == {name: (0, deposits.get(name, 10_000_000)) for name in NAMES}
    assert (sums.recovered, sums.at_most_lost, sums.on_chain) == (0, 57_000_000, 57_000_000)
    assert not report.is_whole
    assert shop.recovery().claim(report).receipts == ()


def test_an_old_backup_brings_what_it_knew(shop: Shop) -> None:
    report = shop.report(backup=shop.folder / "backup.db")
    known = {"paid": 1_000_000, "claimed": 0, "closing": 4_000_000, "reopened": 1_500_000}
    assert {name: shop.by_name(report)[name][0] for name in known} == known
    assert {shop.name_of(row.channel.id): row.accepted for row in report.lanes}["claimed"] == 3_000_000
    before = shop.has()
    shop.recovery().claim(report)
    assert shop.has() - before == sum(known.values()) + total(shop, "proven", "reserved")


def test_copies_bring_back_what_no_backup_has(shop: Shop) -> None:
    report = shop.report(copies=shop.copies("paid", "claimed", "proven"))
    found = shop.by_name(report)
    assert (found["paid"], found["claimed"]) == ((3_000_000, 7_000_000), (2_000_000, 5_000_000))
    assert found["proven"] == (1_000_000, 9_000_000), "the promise's proof was lost with the till"


def test_what_closes_first_comes_first(shop: Shop) -> None:
    rows = shop.report(copies=shop.copies(*NAMES)).lanes
    assert [shop.name_of(row.channel.id) for row in rows[:2]] == ["closing", "reserved"]
    assert rows[0].until == shop.lanes.lane(rows[0].channel.id).closes_at
    assert all(row.until == 0 for row in rows[2:])


def test_claiming_again_pays_nothing_twice(shop: Shop) -> None:
    report = shop.report(backup=shop.folder / "backup.db", copies=shop.copies(*NAMES))
    shop.recovery().claim(report)
    before = shop.has()
    shop.recovery().claim(report)
    again = shop.report(backup=shop.folder / "backup.db", copies=shop.copies(*NAMES))
    assert all(recovered == 0 for recovered, _ in shop.by_name(again).values())
    assert shop.recovery().claim(again).receipts == ()
    assert shop.has() == before


def test_a_newer_voucher_that_turns_up_later_is_still_claimed(shop: Shop) -> None:
    shop.recovery().claim(shop.report(backup=shop.folder / "backup.db"))
    before = shop.has()
    shop.recovery().claim(shop.report(copies=shop.copies("paid")))
    assert shop.has() - before == 2_000_000


def test_only_good_copies_count_and_each_bad_one_is_named(shop: Shop) -> None:
    good = shop.vouchers["paid"][-1]
    channel = good.channel
    raised = replace(good.voucher, cumulative_amount=Amount(9_000_000))
    forged = structs.replace(good, voucher=raised)
    stranger = Signer.generate().sign(shop.lanes.domain, raised)
    of_another = structs.replace(good, voucher=raised, signature=stranger.signature)
    other_chain = Domain(shop.chain.chain_id + 1, shop.lanes.domain.contract)
    elsewhere = structs.replace(good, voucher=raised, signature=shop.ben.sign(other_chain, raised).signature)
    ended = Voucher(channel_id=shop.opened["reopened"].id, epoch=0, cumulative_amount=Amount(5))
    reopened = shop.opened["reopened"].channel
    of_past = SignedVoucher(
        channel=reopened, voucher=ended, signature=shop.ann.sign(shop.lanes.domain, ended).signature
    )
    not_ours = replace(channel, payee=shop.ann.address)
    theirs = Voucher(channel_id=not_ours.id, epoch=0, cumulative_amount=Amount(5))
    signed = shop.ben.sign(shop.lanes.domain, theirs).signature
    lines = [forged, of_another, elsewhere, of_past, SignedVoucher(channel=not_ours, voucher=theirs, signature=signed)]
    text = "\n".join(["{}", "", *[write_voucher(line).decode() for line in [*lines, good]]])

    read = list(read_lines("ann.jsonl", text, read_voucher))
    copies, ignored = [c for c in read if isinstance(c, Copy)], [c for c in read if isinstance(c, Ignored)]
    report = shop.recovery().report(copies=copies, ignored=ignored)

    why = {copy.line: copy.why.partition(":")[0] for copy in report.ignored}
    bad = "InvalidSignature"
    assert why == {1: "Malformed", 3: bad, 4: bad, 5: bad, 6: "WrongEpoch", 7: "UnknownLane"}
    assert {copy.source for copy in report.ignored} == {"ann.jsonl"}
    assert shop.by_name(report)["paid"] == (3_000_000, 7_000_000)


def test_a_sum_above_the_deposit_is_worth_the_deposit(shop: Shop) -> None:
    said = replace(shop.vouchers["paid"][-1].voucher, cumulative_amount=Amount(2**96 - 1))
    beyond = structs.replace(
        shop.vouchers["paid"][-1], voucher=said, signature=shop.ben.sign(shop.lanes.domain, said).signature
    )
    report = shop.report(copies=[Copy(what=beyond, source="payers", line=1)])
    assert shop.by_name(report)["paid"] == (10_000_000, 0)
    before = shop.has()
    shop.recovery().claim(report)
    assert shop.has() - before == 10_000_000


def test_a_voucher_proves_a_lane_that_was_opened_before_the_search_began(shop: Shop) -> None:
    head = shop.chain.events("VoucherChannels")[-1].block
    recovery = shop.recovery(from_block=head + 1)
    assert recovery.report().lanes == ()
    assert shop.by_name(recovery.report(copies=shop.copies("paid"))) == {"paid": (3_000_000, 7_000_000)}


def test_once_the_window_is_over_the_rest_is_lost(shop: Shop) -> None:
    closes_at = shop.lanes.lane(shop.opened["closing"].id).closes_at
    shop.chain.travel(to=closes_at)
    report = shop.report(copies=shop.copies("closing"))
    assert shop.by_name(report)["closing"] == (0, 10_000_000)
    assert shop.recovery().claim(report).paid == ()


def test_while_a_lane_closes_a_promise_is_reserved_for_although_it_is_not_proven(shop: Shop) -> None:
    (lane,) = [lane for name, lane in shop.opened.items() if name == "proven"]
    shop.wallets[NAMES.index("proven") % 2].request_close(lane)
    report = shop.report(copies=shop.copies("proven"))
    shop.recovery().claim(report)
    assert shop.lanes.reserve(lane.channel, 0).left == shop.usdc("3")


def test_a_proof_in_the_backup_counts_for_what_its_condition_says_today(shop: Shop) -> None:
    backup = shop.folder / "backup.db"
    store = SqliteStore(backup, restored=True).till(shop.lanes.domain)
    lane = shop.opened["proven"].id
    (known,) = store.book(lane).session.proven
    false = msgspec.structs.replace(known, proof=bytes(32))
    store.alter(lane, lambda session: msgspec.structs.replace(session, proven=(false,)))
    store.close()
    assert shop.by_name(shop.report(backup=backup))["proven"] == (1_000_000, 9_000_000)


def test_the_report_says_all_of_it_as_json(shop: Shop) -> None:
    report = shop.report(backup=shop.folder / "backup.db", copies=shop.copies(*NAMES))
    told = json.loads(json.dumps(report.to_json()))
    by_name = {
        shop.name_of(bytes.fromhex(row["voucher"]["voucher"]["channelId"][2:])): row for row in told["lanes"][:2]
    }
    assert by_name["closing"]["recovered"] == "4000000"
    assert by_name["closing"]["atMostLost"] == "6000000"
    assert told["sums"][0]["onChain"] == "57000000"
    for row in told["lanes"]:
        if row["voucher"]:
            SignedVoucher.from_json(row["voucher"]).verified(shop.lanes.domain)


def test_a_descriptor_that_is_not_its_ids_is_refused(shop: Shop) -> None:
    said = shop.chain.events("VoucherChannels", "Opened")[0].args
    assert lane_of(said).id == said["channelId"]
    for other in ({"payer": shop.signer.address}, {"periods": said["periods"] + 1}):
        with pytest.raises(Malformed):
            lane_of({**said, **other})
