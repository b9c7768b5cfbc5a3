import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chain.signer import Signer
from chain.units import Amount, Hash32, Seconds
from escrow import Payment, conditions, messages
from escrow.evidence import JournalFile, OpenJournal
from escrow.evidence_errors import NotEvidence, UnknownJournal
from escrow.journal import Agreement, Consent, File, Flaw, Message, Signature, read_export, verify, write_export

HASH = Hash32(b"\x07" * 32)
BOX = File(name="box.jpg", size=3, sha256=HASH)


def test_a_journal_begins_with_the_agreement_however_often_it_is_opened(
    file: JournalFile, journal: OpenJournal, payment: Payment
) -> None:
    journal.add(BOX)
    again = file.open(payment)
    assert again.head == journal.head
    assert again.read().records == (Agreement.of(payment.terms, payment.domain), BOX)


def test_a_journal_of_which_nothing_was_kept_is_unknown(file: JournalFile, payment: Payment) -> None:
    with pytest.raises(UnknownJournal) as caught:
        file.find(payment.payment_id)
    assert caught.value.payment_id == payment.payment_id
    assert file.payments() == []


def test_what_was_added_is_there_when_the_file_is_opened_again(
    opened: Callable[[Path], JournalFile], path: Path, payment: Payment, payer: Signer
) -> None:
    first = opened(path)
    said = first.open(payment).say("Late!", payer)
    first.close()
    found = opened(path).find(payment.payment_id)
    assert found.read().entries[1:] == tuple(said)
    assert found.head == said[-1].hash


def test_journals_of_one_file_do_not_mix(file: JournalFile, pay: Callable[..., Payment]) -> None:
    one, two = pay(salt=1), pay(salt=2)
    file.open(one).add(BOX)
    file.open(two)
    assert len(file.find(one.payment_id).read().entries) == 2
    assert len(file.find(two.payment_id).read().entries) == 1
    assert file.payments() == sorted([one.payment_id, two.payment_id])


def test_the_file_keeps_what_the_value_would_hold(journal: OpenJournal, payer: Signer, payee: Signer) -> None:
    journal.say("Late!", payer)
    journal.add(Message(author=payee.address, text="By phone: he is sorry."), BOX)
    journal.sign(payee)

    found = journal.read()

    assert found.breaks() == []
    assert found.head == found.entries[-1].hash == journal.head
    assert read_export(write_export(found)) == found
    report = verify(found, files={"box.jpg": BOX})
    assert [(f.flaw, f.entry) for f in report.findings] == [(Flaw.MESSAGE_UNSIGNED, 3), (Flaw.CHAIN_NOT_ASKED, None)]


def test_what_a_party_says_it_signs_and_a_signed_head_covers_all_before(
    journal: OpenJournal, payer: Signer, payee: Signer
) -> None:
    message, signature = journal.say("Late!", payer)
    assert signature.record == Signature.under(message.hash, journal.payment_id, journal.agreement.domain, payer)
    head = journal.head
    seen = journal.sign(payee)
    assert isinstance(seen.record, Signature)
    assert seen.record.entry == head


def test_what_would_break_the_journal_is_not_written(
    journal: OpenJournal, payment: Payment, payer: Signer, payee: Signer
) -> None:
    void = messages.Void(payment_id=payment.payment_id, held_after=Amount(0), deadline=Seconds(9))
    good = Consent.signed(void, payment.domain, payee)
    domain, before = payment.domain, journal.head
    wrong = [
        ("agreement-repeated", journal.agreement),
        ("entry-unknown", Signature.under(HASH, payment.payment_id, domain, payer)),
        ("signature-wrong", Signature.under(before, HASH, domain, payer)),
        ("signature-wrong", replace(good, signature=bytes(65))),
        ("no-say", Consent.signed(void, domain, payer)),
        ("other-payment", Consent.signed(replace(void, payment_id=HASH), domain, payee)),
    ]
    for flaw, record in wrong:
        with pytest.raises(NotEvidence) as caught:
            journal.add(BOX, record)
        assert caught.value.flaw == flaw
        assert journal.head == before, "what came before it in the same call went with it"


def test_the_condition_that_is_shown_must_be_the_agreed_one(file: JournalFile, pay: Callable[..., Payment]) -> None:
    lock = conditions.hash_lock(sha256=HASH)
    payment = pay(condition=lock.address, condition_hash=lock.data_hash)
    with pytest.raises(NotEvidence) as caught:
        file.open(payment, conditions.hash_lock(keccak=HASH))
    assert caught.value.flaw == "condition-differs"
    assert file.payments() == []
    assert file.open(payment, lock).agreement.condition == (lock.address, lock.data)


def test_records_are_found_by_their_kind(journal: OpenJournal, payer: Signer) -> None:
    message, signature = journal.say("Late!", payer)
    journal.add(BOX)
    assert journal.records(File) == [BOX]
    assert journal.records(Message, Signature) == [message.record, signature.record]
    assert len(journal.records()) == 4


def test_who_rewrites_the_file_is_found_out(journal: OpenJournal, path: Path, payer: Signer) -> None:
    journal.say("Late!", payer)
    other = sqlite3.connect(path)
    other.execute("DROP TRIGGER unchanged")
    other.execute("UPDATE entries SET record = replace(record, 'Late!', 'Great') WHERE kind = 'message'")
    other.commit()
    other.close()
    assert [finding.flaw for finding in verify(journal.read()).broken] == [Flaw.LINK_BROKEN]


def test_a_file_in_memory_ends_with_it(opened: Callable[[str], JournalFile], payment: Payment) -> None:
    first = opened(":memory:")
    first.open(payment).add(BOX)
    assert opened(":memory:").payments() == []


def test_a_file_is_closed_with_its_block(path: Path, payment: Payment) -> None:
    with JournalFile(path) as file:
        file.open(payment)
    with pytest.raises(Exception, match="closed"):
        file.payments()
