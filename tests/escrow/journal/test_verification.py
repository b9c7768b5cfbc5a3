from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import NO_HASH, Address, Amount, Hash32, Seconds
from escrow import Payment, Terms, conditions, messages
from escrow.journal import (
    Agreement,
    ChainEvent,
    Consent,
    File,
    Flaw,
    Journal,
    Message,
    Record,
    Report,
    Signature,
    Undone,
    verify,
)

HASH = Hash32(b"\x07" * 32)
BOX = File(name="box.jpg", size=3, sha256=HASH)
EventMaker = Callable[..., ChainEvent]


def with_all(journal: Journal, *records: Record) -> Journal:
    for record in records:
        journal = journal.add(record)
    return journal


def flaws(report: Report) -> list[tuple[Flaw, int | None]]:
    return [(finding.flaw, finding.entry) for finding in report.findings if finding.flaw is not Flaw.CHAIN_NOT_ASKED]


def test_nothing_is_found_in_a_sound_journal(
    journal: Journal, payment: Payment, domain: Domain, payer: Signer, happened: EventMaker
) -> None:
    journal = journal.add(Message(author=payer.address, text="Late!"))
    journal = journal.add(Signature.under(journal.head, payment.payment_id, domain, payer))
    release = messages.Release(payment_id=payment.payment_id, held_after=Amount(0), deadline=Seconds(9))
    event = happened("Authorized", 3)
    journal = with_all(journal, Consent.signed(release, domain, payer), BOX, event)

    report = verify(journal, files={"box.jpg": BOX}, chain=[event])

    assert report.findings == ()
    assert report.sound
    assert (report.entries, report.anchored) == (6, None)


def test_whether_the_chain_was_asked_is_said(journal: Journal) -> None:
    (finding,) = verify(journal).findings
    assert finding.flaw is Flaw.CHAIN_NOT_ASKED
    assert not finding.flaw.breaks


def test_a_changed_entry_and_a_missing_end_are_named(journal: Journal, payer: Signer) -> None:
    journal = with_all(journal, BOX, BOX)
    changed = replace(journal.entries[1], record=replace(BOX, size=4))
    tampered = replace(journal, entries=(journal.entries[0], changed, journal.entries[2]))
    assert (Flaw.LINK_BROKEN, 1) in flaws(verify(tampered))
    shorter = replace(journal, entries=journal.entries[:2])
    assert (Flaw.HEAD_DIFFERS, None) in flaws(verify(shorter))
    assert not verify(tampered).sound
    assert not verify(shorter).sound


def test_a_journal_without_entries_or_agreement_is_broken(journal: Journal) -> None:
    for found in (
        replace(journal, entries=(), head=journal.payment_id),
        replace(journal, entries=(), head=journal.payment_id).add(BOX),
    ):
        assert (Flaw.AGREEMENT_MISSING, None) in flaws(verify(found))
    assert (Flaw.AGREEMENT_REPEATED, 1) in flaws(verify(journal.add(journal.records[0])))


def test_the_agreement_must_be_that_of_the_payment(
    journal: Journal, agree: Callable[..., Terms], domain: Domain
) -> None:
    other = Agreement.of(agree(amount=2_000), domain)
    empty = replace(journal, entries=(), head=journal.payment_id)
    assert flaws(verify(empty.add(other))) == [(Flaw.OTHER_PAYMENT, 0)]


@pytest.mark.parametrize("place", ["address", "data"])
def test_the_condition_must_be_the_one_of_the_terms(agree: Callable[..., Terms], domain: Domain, place: str) -> None:
    lock = conditions.hash_lock(sha256=HASH)
    terms = agree(condition=lock.address, condition_hash=lock.data_hash)
    shown = Agreement.of(terms, domain, lock)
    assert shown.condition is not None
    address, data = shown.condition
    other = (conditions.after_time(9).address, data) if place == "address" else (address, conditions.after_time(9).data)

    assert flaws(verify(Journal.begin(shown))) == []
    assert flaws(verify(Journal.begin(replace(shown, condition=other)))) == [(Flaw.CONDITION_DIFFERS, 0)]
    assert flaws(verify(Journal.begin(replace(shown, condition=None)))) == [(Flaw.CONDITION_NOT_SHOWN, 0)]


