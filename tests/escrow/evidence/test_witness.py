import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chain import AsyncLocalChain, LocalChain, Signer
from chain.typed_data import Domain
from chain.units import Hash32
from escrow import AsyncEscrow, Escrow, Payment, Terms
from escrow.errors import OtherEscrow
from escrow.evidence import AsyncWitness, JournalFile, OpenJournal, Witness
from escrow.flags import PAYER_MAY_DISPUTE
from escrow.journal import Agreement, ChainEvent, File, Flaw, Journal, Report, Undone

BOX = File(name="box.jpg", size=3, sha256=Hash32(b"\x07" * 32))
Offer = Callable[..., Terms]


def terms_over(amount: Any, now: int, signers: dict[str, Signer], **changes: Any) -> Terms:
    common: dict[str, Any] = {
        "payer": signers["payer"].address,
        "payee": signers["payee"].address,
        "amount": amount,
        "operator": signers["operator"].address,
        "expiry": now + 86_400,
        "if_expired": "payer",
    }
    return Terms.card(**common | changes)


@pytest.fixture(scope="module")
def node(signers: dict[str, Signer]) -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        for signer in signers.values():
            chain.fund(signer.address)
        yield chain


@pytest.fixture
def chain(node: LocalChain) -> Iterator[LocalChain]:
    before = node.snapshot()
    yield node
    node.restore(before)


@pytest.fixture
def offer(chain: LocalChain, signers: dict[str, Signer]) -> Offer:
    return lambda **changes: terms_over(chain.token("USDC")("120"), chain.now(), signers, **changes)


@pytest.fixture
def act(chain: LocalChain, signers: dict[str, Signer]) -> dict[str, Escrow]:
    return {role: Escrow(chain, signer) for role, signer in signers.items()}


@pytest.fixture
def payment(act: dict[str, Escrow], offer: Offer) -> Payment:
    """Authorized, with another one beside it."""
    act["payer"].authorize(offer())
    return act["payer"].authorize(offer())


@pytest.fixture
def witness(chain: LocalChain) -> Witness:
    return Witness(chain)


def flaws(report: Report) -> list[Flaw]:
    return [finding.flaw for finding in report.findings]


def test_events_of_this_payment_alone_are_written_once(
    witness: Witness, journal: OpenJournal, payment: Payment, act: dict[str, Escrow]
) -> None:
    usdc = act["payee"].chain.token("USDC")
    (authorized,) = witness.follow(journal)
    assert witness.follow(journal) == []
    act["operator"].capture(payment, up_to=usdc("20"))
    act["payee"].void(payment)
    captured, voided = witness.follow(journal)

    records = [entry.record for entry in (authorized, captured, voided)]
    assert [record.name for record in records if isinstance(record, ChainEvent)] == ["Authorized", "Captured", "Voided"]
    assert isinstance(authorized.record, ChainEvent)
    assert authorized.record.args["holding"] == str(120_000_000 + 2**255)
    assert payment.receipt is not None
    assert authorized.record.block_hash.hex() == payment.receipt.block_hash[2:]
    assert flaws(witness.verify(journal.read())) == []


def test_a_journal_that_hides_alters_or_invents_an_event_is_broken(
    witness: Witness, journal: OpenJournal, payment: Payment, act: dict[str, Escrow]
) -> None:
    act["payee"].void(payment)
    authorized, voided = (entry.record for entry in witness.follow(journal))
    agreement = journal.agreement
    assert isinstance(voided, ChainEvent)
    assert isinstance(authorized, ChainEvent)

    def told(*events: ChainEvent) -> list[Flaw]:
        value = Journal.begin(agreement)
        for event in events:
            value = value.add(event)
        return flaws(witness.verify(value))

    assert told(authorized, voided) == []
    assert told(authorized) == [Flaw.CHAIN_AHEAD]
    assert told(voided) == [Flaw.EVENT_MISSING]
    changed = replace(voided, args=dict(voided.args) | {"holding": "0"})
    assert told(authorized, changed) == [Flaw.EVENT_NOT_ON_CHAIN]
    elsewhere = replace(voided, block_hash=Hash32(bytes(32)))
    assert told(authorized, elsewhere) == [Flaw.EVENT_NOT_ON_CHAIN, Flaw.EVENT_MISSING]
    assert told(authorized, voided, replace(voided, log_index=9)) == [Flaw.EVENT_NOT_ON_CHAIN]


