"""What an outbox refuses, and how its file can fail.

InvalidValue
    NoOutbox
Refused
    IntentKeyReused, UnknownIntent
ChainError
    IntentOpen, IntentGivenUp, IntentRestored
StoreError
    OutboxUnreadable, OutboxBusy, OutboxFailed, OutboxOfAnotherProcess, OutboxOfAnotherChain,
    OutboxLeaseLost, OutboxRolledBack
"""

from chain.errors import ChainError, InvalidValue, Refused, StoreError


class NoOutbox(InvalidValue):
    """A key promises that a repeat does no more than the first call; without an outbox nothing would remember it."""

    says = "key {key!r} needs an outbox: Chain.connect(..., outbox=path)"
    key: str


class IntentKeyReused(Refused):
    """The key stands for another transaction already; `differs` names what is not the same. Nothing was written."""

    says = "key {key!r} was used before, with another {differs}"
    key: str
    differs: str


class UnknownIntent(Refused):
    """The outbox has nothing under this key."""

    says = "no intent {key!r} in the outbox"
    key: str


class IntentOpen(ChainError):
    """It may still happen, and it will happen at most once: ask for its result again, or submit the same key again."""

    says = "intent {key!r} is {stage} after {seconds} seconds: {why}"
    retryable = True
    key: str
    stage: str
    seconds: float
    why: str


class IntentGivenUp(ChainError):
    """It has not happened and never will."""

    says = "intent {key!r} is given up: {why}"
    key: str
    why: str


class IntentRestored(ChainError):
    """It was open in an old backup, and nobody knows whether it has happened since: look, then `resubmit` it."""

    says = "intent {key!r} was open in a backup that was restored, and may have happened since: look, then resubmit it"
    key: str


class OutboxUnreadable(StoreError):
    """The file is no outbox of this version, or it is damaged."""

    says = "{path} can't be read: {why}"
    path: str
    why: str


class OutboxBusy(StoreError):
    """Another process has kept the file locked for too long; nothing was written."""

    says = "{path} has been locked for {seconds} s"
    retryable = True
    path: str
    seconds: float


class OutboxFailed(StoreError):
    """The disk is full or broken; what was answered before is safe, this was not written."""

    says = "{path} can't be written: {why}"
    path: str
    why: str


class OutboxOfAnotherProcess(StoreError):
    """An open file can't be carried through a fork: open it in the child."""

    says = "{path} was opened before a fork; open it after"
    path: str


class OutboxOfAnotherChain(StoreError):
    """Nonces count on one chain only."""

    says = "{path} belongs to chain {found}, not {expected}"
    path: str
    expected: int
    found: int


class OutboxLeaseLost(StoreError):
    """Another process sends for the account by now; what this one had decided was not written."""

    says = "{path}: another process has taken over the account {account}"
    retryable = True
    path: str
    account: str


class OutboxRolledBack(StoreError):
    """The file is older than the mark beside it: an old backup, which would send again what was sent since.

    Opened as restored, it goes on with what it had signed, and signs nothing of the rest by itself.
    """

    says = "{path} has {found} changes, and {marked} were made: it is an old backup"
    path: str
    found: int
    marked: int | None
