"""What a payer keeps: its channels, how much it has promised in each, and what it has spent today."""

from collections import Counter

from chain.units import Address, Seconds
from channels.channel import Channel, ChannelId
from channels.errors import UnknownLane
from channels.exposure import DAY, QUARTER, SpendLimits, SpentDay
from channels.lane import Lane
from channels.payer_session import PayerSession
from channels.stores.aio.remembering import AsyncWalletRecovering
from channels.stores.aio.tick_chains import AsyncTickChains
from channels.stores.columns import ZERO, amount, blob, lane_values
from channels.stores.database import AsyncTransaction
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


class AsyncWallet(AsyncTickChains, AsyncWalletRecovering):
    """One row a channel, with its newest epoch. The law:

    once                        of one version one voucher is signed, whoever shares the store
    durable before the answer   a voucher is kept before it is signed
    compare and set             a voucher is kept only for the lane that it was decided by
    """

    async def add(self, session: PayerSession) -> None:
        """A channel that is about to be opened; one that is known stays as it is."""
        await self.database.change(_ADD, *session_values(session))

    async def session(self, channel_id: ChannelId) -> PayerSession:
        """Raises `UnknownLane`."""
        return await self._session(self.database, channel_id)

    async def sessions(self) -> list[PayerSession]:
        """Every channel that was ever opened from this store."""
        return [session_of(*row) for row in await self.database.rows(_COLUMNS)]

    async def keep(self, before: PayerSession, after: PayerSession, limits: SpendLimits | None, now: Seconds) -> bool:
        """Takes the newer version, durably; False if the channel is no longer as in `before`. Raises `OverLimit`."""
        return await self._replace(before, after, after.at_most - before.at_most, limits, now)

    async def correct(self, before: PayerSession, after: PayerSession, now: Seconds) -> bool:
        """Takes what was forgotten, as `keep` does. It is signed already, so no limit refuses it: it counts as spent
        now, against what comes after.
        """
        return await self._replace(before, after, after.forgotten(before), None, now)

    async def _replace(
        self, before: PayerSession, after: PayerSession, spent: int, limits: SpendLimits | None, now: Seconds
    ) -> bool:
        async def step(transaction: AsyncTransaction) -> bool:
            epoch, *lane = lane_values(before.lane)
            place = before.channel.id, epoch, before.version, *lane
            if not await transaction.change(_KEEP, *said_values(after), *place):
                return False
            if spent > 0:
                await self._spend(transaction, after.channel, spent, limits, now)
            return True

        return await self.database.run(step)

    async def see(self, channel: Channel, lane: Lane) -> PayerSession:
        """With the chain's word. Raises `UnknownLane`, `ChainWentBack`."""

        async def step(transaction: AsyncTransaction) -> PayerSession:
            await transaction.rows(_COLUMNS + _ONE + self.database.locking, channel.id)
            newer = (await self._session(transaction, channel.id)).see(lane)
            await transaction.change(_SEE, channel.id, *lane_values(newer.lane), *said_values(newer))
            return newer

        return await self.database.run(step)

    async def close(self) -> None:
        """Ends the connection."""
        await self.database.close()

    async def _spend(
        self, transaction: AsyncTransaction, channel: Channel, spent: int, limits: SpendLimits | None, now: Seconds
    ) -> None:
        """Written down with the voucher whatever the limits are: they may be set later."""
        token, payee, quarter = channel.token, channel.payee, now // QUARTER
        await transaction.change(_LOCK_TOKEN, token, ZERO)
        for_good = await self._spent(transaction, token, payee, _FOR_GOOD)
        if limits:
            day = await self._day(transaction, token, now)
            limits.require(spent, payee_spent=for_good, day=day, now=now)
        this_quarter = await self._spent(transaction, token, payee, quarter)
        await transaction.change(_SPEND, token, payee, _FOR_GOOD, blob(for_good + spent, 16))
        await transaction.change(_SPEND, token, payee, quarter, blob(this_quarter + spent, 16))

    async def _spent(self, transaction: AsyncTransaction, token: Address, payee: Address, quarter: int) -> int:
        for (spent,) in await transaction.rows(_SPENT_PAYEE, token, payee, quarter):
            return amount(spent)
        return 0

    async def _day(self, transaction: AsyncTransaction, token: Address, now: Seconds) -> SpentDay:
        since = max(now - DAY, 0) // QUARTER
        sums: Counter[int] = Counter()
        for quarter, spent in await transaction.rows(_SPENT_DAY, token, since):
            sums[quarter] += amount(spent)
        return SpentDay(quarters=tuple(sorted(sums.items())))

    async def _session(self, transaction: AsyncTransaction, channel_id: ChannelId) -> PayerSession:
        for row in await transaction.rows(_COLUMNS + _ONE, channel_id):
            return session_of(*row)
        raise UnknownLane(channel_id)
