from collections.abc import Callable
from dataclasses import replace
from hashlib import sha3_256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import InvalidValue, Malformed
from chain.keccak import keccak
from chain.signer import Signer
from chain.units import Hash32
from escrow import Payment
from escrow.journal import Agreement, Entry, Journal, Message, read_export, write_export
from escrow.journal import export as exporting
from escrow.journal.strict_json import canonical


@pytest.fixture
def talk(journal: Journal, payer: Signer, payee: Signer) -> Journal:
    """With two messages."""
    return journal.add(Message(author=payer.address, text="Late!")).add(Message(author=payee.address, text="Sorry."))


def test_an_entry_is_keccak_of_the_one_before_and_its_record(talk: Journal, payment: Payment) -> None:
    previous = bytes(payment.payment_id)
    for entry in talk.entries:
        record = canonical({"kind": entry.record.kind} | entry.record.to_json()).encode()
        assert entry.hash == keccak(previous + record) != sha3_256(previous + record).digest()
        previous = entry.hash
    assert talk.head == previous


def test_a_journal_begins_with_its_agreement(journal: Journal, payment: Payment) -> None:
    assert journal.payment_id == payment.payment_id
    assert journal.agreement == Agreement.of(payment.terms, payment.domain)
    assert journal.breaks() == []


def test_a_journal_without_its_agreement_has_none(talk: Journal) -> None:
    assert replace(talk, entries=()).agreement is None
    assert replace(talk, entries=talk.entries[1:]).agreement is None


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_changed_record_breaks_its_link_and_no_other(talk: Journal, position: int, payer: Signer) -> None:
    entries = list(talk.entries)
    entries[position] = replace(entries[position], record=Message(author=payer.address, text="else"))
    assert replace(talk, entries=tuple(entries)).breaks() == [position]


def test_entries_that_were_swapped_or_left_out_break(talk: Journal) -> None:
    first, second, third = talk.entries
    assert replace(talk, entries=(first, third, second)).breaks() == [1, 2]
    assert replace(talk, entries=(first, third)).breaks() == [1]
    assert replace(talk, payment_id=Hash32(bytes(32))).breaks() == [0]


def test_an_export_is_read_as_it_was_written(talk: Journal) -> None:
    data = write_export(talk)
    assert read_export(data) == talk
    assert data.count(b"\n") == 1 + len(talk.entries)
    assert data.isascii()


@given(cut=st.integers(min_value=1, max_value=400))
def test_an_export_that_was_cut_is_refused_or_seen_to_be_shorter(cut: int) -> None:
    journal = _SAMPLE
    data = write_export(journal)[:-cut]
    try:
        found = read_export(data)
    except InvalidValue:
        return
    assert len(found.entries) < len(journal.entries)
    assert not _whole(found)


@given(st.data())
def test_an_export_that_was_altered_is_refused_or_differs(data: st.DataObject) -> None:
    written = bytearray(write_export(_SAMPLE))
    position = data.draw(st.integers(0, len(written) - 1))
    written[position] = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[position]))
    try:
        found = read_export(bytes(written))
    except InvalidValue:
        return
    assert found != _SAMPLE or _is_case(written, position)
    assert found == _SAMPLE or not _whole(found)


def _whole(journal: Journal) -> bool:
    last = journal.entries[-1].hash if journal.entries else journal.payment_id
    return not journal.breaks() and journal.head == last


def _is_case(written: bytearray, position: int) -> bool:
    """A hex digit may be written large or small."""
    return chr(written[position]).isalpha()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(b"earnest-journal-1", b"earnest-journal-2"),
        lambda data: data.removesuffix(b"\n"),
        lambda data: data + b"\n",
        lambda data: data.replace(b"Late", "Spät".encode()),
        lambda data: b"",
        lambda data: b"\n",
        lambda data: b"{}\n" + data,
        lambda data: data.replace(b'"head"', b'"tail"'),
        lambda data: data + b"{" * 100_000 + b"\n",
    ],
)
def test_what_is_no_export_is_refused(talk: Journal, spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InvalidValue):
        read_export(spoil(write_export(talk)))


def test_an_export_has_an_end(talk: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_export(talk)
    monkeypatch.setattr(exporting, "LONGEST", len(data))
    assert read_export(data) == talk
    monkeypatch.setattr(exporting, "LONGEST", len(data) - 1)
    with pytest.raises(Malformed):
        read_export(data)


def _sample() -> Journal:
    author = Signer(keccak(b"author")).address
    empty = Journal(payment_id=Hash32(b"\x01" * 32), head=Hash32(b"\x01" * 32))
    return empty.add(Message(author=author, text="one")).add(Message(author=author, text="two"))


_SAMPLE = _sample()


def test_an_entry_claims_its_hash_as_it_was_read() -> None:
    entry = _SAMPLE.entries[0]
    claimed = Entry.from_json(entry.to_json() | {"hash": "0x" + "00" * 32})
    assert claimed == replace(entry, hash=Hash32(bytes(32)))