def test_a_message_counts_for_its_author_if_its_author_signed_it(
    journal: Journal, payment: Payment, domain: Domain, payer: Signer, payee: Signer
) -> None:
    journal = journal.add(Message(author=payer.address, text="I got it."))
    said = journal.head
    assert flaws(verify(journal)) == [(Flaw.MESSAGE_UNSIGNED, 1)]
    by_another = journal.add(Signature.under(said, payment.payment_id, domain, payee))
    assert flaws(verify(by_another)) == [(Flaw.MESSAGE_UNSIGNED, 1)]
    by_author = by_another.add(Signature.under(said, payment.payment_id, domain, payer))
    assert flaws(verify(by_author)) == []


def test_a_signature_is_by_its_signer_for_this_payment_and_an_earlier_entry(
    journal: Journal, payment: Payment, domain: Domain, payer: Signer, payee: Signer
) -> None:
    good = Signature.under(journal.head, payment.payment_id, domain, payer)
    wrong = {
        "another's": replace(good, signer=payee.address),
        "of another payment": Signature.under(journal.head, HASH, domain, payer),
        "of another chain": Signature.under(journal.head, payment.payment_id, Domain(1, domain.contract), payer),
        "cut": replace(good, signature=good.signature[:64]),
    }
    for signature in wrong.values():
        assert flaws(verify(journal.add(signature))) == [(Flaw.SIGNATURE_WRONG, 1)]
    unknown = Signature.under(HASH, payment.payment_id, domain, payer)
    assert flaws(verify(journal.add(unknown))) == [(Flaw.ENTRY_UNKNOWN, 1)]
    later = journal.add(BOX).head
    early = Signature.under(later, payment.payment_id, domain, payer)
    assert (Flaw.ENTRY_UNKNOWN, 1) in flaws(verify(with_all(journal, early, BOX)))


def test_a_consent_is_by_its_signer_who_has_a_say_and_about_this_payment(
    journal: Journal, payment: Payment, domain: Domain, payer: Signer, payee: Signer
) -> None:
    void = messages.Void(payment_id=payment.payment_id, held_after=Amount(0), deadline=Seconds(9))
    good = Consent.signed(void, domain, payee)
    assert flaws(verify(journal.add(good))) == []
    elsewhere = Consent.signed(replace(void, payment_id=HASH), domain, payee)
    assert flaws(verify(journal.add(elsewhere))) == [(Flaw.OTHER_PAYMENT, 1)]
    assert flaws(verify(journal.add(Consent.signed(void, domain, payer)))) == [(Flaw.NO_SAY, 1)]
    forged = replace(good, message=replace(void, held_after=Amount(1)))
    assert flaws(verify(journal.add(forged))) == [(Flaw.SIGNATURE_WRONG, 1)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Flaw.FILE_NOT_GIVEN),
        ({"other.jpg": BOX}, Flaw.FILE_NOT_GIVEN),
        ({"box.jpg": replace(BOX, size=4)}, Flaw.FILE_DIFFERS),
        ({"box.jpg": replace(BOX, sha256=NO_HASH)}, Flaw.FILE_DIFFERS),
        ({"box.jpg": BOX}, None),
    ],
)
def test_a_file_is_compared_with_the_one_given(journal: Journal, given: dict[str, File], expected: Flaw | None) -> None:
    found = flaws(verify(journal.add(BOX), files=given))
    assert found == ([] if expected is None else [(expected, 1)])


def test_an_event_of_another_payment_or_contract_is_named(
    journal: Journal, happened: EventMaker, people: dict[str, Address]
) -> None:
    for event in (
        happened("Voided", 3, args={"paymentId": "0x" + HASH.hex()}),
        happened("Voided", 3, contract=people["stranger"]),
    ):
        assert flaws(verify(journal.add(event))) == [(Flaw.OTHER_PAYMENT, 1)]


def on_chain(journal: Journal, kept: Iterable[Record], chain: Iterable[ChainEvent]) -> list[tuple[Flaw, int | None]]:
    return flaws(verify(with_all(journal, *kept), chain=chain))


def test_every_event_must_be_on_the_chain_as_it_is_told(journal: Journal, happened: EventMaker) -> None:
    one, two = happened("Authorized", 3), happened("Voided", 5)
    assert on_chain(journal, [one, two], [one, two]) == []
    assert on_chain(journal, [one, two], [one]) == [(Flaw.EVENT_NOT_ON_CHAIN, 2)]
    for changes in (
        {"name": "Released"},
        {"args": dict(two.args) | {"holding": "6"}},
        {"transaction": HASH},
        {"block": 6},
    ):
        assert on_chain(journal, [one, two], [one, replace(two, **changes)]) == [(Flaw.EVENT_NOT_ON_CHAIN, 2)]
    moved = happened("Voided", 5, block_hash=HASH)
    assert (Flaw.EVENT_NOT_ON_CHAIN, 2) in on_chain(journal, [one, two], [one, moved])


