# Generated from channels/stores/aio/wallet.py by make fix; edit that one.
"""What a payer keeps: its channels, how much it has promised in each, and what it has spent today."""

from collections import Counter

from chain.units import Address, Seconds
from channels.channel import Channel, ChannelId
from channels.errors import UnknownLane
from channels.exposure import DAY, QUARTER, SpendLimits, SpentDay
from channels.lane import Lane
from channels.payer_session import PayerSession
from channels.stores.columns import ZERO, amount, blob, lane_values
from channels.stores.database import Transaction
from channels.stores.sync.remembering import WalletRecovering
from channels.stores.sync.tick_chains import TickChains
from channels.stores.wallet_rows import said_values, session_of, session_values

_COLUMNS = "SELECT descriptor, epoch, deposit, settled, closes_at, promised, promises, version, guessed FROM lanes "
_ONE = "WHERE channel_id = $1"
_ADD = "INSERT INTO lanes VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"
_KEEP = """
    UPDATE lanes SET promised = $1, promises = $2, version = $3, guessed = $4
    WHERE channel_id = $5 AND epoch = $6 AND version = $7 AND deposit = $8 AND settled = $9 AND closes_at = $10
"""
_SEE = """
    UPDATE lanes SET
        epoch = $2, deposit = $3, settled = $4, closes_at = $5,
        promised = $6, promises = $7, version = $8, guessed = $9
    WHERE channel_id = $1
"""
_SPENT_DAY = "SELECT quarter, amount FROM spent WHERE token = $1 AND quarter >= $2"
_SPENT_PAYEE = "SELECT amount FROM spent WHERE token = $1 AND payee = $2 AND quarter = $3"
_SPEND = """
    INSERT INTO spent VALUES ($1, $2, $3, $4)
    ON CONFLICT (token, payee, quarter) DO UPDATE SET amount = excluded.amount
"""
_FOR_GOOD = -1
"""The quarter of what was ever spent on a payee."""
_LOCK_TOKEN = """
    INSERT INTO spent VALUES ($1, '', -1, $2)
    ON CONFLICT (token, payee, quarter) DO UPDATE SET amount = excluded.amount
"""
"""A row a token that everybody who spends of it waits for and changes, so that nobody reads older sums."""


class Wallet(TickChains, WalletRecovering):
    """One row a channel, with its newest epoch. The law:

    once                        of one version one voucher is signed, whoever shares the store
    durable before the answer   a voucher is kept before it is signed
    compare and set             a voucher is kept only for the lane that it was decided by
    """

    def add(self, session: PayerSession) -> None:
        """A channel that is about to be opened; one that is known stays as it is."""
        self.database.change(_ADD, *session_values(session))

    def session(self, channel_id: ChannelId) -> PayerSession:
        """Raises `UnknownLane`."""
        return self._session(self.database, channel_id)

    def sessions(self) -> list[PayerSession]:
        """Every channel that was ever opened from this store."""
        return [session_of(*row) for row in self.database.rows(_COLUMNS)]

    def keep(self, before: PayerSession, after: PayerSession, limits: SpendLimits | None, now: Seconds) -> bool:
        """Takes the newer version, durably; False if the channel is no longer as in `before`. Raises `OverLimit`."""
        return self._replace(before, after, after.at_most - before.at_most, limits, now)

    def correct(self, before: PayerSession, after: PayerSession, now: Seconds) -> bool:
        """Takes what was forgotten, as `keep` does. It is signed already, so no limit refuses it: it counts as spent
        now, against what comes after.
        """
        return self._replace(before, after, after.forgotten(before), None, now)

    def _replace(
        self, before: PayerSession, after: PayerSession, spent: int, limits: SpendLimits | None, now: Seconds
    ) -> bool:
        def step(transaction: Transaction) -> bool:
            epoch, *lane = lane_values(before.lane)
            place = before.channel.id, epoch, before.version, *lane
            if not transaction.change(_KEEP, *said_values(after), *place):
                return False
            if spent > 0:
                self._spend(transaction, after.channel, spent, limits, now)
            return True

        return self.database.run(step)

    def see(self, channel: Channel, lane: Lane) -> PayerSession:
        """With the chain's word. Raises `UnknownLane`, `ChainWentBack`."""

        def step(transaction: Transaction) -> PayerSession:
            transaction.rows(_COLUMNS + _ONE + self.database.locking, channel.id)
            newer = (self._session(transaction, channel.id)).see(lane)
            transaction.change(_SEE, channel.id, *lane_values(newer.lane), *said_values(newer))
            return newer

        return self.database.run(step)

    def close(self) -> None:
        """Ends the connection."""
        self.database.close()

    def _spend(
        self, transaction: Transaction, channel: Channel, spent: int, limits: SpendLimits | None, now: Seconds
    ) -> None:
        """Written down with the voucher whatever the limits are: they may be set later."""
        token, payee, quarter = channel.token, channel.payee, now // QUARTER
        transaction.change(_LOCK_TOKEN, token, ZERO)
        for_good = self._spent(transaction, token, payee, _FOR_GOOD)
        if limits:
            day = self._day(transaction, token, now)
            limits.require(spent, payee_spent=for_good, day=day, now=now)
        this_quarter = self._spent(transaction, token, payee, quarter)
        transaction.change(_SPEND, token, payee, _FOR_GOOD, blob(for_good + spent, 16))
        transaction.change(_SPEND, token, payee, quarter, blob(this_quarter + spent, 16))

    def _spent(self, transaction: Transaction, token: Address, payee: Address, quarter: int) -> int:
        for (spent,) in transaction.rows(_SPENT_PAYEE, token, payee, quarter):
            return amount(spent)
        return 0

    def _day(self, transaction: Transaction, token: Address, now: Seconds) -> SpentDay:
        since = max(now - DAY, 0) // QUARTER
        sums: Counter[int] = Counter()
        for quarter, spent in transaction.rows(_SPENT_DAY, token, since):
            sums[quarter] += amount(spent)
        return SpentDay(quarters=tuple(sorted(sums.items())))

    def _session(self, transaction: Transaction, channel_id: ChannelId) -> PayerSession:
        for row in transaction.rows(_COLUMNS + _ONE, channel_id):
            return session_of(*row)
        raise UnknownLane(channel_id)
