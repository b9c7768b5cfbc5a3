"""What can't be booked.

InvalidValue
    Overdrawn  BookedTwice  BooksDiffer
"""

from chain.errors import InvalidValue


class Overdrawn(InvalidValue):
    """More would leave an account than is in it, in base units: a fact is missing, or was booked twice."""

    says = "{account} has {balance}, {amount} can't leave it"
    account: str
    balance: int
    amount: int


class BookedTwice(InvalidValue):
    """A key is delivered once, and a transaction settles one channel, or costs its fee, once."""

    says = "{memo!r} is booked already"
    memo: str


class BooksDiffer(InvalidValue):
    """The ledger and the store that it was made from disagree, in base units."""

    says = "{what} is {booked} in the books, and {expected} in the store"
    what: str
    booked: int
    expected: int
