"""Whether a journal holds together, by itself and by what the chain says."""

from collections.abc import Iterable, Iterator, Mapping

from chain.units import NO_HASH, Hash32
from escrow.journal.events import ChainEvent, standing
from escrow.journal.faults import faults
from escrow.journal.findings import Finding, Flaw, Report
from escrow.journal.journal import Journal
from escrow.journal.statements import File, Message, Signature

Given = Mapping[str, File]
"""Files that were measured, by name."""


def verify(journal: Journal, *, files: Given | None = None, chain: Iterable[ChainEvent] | None = None) -> Report:
    """All findings; `chain` is every event of this payment that the chain has, if it was asked.

    Signatures are checked as those of plain keys: what a contract wallet signed (ERC-1271) is found to be wrong.
    """
    findings = [*_whole(journal), *_agreed(journal), *_recorded(journal), *_not_shown(journal, files or {})]
    anchored = None
    if chain is None:
        findings.append(Finding(Flaw.CHAIN_NOT_ASKED, "whether its events are real was not checked"))
    else:
        events, heads = list(chain), _heads(journal)
        findings += [*_real(journal, events), *_disputes(events, heads)]
        anchored = max((heads[event.evidence] for event in events if event.evidence in heads), default=None)
    return Report(
        payment_id=journal.payment_id, entries=len(journal.entries), findings=tuple(findings), anchored=anchored
    )


def _whole(journal: Journal) -> Iterator[Finding]:
    for position in journal.breaks():
        yield Finding(Flaw.LINK_BROKEN, "its hash is not that of its record after the entry before", position)
    last = journal.entries[-1].hash if journal.entries else journal.payment_id
    if last != journal.head:
        yield Finding(Flaw.HEAD_DIFFERS, f"it ends with {_hex(last)}, not with its head: entries are missing")


def _agreed(journal: Journal) -> Iterator[Finding]:
    agreement = journal.agreement
    if agreement is None:
        yield Finding(Flaw.AGREEMENT_MISSING, "the first entry is no agreement")
        return
    if agreement.payment_id != journal.payment_id:
        yield Finding(Flaw.OTHER_PAYMENT, f"these terms are payment {_hex(agreement.payment_id)}", 0)
    if not agreement.condition_fits:
        yield Finding(Flaw.CONDITION_DIFFERS, "the terms fix another condition than the one shown", 0)
    if not agreement.condition_shown:
        yield Finding(Flaw.CONDITION_NOT_SHOWN, "the terms name a condition whose data are not here", 0)


def _recorded(journal: Journal) -> Iterator[Finding]:
    agreement, before = journal.agreement, set[Hash32]()
    for position, entry in enumerate(journal.entries):
        if agreement and position:
            for flaw, says in faults(entry.record, agreement, before):
                yield Finding(flaw, says, position)
        before.add(entry.hash)


def _not_shown(journal: Journal, files: Given) -> Iterator[Finding]:
    signed = {(record.entry, record.signer) for record in journal.records if isinstance(record, Signature)}
    for position, entry in enumerate(journal.entries):
        match entry.record:
            case Message(author=author) if (entry.hash, author) not in signed:
                yield Finding(Flaw.MESSAGE_UNSIGNED, f"only the journal says that {author} wrote it", position)
            case File(name=name) if name not in files:
                yield Finding(Flaw.FILE_NOT_GIVEN, f"{name} was not given, so its hash was not checked", position)
            case File(name=name) as file if files[name] != file:
                found = f"{files[name].size} bytes, SHA-256 {_hex(files[name].sha256)}"
                yield Finding(Flaw.FILE_DIFFERS, f"{name} as it was given has {found}", position)


def _real(journal: Journal, events: list[ChainEvent]) -> Iterator[Finding]:
    """The journal's standing events are the chain's, all of them up to the last block that the journal names."""
    on_chain, kept = {event.place: event for event in events}, standing(journal.records)
    for position, record in enumerate(journal.records):
        if isinstance(record, ChainEvent) and record.place in kept and on_chain.get(record.place) != record:
            yield Finding(Flaw.EVENT_NOT_ON_CHAIN, f"the chain has no such {record.name} in that block", position)
    last = max((event.block for event in kept.values()), default=-1)
    for event in events:
        if event.place not in kept:
            flaw = Flaw.EVENT_MISSING if event.block <= last else Flaw.CHAIN_AHEAD
            yield Finding(flaw, f"{event.name} of block {event.block} is not in the journal")


def _disputes(events: list[ChainEvent], heads: Mapping[str | None, int]) -> Iterator[Finding]:
    for event in events:
        if event.evidence not in {None, _hex(NO_HASH), *heads}:
            says = f"the dispute of block {event.block} names {event.evidence}, which no head of this journal was"
            yield Finding(Flaw.EVIDENCE_UNKNOWN, says)


def _heads(journal: Journal) -> dict[str | None, int]:
    """Every hash that the journal's head has been, with the position of its entry.

    None can be younger than a dispute that names it: nobody knows a hash before what is hashed. Behind a broken link
    nothing is covered.
    """
    sound = min(journal.breaks(), default=len(journal.entries))
    return {_hex(entry.hash): position for position, entry in enumerate(journal.entries[:sound])}


def _hex(value: Hash32) -> str:
    return "0x" + value.hex()
