"""The chains of ticks that a payer has made: how to make them again."""

from chain.units import Hash32
from channels.channel import ChannelId
from channels.stores.book import ChainRow
from channels.stores.columns import amount, blob
from channels.stores.database import AsyncDatabase

_ADD = "INSERT INTO chains VALUES ($1, $2, $3, $4)"
_OF = "SELECT salt, price, ticks FROM chains WHERE channel_id = $1 ORDER BY salt"


class AsyncTickChains:
    """Written down before the first voucher that promises them; how far they are folded that voucher's newest says."""

    def __init__(self, database: AsyncDatabase) -> None:
        self.database = database

    async def add_chain(self, channel_id: ChannelId, made: ChainRow) -> None:
        """Keeps it, durably."""
        await self.database.change(_ADD, channel_id, made.salt, blob(made.each), made.count)

    async def chains(self, channel_id: ChannelId) -> list[ChainRow]:
        """All that were ever made for a channel."""
        rows = await self.database.rows(_OF, channel_id)
        return [ChainRow(salt=Hash32(bytes(salt)), each=amount(each), count=count) for salt, each, count in rows]