def test_no_event_is_missing_up_to_the_last_block_that_is_named(journal: Journal, happened: EventMaker) -> None:
    one, two, same, later = (
        happened("Authorized", 3),
        happened("Voided", 5),
        happened("Refunded", 5, log_index=1),
        happened("Expired", 6),
    )
    assert on_chain(journal, [two], [one, two]) == [(Flaw.EVENT_MISSING, None)]
    assert on_chain(journal, [one, two], [one, two, same]) == [(Flaw.EVENT_MISSING, None)]
    assert on_chain(journal, [one, two], [one, two, later]) == [(Flaw.CHAIN_AHEAD, None)]
    assert on_chain(journal, [], [one]) == [(Flaw.CHAIN_AHEAD, None)]


def test_what_was_undone_must_not_be_on_the_chain(journal: Journal, happened: EventMaker) -> None:
    one, two, again = happened("Authorized", 3), happened("Voided", 4), happened("Voided", 4, block_hash=HASH)
    undone = Undone(block_hash=two.block_hash, log_index=two.log_index)
    assert on_chain(journal, [one, two, undone, again], [one, again]) == []
    assert on_chain(journal, [one, two, undone, again], [one, two, again]) == [(Flaw.EVENT_MISSING, None)]
    assert on_chain(journal, [one, two, undone, two], [one, two]) == []


def test_a_dispute_covers_the_journal_up_to_the_head_that_it_names(
    journal: Journal, happened: EventMaker, disputed: Callable[[int, Hash32], ChainEvent], payer: Signer
) -> None:
    one = happened("Authorized", 3)
    before = with_all(journal, one, BOX)
    dispute = disputed(4, before.head)
    after = with_all(before, dispute, replace(BOX, name="late.jpg"))
    files = {"box.jpg": BOX, "late.jpg": replace(BOX, name="late.jpg")}

    report = verify(after, files=files, chain=[one, dispute])
    assert report.findings == ()
    assert report.anchored == 2

    rewritten = with_all(journal, one, replace(BOX, size=9), dispute)
    found = verify(rewritten, files={"box.jpg": replace(BOX, size=9)}, chain=[one, dispute])
    assert flaws(found) == [(Flaw.EVIDENCE_UNKNOWN, None)]
    assert found.anchored is None


def test_of_two_disputes_the_one_that_covers_more_counts(
    journal: Journal, disputed: Callable[[int, Hash32], ChainEvent]
) -> None:
    first = journal.add(BOX)
    one, two = disputed(4, journal.head), disputed(5, first.head)
    for chain in ([one, two], [two, one]):
        assert verify(first, chain=chain).anchored == 1


def test_a_hash_behind_a_broken_link_covers_nothing(
    journal: Journal, happened: EventMaker, disputed: Callable[[int, Hash32], ChainEvent]
) -> None:
    one = happened("Authorized", 3)
    sound = with_all(journal, one, BOX)
    forged = replace(sound.entries[2], record=replace(BOX, size=9))
    tampered = replace(sound, entries=(*sound.entries[:2], forged))
    report = verify(tampered, chain=[one, disputed(4, sound.head)])
    assert report.anchored is None
    assert (Flaw.EVIDENCE_UNKNOWN, None) in flaws(report)


def test_a_dispute_without_evidence_asks_nothing_of_the_journal(
    journal: Journal, disputed: Callable[[int, Hash32], ChainEvent]
) -> None:
    dispute = disputed(4, NO_HASH)
    assert on_chain(journal, [dispute], [dispute]) == []


def test_a_report_can_be_read(journal: Journal, payer: Signer) -> None:
    journal = journal.add(Message(author=payer.address, text="Late!"))
    text = str(verify(replace(journal, head=HASH)))
    assert "broken" in text.splitlines()[0]
    assert any(line.strip().startswith("message-unsigned at entry 1:") for line in text.splitlines())
    assert any(line.strip().startswith("head-differs:") for line in text.splitlines())
    assert "sound" in str(verify(journal))
