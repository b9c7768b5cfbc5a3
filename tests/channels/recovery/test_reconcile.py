"""The boundaries of what is recovered, without a chain."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from chain.signer import Signer
from chain.signing import Signed
from chain.typed_data import Domain
from chain.units import Amount, Seconds
from channels import Channel, Lane, SignedVoucher, Voucher
from channels.promise import promises_hash
from channels.recovery import EarnedLane, FoundLane, Known, PayeeReport, Proof, reconcile
from channels.recovery.recovered import recovered_books
from channels.reserve import Reserve
from tests.channels.promise_states import promise

EXPIRY = 1_000
OPEN = Lane(deposit=Amount(100), settled=Amount(10))
PROMISE = promise(1, 30, Seconds(EXPIRY))
LEAF = PROMISE.struct_hash()
Send = Callable[..., SignedVoucher]


def row(lane: FoundLane, *vouchers: SignedVoucher, now: int = 0, released: int = 0) -> EarnedLane:
    place = lane.channel.id, 0
    proof = Proof(promise=PROMISE, data=b"", proof=b"", released=Amount(released))
    proofs = {(lane.channel.id, 0, LEAF): proof} if released else {}
    known = Known(vouchers={place: vouchers}, accepted={}, proofs=proofs, now=Seconds(now))
    (found,) = reconcile([lane], known)
    return found


@pytest.fixture
def lane(channel: Channel) -> FoundLane:
    return FoundLane(channel=channel, final=OPEN, latest=OPEN)


@pytest.fixture
def promising(channel: Channel, signers: dict[str, Signer], domain: Domain) -> SignedVoucher:
    """40, and 30 more for a proof."""
    said = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(40), promises=promises_hash([PROMISE]))
    signed: Signed[Voucher] = signers["signer"].sign(domain, said)
    return SignedVoucher(channel=channel, voucher=said, signature=signed.signature, promises=(PROMISE,))


@pytest.mark.parametrize(("amount", "recovered"), [(9, 0), (10, 0), (11, 1), (100, 90), (101, 90)])
def test_a_voucher_brings_what_is_above_what_is_settled_and_below_the_deposit(
    lane: FoundLane, send: Send, amount: int, recovered: int
) -> None:
    found = row(lane, send(amount))
    assert (found.recovered, found.at_most_lost, found.is_due) == (recovered, 90 - recovered, recovered > 0)


def test_the_best_of_several_counts(lane: FoundLane, send: Send) -> None:
    assert row(lane, send(20), send(50), send(30)).voucher == send(50)


@pytest.mark.parametrize(("now", "best"), [(EXPIRY - 1, 70), (EXPIRY, 40)])
def test_a_proof_counts_until_its_promise_expires(
    lane: FoundLane, promising: SignedVoucher, now: int, best: int
) -> None:
    found = row(lane, promising, now=now, released=30)
    assert (found.best, len(found.proofs)) == (best, int(best == 70))


@pytest.mark.parametrize(("recorded", "proofs", "best"), [(0, 1, 65), (24, 1, 65), (25, 0, 65), (26, 0, 66)])
def test_what_is_recorded_needs_no_proof(
    lane: FoundLane, promising: SignedVoucher, recorded: int, proofs: int, best: int
) -> None:
    found = row(replace(lane, records={(0, LEAF): Amount(recorded)}), promising, released=25)
    assert (len(found.proofs), found.best) == (proofs, best)


@pytest.mark.parametrize(("changes", "best"), [({}, 70), ({"epoch": 1}, 40), ({"channel_id": bytes(32)}, 40)])
def test_a_proof_of_another_epoch_or_channel_is_none(
    lane: FoundLane, promising: SignedVoucher, changes: dict[str, Any], best: int
) -> None:
    place = {"channel_id": lane.channel.id, "epoch": 0} | changes
    proof = Proof(promise=PROMISE, data=b"", proof=b"", released=Amount(30))
    proofs: Any = {(place["channel_id"], place["epoch"], LEAF): proof}
    known = Known(vouchers={(lane.channel.id, 0): [promising]}, accepted={}, proofs=proofs, now=Seconds(0))
    assert reconcile([lane], known)[0].best == best


def test_a_proof_of_an_earlier_epoch_is_none_in_a_later_one(
    channel: Channel, promising: SignedVoucher, signers: dict[str, Signer], domain: Domain
) -> None:
    later = FoundLane(channel=channel, final=replace(OPEN, epoch=1), latest=replace(OPEN, epoch=1))
    said = replace(promising.voucher, epoch=1)
    voucher = structs.replace(promising, voucher=said, signature=signers["signer"].sign(domain, said).signature)
    proof = Proof(promise=PROMISE, data=b"", proof=b"", released=Amount(30))
    for epoch, best in ((0, 40), (1, 70)):
        proofs = {(channel.id, epoch, LEAF): proof}
        known = Known(vouchers={(channel.id, 1): [voucher]}, accepted={}, proofs=proofs, now=Seconds(0))
        assert reconcile([later], known)[0].best == best


@pytest.mark.parametrize(
    ("now", "until", "best"), [(99, 100, 40), (100, 3_700, 25), (3_699, 3_700, 25), (3_700, 3_700, 10)]
)
def test_after_the_window_only_what_is_reserved_can_be_had(
    channel: Channel, send: Send, now: int, until: int, best: int
) -> None:
    closing = replace(OPEN, closes_at=Seconds(100), reserved=True)
    reserve = Reserve(ceiling=Amount(25), time=Seconds(50))
    lane = FoundLane(channel=channel, final=closing, latest=closing, reserves={0: reserve})
    found = row(lane, send(40), now=now)
    assert (found.until, found.best, found.at_most_lost) == (until, best, 100 - best)


@pytest.mark.parametrize(("now", "recovered"), [(499, 15), (500, 0)])
def test_an_ended_epochs_reserve_pays_until_its_end(channel: Channel, send: Send, now: int, recovered: int) -> None:
    reserve = Reserve(ceiling=Amount(40), settled=Amount(20), time=Seconds(500), withdrawn=True)
    ended = Lane(epoch=1)
    lane = FoundLane(channel=channel, final=ended, latest=ended, reserves={0: reserve})
    found = row(lane, send(35), now=now)
    assert (found.on_chain, found.recovered, found.until) == (20, recovered, 500)


def report(lane: FoundLane, *rows: EarnedLane) -> PayeeReport:
    return PayeeReport(payee=lane.channel.payee, lanes=rows, ignored=(), found=(lane,))


def test_a_till_learns_the_final_blocks_epoch_too_since_that_may_come_back(
    lane: FoundLane, send: Send, domain: Domain
) -> None:
    overtaken = replace(lane, latest=Lane(deposit=Amount(7), epoch=1))
    assert not row(replace(lane, latest=replace(OPEN, settled=Amount(11)))).is_final
    books = recovered_books(report(overtaken), domain)
    assert [(book.lane.epoch, book.accepted, book.delivered, book.stopped) for book in books] == [
        (0, 10, 10, True),
        (1, 0, 0, True),
    ]
    ended = replace(lane, final=Lane(epoch=1), latest=Lane(epoch=1))
    assert recovered_books(report(ended), domain) == []


def test_a_till_learns_the_voucher_with_its_promises_and_no_more_than_the_deposit(
    lane: FoundLane, promising: SignedVoucher, send: Send, domain: Domain
) -> None:
    (book,) = recovered_books(report(lane, row(lane, promising, released=30)), domain)
    assert (book.accepted, book.promises, [one.released for one in book.proven]) == (40, (PROMISE,), [30])
    (book,) = recovered_books(report(lane, row(lane, send(500))), domain)
    assert (book.accepted, book.left) == (100, 0)
