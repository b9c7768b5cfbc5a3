"""What following a chain can meet, and how its file can fail.

ChainError
    FinalBlockUndone                                     nothing goes on until a person has looked
    BlockGone, FinalOnAnotherBranch, LogsDisagree        a reorg under way, or nodes that lag: ask again
    ParentMissing                                        a node whose blocks don't fit together
    NotFinal, TransactionUndone                          waiting for a transaction
InvalidValue
    CursorOfAnotherLevel
StoreError
    FollowedUnreadable, FollowedBusy, FollowedFailed, FollowedOfAnotherProcess, FollowedOfAnotherChain, FollowedMoved
"""

from chain.errors import ChainError, InvalidValue, StoreError


class FinalBlockUndone(ChainError):
    """A block that was final is not in the node's chain: nothing is believed until a person has looked."""

    says = "block {number} was final as {ours}, the node has {theirs} there"
    number: int
    ours: str
    theirs: str


class ParentMissing(ChainError):
    """A branch that begins on no block that we have."""

    says = "block {number} stands on {parent}, which we don't have"
    number: int
    parent: str


class BlockGone(ChainError):
    """The node has just named this block, and now doesn't have it: a reorg under way, or several nodes at one URL."""

    says = "block {block} is not to be had from the node that named it"
    retryable = True
    block: str


class FinalOnAnotherBranch(ChainError):
    """The final block is on another branch than the newest one: a reorg under way, or nodes that disagree."""

    says = "the final block {number} is {theirs}, but the newest one stands on {ours}"
    retryable = True
    number: int
    ours: str
    theirs: str


class LogsDisagree(ChainError):
    """The logs of a range are not those of its blocks, asked one by one; nothing of it is final."""

    says = "the logs of blocks {first} to {last} differ from those of each block"
    retryable = True
    first: int
    last: int


class NotFinal(ChainError):
    """The transaction is `depth` blocks deep (0: in no block), and `needed` are final; wait for it again."""

    says = "transaction {transaction} is {depth} blocks deep, {needed} are needed"
    retryable = True
    transaction: str
    depth: int
    needed: int


class TransactionUndone(ChainError):
    """A reorg has replaced the transaction's block, and no block has it, or it failed there; it may yet come back."""

    says = "transaction {transaction} was undone with block {block_hash}"
    transaction: str
    block_hash: str


class CursorOfAnotherLevel(InvalidValue):
    """A cursor reads either all events with those undone, or final ones: what it has seen differs."""

    says = "cursor {cursor} reads {found} events, not {wanted} ones"
    cursor: str
    found: str
    wanted: str


class FollowedUnreadable(StoreError):
    """Not a follower's file, or it is damaged; a new one can be read from the chain."""

    says = "{path} can't be read: {why}"
    path: str
    why: str


class FollowedFailed(StoreError):
    """The disk refuses."""

    says = "{path} fails: {why}"
    path: str
    why: str


class FollowedBusy(StoreError):
    """Another process keeps the file to itself for too long."""

    says = "{path} has been busy for {seconds:g} s"
    retryable = True
    path: str
    seconds: float


class FollowedOfAnotherProcess(StoreError):
    """Open it in the process that uses it: SQLite's files don't survive a fork."""

    says = "{path} was opened by another process"
    path: str


class FollowedOfAnotherChain(StoreError):
    """The file was made for another chain, or for other contracts; `what` says which of these differs."""

    says = "{path} was made for another {what}"
    path: str
    what: str


class FollowedMoved(StoreError):
    """Another process has taken a step meanwhile; this one's was not written."""

    says = "{path} was moved on by another process"
    retryable = True
    path: str
