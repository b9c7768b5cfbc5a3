"""Where money can be, and how it may move."""

from enum import Enum, StrEnum


class Side(Enum):
    """On which side an account grows."""

    DEBIT = 1
    CREDIT = -1


class Account(StrEnum):
    """Of one token each. `OWNER` is whoever paid the gas; it has the native currency's books only."""

    RECEIVABLE = "receivable"
    CASH = "cash"
    UNDELIVERED = "undelivered"
    REVENUE = "revenue"
    REFUNDS = "refunds"
    LOSS = "loss"
    FEES = "fees"
    OWNER = "owner"

    @property
    def side(self) -> Side:
        """Assets, what lessens revenue, and costs grow by debits; the others by credits."""
        return Side.CREDIT if self in _CREDIT else Side.DEBIT


_CREDIT = {Account.UNDELIVERED, Account.REVENUE, Account.OWNER}