def test_a_dispute_on_the_chain_vouches_for_the_journal(
    witness: Witness,
    file: JournalFile,
    act: dict[str, Escrow],
    offer: Offer,
    chain: LocalChain,
    signers: dict[str, Signer],
    tmp_path: Path,
) -> None:
    plain = offer(expiry=chain.now() + 10 * 86_400)
    disputable: dict[str, Any] = {
        "arbiter": signers["arbiter"].address,
        "ruling_period": 3_600,
        "flags": PAYER_MAY_DISPUTE,
        "capture_from": plain.fund_by + 3_600,
    }
    payment = act["payer"].authorize(replace(plain, **disputable), accept=["short-ruling-period", "operator-is-mute"])
    journal = file.open(payment)
    witness.follow(journal)
    journal.say("The box was empty.", signers["payer"])
    journal.add(BOX)
    evidence, covered = journal.head, len(journal.read().entries) - 1
    chain.send(signers["payer"], "Escrow", "dispute", payment.terms, evidence)
    witness.follow(journal)
    journal.say("It was not.", signers["payee"])

    report = witness.verify(journal.read(), files={"box.jpg": BOX})
    assert flaws(report) == []
    assert report.anchored == covered

    with JournalFile(tmp_path / "other.db") as other:
        late = other.open(payment)
        witness.follow(late)
        late.say("The box was full.", signers["payee"])
        report = witness.verify(late.read())
    assert flaws(report) == [Flaw.EVIDENCE_UNKNOWN]
    assert report.anchored is None


def test_a_journal_of_another_chain_is_not_judged_by_this_one(
    witness: Witness, file: JournalFile, payment: Payment
) -> None:
    other = file.open(replace(payment, domain=Domain(1, payment.domain.contract)))
    with pytest.raises(OtherEscrow):
        witness.follow(other)
    with pytest.raises(OtherEscrow):
        witness.verify(other.read())


def test_a_journal_without_an_agreement_asks_the_chain_nothing(witness: Witness, payment: Payment) -> None:
    empty = Journal(payment_id=payment.payment_id, head=payment.payment_id)
    assert flaws(witness.verify(empty)) == [Flaw.AGREEMENT_MISSING, Flaw.CHAIN_NOT_ASKED]


def test_only_blocks_from_the_one_named_are_searched(
    chain: LocalChain, payment: Payment, act: dict[str, Escrow]
) -> None:
    assert payment.receipt is not None
    first = payment.receipt.block_number
    act["payee"].void(payment)
    assert [event.name for event in Witness(chain, since=first).events(payment.payment_id)] == ["Authorized", "Voided"]
    assert [event.name for event in Witness(chain, since=first + 1).events(payment.payment_id)] == ["Voided"]


@pytest.mark.anvil
def test_what_a_reorganisation_undid_is_written_and_stays_provable(signers: dict[str, Signer], path: Path) -> None:
    with LocalChain.start("anvil") as chain, JournalFile(path) as file:
        payer, payee = (Escrow(chain, signers[role]) for role in ("payer", "payee"))
        for role in ("payer", "payee"):
            chain.fund(signers[role].address)
        payment = payer.authorize(terms_over(chain.token("USDC")("120"), chain.now(), signers))
        payee.void(payment)
        journal, witness = file.open(payment), Witness(chain)
        _, voided = witness.follow(journal)
        assert isinstance(voided.record, ChainEvent)
        chain.reorg(1)

        stale = witness.verify(journal.read())
        assert flaws(stale) == [Flaw.EVENT_NOT_ON_CHAIN]
        (undone,) = witness.follow(journal)
        assert undone.record == Undone(block_hash=voided.record.block_hash, log_index=voided.record.log_index)
        assert flaws(witness.verify(journal.read())) == []
        chain.mine()
        payee.void(payment)
        witness.follow(journal)
        assert flaws(witness.verify(journal.read())) == []


def test_the_same_in_asyncio(signers: dict[str, Signer], path: Path) -> None:
    async def told() -> list[Flaw]:
        async with await AsyncLocalChain.start("eth-tester") as chain:
            await chain.fund(signers["payer"].address)
            terms = terms_over((await chain.token("USDC"))("120"), await chain.now(), signers)
            payment = await AsyncEscrow(chain, signers["payer"]).authorize(terms)
            witness = AsyncWitness(chain)
            with JournalFile(path) as file:
                journal = file.open(payment)
                (entry,) = await witness.follow(journal)
                assert isinstance(entry.record, ChainEvent)
                assert journal.agreement == Agreement.of(terms, payment.domain)
                return flaws(await witness.verify(journal.read()))

    assert asyncio.run(told()) == []
