"""Where consents are kept before they leave: signing by the law of consents, with the journal as the disk."""

import os
from functools import cache
from pathlib import Path
from typing import Self

from chain.signer import Signer
from chain.typed_data import TypedData
from chain.units import Seconds
from escrow.actions import Action
from escrow.consents import LONGEST_OPTION, ConsentLog, intent_of, require_may_do, require_may_sign
from escrow.evidence.journal_file import JournalFile, OpenJournal
from escrow.holding import Holding
from escrow.journal.consent import Consent, Intent
from escrow.payment import Payment


class ConsentBook:
    """One party's, or the whole company's: whoever shares the file shares the law. Without a path it forgets with the
    process, and with it what a signature out there still binds to.

    `payment` is always as of a final block and `now` that block's time. Raises what `JournalFile` raises, too.
    """

    def __init__(self, journals: JournalFile | str | Path = ":memory:") -> None:
        self._journals = journals if isinstance(journals, JournalFile) else JournalFile(journals)

    def sign(
        self,
        message: TypedData,
        payment: Payment,
        signer: Signer,
        now: Seconds,
        *,
        latest: Holding,
        longest: Seconds = LONGEST_OPTION,
    ) -> bytes:
        """The 65-byte signature, in the journal before it is returned; the same message gets the same one, once kept.

        Raises `DeadlineTooFar`, `HoldNotFinal`, `ConsentOutstanding`, and `NotEvidence` where the signer has no say.
        """
        journal = self._journals.open(payment)
        with journal.writing():
            log = _log(journal)
            require_may_sign(log, message, payment, signer.address, now, latest=latest, longest=longest)
            consent = Consent.signed(message, payment.domain, signer)
            if consent not in log.bonds:
                journal.add(consent)
        return consent.signature

    def check_action(self, action: Action, payment: Payment, now: Seconds, *, latest: Holding) -> None:
        """Asked before a verb is sent: a void or a refund is kept, so that nothing is signed that adds up with it.

        Raises `ConsentOutstanding`.
        """
        journal = self._journals.open(payment)
        with journal.writing():
            require_may_do(_log(journal), action, payment, now, latest=latest)
            intent = intent_of(action, now)
            if intent is not None:
                journal.add(intent)

    def close(self) -> None:
        """Ends the file's connection."""
        self._journals.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()


def _log(journal: OpenJournal) -> ConsentLog:
    return ConsentLog.of(journal.records(Consent, Intent))


def shared_book() -> ConsentBook:
    """The one in memory, for all clients of this process that name no other: two of one key must know of each other."""
    return _book_of(os.getpid())


@cache
def _book_of(process: int) -> ConsentBook:
    return ConsentBook()
