"""One line of the journal."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from chain.errors import Malformed
from chain.units import Address, Amount, Seconds, address, hash32, uint, within
from channels.channel import ChannelId
from channels.ledger.accounts import Account

_LAST_SECOND = int(datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp())


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """`amount` base units, more than none, go to `debit` from `credit`; a fee is of no channel and no epoch.

    `memo` is the delivery's key or the transaction's hash, as text. Strangers choose keys: it may say anything.
    """

    time: Seconds
    token: Address
    channel_id: ChannelId | None
    epoch: int | None
    memo: str
    debit: Account
    credit: Account
    amount: Amount

    def __post_init__(self) -> None:
        within("time", self.time, 0, _LAST_SECOND)
        require_token(self.token)
        within("amount", self.amount, 1, 2**96 - 1)
        if (self.channel_id is None) != (self.epoch is None) or (self.channel_id is None) != self.is_fee:
            raise Malformed("entry", "a fee is of no channel, and everything else of one epoch of one")
        if self.channel_id is not None:
            hash32("channel_id", self.channel_id)
            uint("epoch", self.epoch, 31)
        _require_text(self.memo)
        if self.pair not in _PAIRS:
            raise Malformed("entry", f"nothing goes to {self.debit} from {self.credit}")

    @property
    def pair(self) -> tuple[Account, Account]:
        """Debit and credit: they tell which fact it books."""
        return self.debit, self.credit

    @property
    def is_fee(self) -> bool:
        """Whether it is what a transaction cost."""
        return self.pair == FEE

    @property
    def place(self) -> tuple[Address, ChannelId | None, int | None]:
        """Whose balances it changes."""
        return self.token, self.channel_id, self.epoch


ACCEPTED = (Account.RECEIVABLE, Account.UNDELIVERED)
DELIVERED = (Account.UNDELIVERED, Account.REVENUE)
REFUNDED = (Account.REFUNDS, Account.UNDELIVERED)
SETTLED = (Account.CASH, Account.RECEIVABLE)
FORGONE = (Account.LOSS, Account.RECEIVABLE)
RETURNED = (Account.UNDELIVERED, Account.RECEIVABLE)
FEE = (Account.FEES, Account.OWNER)
_PAIRS = {ACCEPTED, DELIVERED, REFUNDED, SETTLED, FORGONE, RETURNED, FEE}


@lru_cache(maxsize=1_024)
def require_token(token: object) -> None:
    """In EIP-55 form, and no other: asked once, for a journal names few tokens often. Raises `InvalidValue`."""
    if address(token) != token:
        raise Malformed("token", f"{token!r} is not in EIP-55 form")


def _require_text(memo: object) -> None:
    """Half a surrogate pair could be written to no file."""
    if not isinstance(memo, str):
        raise Malformed("memo", f"{memo!r} is no text")
    try:
        memo.encode()
    except UnicodeEncodeError:
        raise Malformed("memo", "it is no Unicode text") from None
