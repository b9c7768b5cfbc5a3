"""What happened to a payee's money; each is one entry. Amounts in base units, times in Unix seconds.

What the chain says is a fact once it is final: a ledger takes nothing back.
"""

from dataclasses import dataclass

from chain.units import NOBODY, Amount, Hash32, Seconds
from channels.channel import Channel
from channels.ledger import entry as pairs
from channels.ledger.accounts import Account
from channels.ledger.entry import Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class _OfChannel:
    time: Seconds
    channel: Channel
    epoch: int
    amount: Amount

    def _entry(self, pair: tuple[Account, Account], memo: str = "") -> Entry:
        return Entry(
            time=self.time,
            token=self.channel.token,
            channel_id=self.channel.id,
            epoch=self.epoch,
            memo=memo,
            debit=pair[0],
            credit=pair[1],
            amount=self.amount,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted(_OfChannel):
    """So much more was promised and kept: the chain owes it to the payee, and the payee owes goods."""

    @property
    def entry(self) -> Entry:
        """Receivable from undelivered."""
        return self._entry(pairs.ACCEPTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered(_OfChannel):
    """Goods for so much, once a key."""

    key: str

    @property
    def entry(self) -> Entry:
        """Undelivered to revenue."""
        return self._entry(pairs.DELIVERED, self.key)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refunded(_OfChannel):
    """So much of what was delivered for `key` may be spent again."""

    key: str

    @property
    def entry(self) -> Entry:
        """Undelivered again, beside the revenue."""
        return self._entry(pairs.REFUNDED, self.key)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled(_OfChannel):
    """A transaction paid so much of this channel; what it pays beyond what was accepted is booked as accepted first."""

    transaction: Hash32

    @property
    def entry(self) -> Entry:
        """Receivable to cash."""
        return self._entry(pairs.SETTLED, "0x" + self.transaction.hex())


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgone(_OfChannel):
    """The epoch ended, and so much of what was delivered was never paid."""

    @property
    def entry(self) -> Entry:
        """Receivable to loss."""
        return self._entry(pairs.FORGONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned(_OfChannel):
    """The epoch ended, and so much that was never delivered went back to the payer: neither owes it any more."""

    @property
    def entry(self) -> Entry:
        """Receivable against undelivered."""
        return self._entry(pairs.RETURNED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fee:
    """What a transaction cost in wei: in the native currency's own books, and of no channel, for it may serve many."""

    time: Seconds
    transaction: Hash32
    amount: Amount

    @property
    def entry(self) -> Entry:
        """Out of the owner's pocket."""
        debit, credit = pairs.FEE
        return Entry(
            time=self.time,
            token=NOBODY,
            channel_id=None,
            epoch=None,
            memo="0x" + self.transaction.hex(),
            debit=debit,
            credit=credit,
            amount=self.amount,
        )


Fact = Accepted | Delivered | Refunded | Settled | Forgone | Returned | Fee
