"""What can go wrong with a store.

StoreError
    StoreUnreadable  StoreVersion  StoreOfAnotherChain  StoreOfAnotherProcess  StoreBusy  StoreFailed
    StoreRolledBack
"""

from chain.errors import StoreError


class StoreUnreadable(StoreError):
    """The file is no store of this kind, or it is damaged."""

    says = "{path} can't be read: {why}"
    path: str
    why: str


class StoreVersion(StoreError):
    """Another version of Earnest wrote the file."""

    says = "{path} has version {found}, not {expected}"
    path: str
    found: int
    expected: int


class StoreOfAnotherChain(StoreError):
    """The file belongs to channels of another chain or contract: amounts there mean nothing here."""

    says = "{path} belongs to another chain or contract"
    path: str


class StoreOfAnotherProcess(StoreError):
    """An open store can't be carried through a fork: open it in the child."""

    says = "{path} was opened before a fork; open it after"
    path: str


class StoreBusy(StoreError):
    """Another process has kept the file locked for too long; nothing was written."""

    says = "{path} has been locked for {seconds} s"
    retryable = True
    path: str
    seconds: float


class StoreFailed(StoreError):
    """The disk is full or broken; what was answered before is safe, this was not written."""

    says = "{path} can't be written: {why}"
    path: str
    why: str


class StoreRolledBack(StoreError):
    """The store is older than the mark beside it, or has none: an old backup, which has forgotten what came after it.

    Opened as restored, it goes on with what the other side and the chain know.
    """

    says = "{path} is at change {found}, and the mark beside it says {expected}: was it restored from a backup?"
    path: str
    found: int
    expected: int | None
