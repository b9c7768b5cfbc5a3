"""Money at risk of a token: rows that add up to it."""

import os
from collections.abc import Sequence

from chain.units import Address
from channels.exposure import Exposure
from channels.stores.aio.books import AsyncTillBase
from channels.stores.database import AsyncTransaction
from channels.stores.postgres.database import AsyncPostgresDatabase
from channels.stores.postgres.schema import SLOTS

_SUMS = "SELECT token, sum(at_risk), sum(unconfirmed) FROM exposure GROUP BY token"
_MOVE = """
    INSERT INTO exposure VALUES ($1, $2, $3, $4) ON CONFLICT (token, slot) DO UPDATE
    SET at_risk = exposure.at_risk + excluded.at_risk, unconfirmed = exposure.unconfirmed + excluded.unconfirmed
"""
_ENTER = """
    INSERT INTO exposure VALUES ($1, 0, 0, 0) ON CONFLICT (token, slot) DO UPDATE SET at_risk = exposure.at_risk
"""
_TOTALS = "SELECT token, sum(at_risk), sum(unconfirmed) FROM exposure WHERE token = ANY($1::text[]) GROUP BY token"


class AsyncPostgresExposure(AsyncTillBase):
    """A change is added to one row, always after the channels that it is of have been locked."""

    database: AsyncPostgresDatabase

    def __init__(self, database: AsyncPostgresDatabase) -> None:
        super().__init__(database)
        self._slot = 1 + os.urandom(1)[0] % SLOTS

    async def exposure(self) -> dict[Address, Exposure]:
        """Money at risk of every token over all channels, as it was kept with each change."""
        rows = await self.database.rows(_SUMS)
        return {Address(token): Exposure(at_risk=int(risk), unconfirmed=int(part)) for token, risk, part in rows}

    async def _exposure(self, transaction: AsyncTransaction, token: Address) -> tuple[int, int]:
        return (await self._totals(transaction, [token]))[token]

    async def _totals(self, transaction: AsyncTransaction, tokens: Sequence[Address]) -> dict[str, tuple[int, int]]:
        """Whoever needs a token's total waits at its gate, so that nobody takes an older one."""
        for token in tokens:
            await transaction.change(_ENTER, token)
        return {token: (int(risk), int(part)) for token, risk, part in await transaction.rows(_TOTALS, tokens)}

    async def _moved(
        self, transaction: AsyncTransaction, token: Address, before: tuple[int, int], after: tuple[int, int]
    ) -> None:
        if before != after:
            await self._move(transaction, token, after[0] - before[0], after[1] - before[1])

    async def _move(self, transaction: AsyncTransaction, token: str, at_risk: int, unconfirmed: int) -> None:
        await transaction.change(_MOVE, token, self._slot, at_risk, unconfirmed)
