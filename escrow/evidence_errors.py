"""What consents and journals refuse, and how their file can fail.

Refused
    ConsentOutstanding, DeadlineTooFar, HoldNotFinal     law of consents
    NotEvidence, UnknownJournal                          journal
StoreError
    JournalUnreadable, JournalBusy, JournalFailed, JournalOfAnotherProcess
"""

from chain.errors import Refused, StoreError
from chain.units import Hash32


class ConsentOutstanding(Refused):
    """What the payee has signed or sent could land beside this, and both would be paid; wait until `deadline`."""

    says = "a {wanted} would come on top of a {outstanding} that is open until {deadline}"
    wanted: str
    outstanding: str
    deadline: int


class DeadlineTooFar(Refused):
    """Until its deadline a half-signed Settle or Amend is the other side's free option."""

    says = "a deadline of {deadline} leaves the other side a choice for too long; the latest is {latest}"
    deadline: int
    latest: int


class HoldNotFinal(Refused):
    """A level counts from what is held, and that may still be undone: wait until it is final."""

    says = "the newest block says {held}, a final one {final}"
    retryable = True
    held: int
    final: int


class NotEvidence(Refused):
    """A record that would break the journal; `flaw` is a finding's name. Nothing was written."""

    says = "{flaw}: {why}"
    flaw: str
    why: str


class UnknownJournal(Refused):
    """The file has no journal of this payment; opening it needs the payment's terms."""

    says = "no journal of this payment in {path}"
    path: str
    payment_id: Hash32


class JournalUnreadable(StoreError):
    """The file holds no journals, or it is damaged."""

    says = "{path} can't be read: {why}"
    path: str
    why: str


class JournalBusy(StoreError):
    """Another process has kept the file locked for too long; nothing was written."""

    says = "{path} has been locked for {seconds} s"
    retryable = True
    path: str
    seconds: float


class JournalFailed(StoreError):
    """The disk is full or broken; what was answered before is safe, this was not written."""

    says = "{path} can't be written: {why}"
    path: str
    why: str


class JournalOfAnotherProcess(StoreError):
    """An open file can't be carried through a fork: open it in the child."""

    says = "{path} was opened before a fork; open it after"
    path: str
