"""A payee's books by double entry: what was accepted, delivered, refunded and settled, and what it cost."""

from channels.ledger.accounts import Account, Side
from channels.ledger.csv_form import from_csv, to_csv
from channels.ledger.entry import Entry
from channels.ledger.errors import BookedTwice, BooksDiffer, Overdrawn
from channels.ledger.facts import Accepted, Delivered, Fact, Fee, Forgone, Refunded, Returned, Settled
from channels.ledger.json_form import from_json, to_json
from channels.ledger.ledger import Ledger
from channels.ledger.sums import Sums

__all__ = [
    "Accepted",
    "Account",
    "BookedTwice",
    "BooksDiffer",
    "Delivered",
    "Entry",
    "Fact",
    "Fee",
    "Forgone",
    "Ledger",
    "Overdrawn",
    "Refunded",
    "Returned",
    "Settled",
    "Side",
    "Sums",
    "from_csv",
    "from_json",
    "to_csv",
    "to_json",
]
