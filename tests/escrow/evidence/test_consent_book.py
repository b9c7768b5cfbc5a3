import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chain.signer import Signer
from chain.signing import recover
from chain.units import Address, Amount, Seconds
from escrow import Holding, Payment, actions, messages
from escrow.consents import SENDING_PERIOD
from escrow.evidence import ConsentBook, JournalFile
from escrow.evidence_errors import ConsentOutstanding, DeadlineTooFar, HoldNotFinal, NotEvidence
from escrow.journal import Consent, Intent, verify

NOW = Seconds(2_000_000_000)
LATE = Seconds(NOW + 3_600)


@pytest.fixture
def book(file: JournalFile) -> ConsentBook:
    return ConsentBook(file)


@pytest.fixture
def settle(payment: Payment) -> messages.Settle:
    return messages.Settle(payment_id=payment.payment_id, to_payer=Amount(30), deadline=LATE)


@pytest.fixture
def void(payment: Payment) -> messages.Void:
    return messages.Void(payment_id=payment.payment_id, held_after=Amount(70), deadline=LATE)


@pytest.fixture
def sign(payment: Payment, payee: Signer) -> Callable[..., bytes]:
    """The payee signs."""
    return lambda book, message, now=NOW, **more: book.sign(
        message, payment, payee, now, **({"latest": payment.holding} | more)
    )


Sign = Callable[..., bytes]


def test_a_signature_is_kept_and_is_the_signers(
    book: ConsentBook, sign: Sign, settle: messages.Settle, file: JournalFile, payment: Payment, payee: Signer
) -> None:
    signature = sign(book, settle)
    assert recover(payment.domain.digest(settle), signature) == payee.address
    (kept,) = file.find(payment.payment_id).records(Consent)
    assert kept == Consent(message=settle, signer=payee.address, signature=signature)
    assert verify(file.find(payment.payment_id).read()).sound


def test_the_same_message_is_kept_once(
    book: ConsentBook, sign: Sign, settle: messages.Settle, file: JournalFile, payment: Payment
) -> None:
    assert sign(book, settle) == sign(book, settle)
    assert len(file.find(payment.payment_id).records(Consent)) == 1
    sign(book, replace(settle, to_payer=Amount(31)))
    assert len(file.find(payment.payment_id).records(Consent)) == 2


def test_what_adds_up_is_neither_signed_nor_kept(
    book: ConsentBook, sign: Sign, settle: messages.Settle, void: messages.Void, file: JournalFile, payment: Payment
) -> None:
    sign(book, settle)
    with pytest.raises(ConsentOutstanding):
        sign(book, void)
    assert len(file.find(payment.payment_id).records(Consent)) == 1
    sign(book, void, LATE)


def test_another_process_is_bound_by_what_this_one_signed(
    opened: Callable[[Path], JournalFile], path: Path, sign: Sign, settle: messages.Settle, void: messages.Void
) -> None:
    sign(ConsentBook(opened(path)), settle)
    with pytest.raises(ConsentOutstanding):
        sign(ConsentBook(opened(path)), void)


@pytest.fixture
def verbs(people: dict[str, Address]) -> dict[str, Any]:
    payee = people["payee"]
    return {
        "Void": actions.Void(caller=payee, held_after=Amount(70)),
        "Refund": actions.Refund(caller=payee, held=Amount(100), refundable_after=Amount(0)),
    }


@pytest.mark.parametrize("verb", ["Void", "Refund"])
def test_a_verb_on_its_way_and_a_settle_exclude_each_other(
    book: ConsentBook,
    sign: Sign,
    settle: messages.Settle,
    payment: Payment,
    file: JournalFile,
    verbs: dict[str, Any],
    verb: str,
) -> None:
    book.check_action(verbs[verb], payment, NOW, latest=payment.holding)
    (intent,) = file.find(payment.payment_id).records(Intent)
    assert isinstance(intent, Intent)
    assert (intent.verb, intent.deadline) == (verb, NOW + SENDING_PERIOD)
    with pytest.raises(ConsentOutstanding):
        sign(book, settle, Seconds(NOW + SENDING_PERIOD - 1))
    sign(book, settle, Seconds(NOW + SENDING_PERIOD))


def test_a_verb_that_adds_up_is_refused_and_not_kept(
    book: ConsentBook, sign: Sign, settle: messages.Settle, payment: Payment, file: JournalFile, verbs: dict[str, Any]
) -> None:
    sign(book, settle)
    for verb in verbs.values():
        with pytest.raises(ConsentOutstanding):
            book.check_action(verb, payment, NOW, latest=payment.holding)
    assert file.find(payment.payment_id).records(Intent) == []


def test_a_verb_that_nothing_adds_up_with_is_not_kept(
    book: ConsentBook, payment: Payment, file: JournalFile, people: dict[str, Address]
) -> None:
    book.check_action(
        actions.Capture(caller=people["operator"], held_after=Amount(0)), payment, NOW, latest=payment.holding
    )
    assert len(file.find(payment.payment_id).records()) == 1


def test_levels_deadlines_and_parties_are_looked_at(
    book: ConsentBook, sign: Sign, settle: messages.Settle, payment: Payment, file: JournalFile, signers: Any
) -> None:
    with pytest.raises(HoldNotFinal):
        sign(book, settle, latest=Holding(held=Amount(99), used=True))
    far = replace(settle, deadline=Seconds(NOW + 10**6))
    with pytest.raises(DeadlineTooFar):
        sign(book, far)
    with pytest.raises(NotEvidence) as caught:
        book.sign(settle, payment, signers["stranger"], NOW, latest=payment.holding)
    assert caught.value.flaw == "no-say"
    assert len(file.find(payment.payment_id).records()) == 1
    sign(book, far, longest=Seconds(10**6))


@pytest.fixture
def forgetful() -> Iterator[ConsentBook]:
    with ConsentBook() as book:
        yield book


def test_a_book_without_a_path_keeps_the_law_as_long_as_it_lives(
    forgetful: ConsentBook, sign: Sign, settle: messages.Settle, void: messages.Void
) -> None:
    sign(forgetful, settle)
    with pytest.raises(ConsentOutstanding):
        sign(forgetful, void)


def test_a_book_has_a_file_of_its_own_by_its_path(
    path: Path, sign: Sign, settle: messages.Settle, void: messages.Void
) -> None:
    with ConsentBook(path) as book:
        sign(book, settle)
    with ConsentBook(path) as book, pytest.raises(ConsentOutstanding):
        sign(book, void)


def test_of_two_threads_that_sign_what_adds_up_one_is_refused(
    opened: Callable[[Path], JournalFile], path: Path, sign: Sign, settle: messages.Settle, void: messages.Void
) -> None:
    """Each has a connection of its own, as two processes have."""
    outcomes: list[str] = []
    for round_ in range(20):
        deadline = Seconds(LATE - round_)
        ready, outcomes = threading.Barrier(2), []

        def attempt(
            book: ConsentBook, message: Any, ready: threading.Barrier = ready, outcomes: list[str] = outcomes
        ) -> None:
            ready.wait()
            try:
                sign(book, message)
                outcomes.append("signed")
            except ConsentOutstanding:
                outcomes.append("refused")

        place = path.with_name(f"{round_}.db")
        wanted = (replace(settle, deadline=deadline), replace(void, deadline=deadline))
        threads = [threading.Thread(target=attempt, args=(ConsentBook(opened(place)), one)) for one in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["refused", "signed"]
