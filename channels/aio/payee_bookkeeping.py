"""The books: sums a token, and every entry behind them."""

from chain.money import Token
from chain.units import Address
from channels.aio.payee_base import AsyncPayeeBase
from channels.bookkeeping import facts_of
from channels.books import Books, books_of
from channels.exposure import Exposure
from channels.ledger import Ledger, to_csv, to_json
from channels.payee_session import PayeeSession
from channels.stores.book import Fee, Settlement


class AsyncPayeeBookkeeping(AsyncPayeeBase):
    """As last seen; what others claimed between the last look and an epoch's end is missing."""

    async def books(self) -> dict[Token, Books]:
        """The sums of every token."""
        sessions = [book.session for book in await self._till.books()]
        newest = {session.channel.id: session.lane.epoch for session in sessions}
        by_token: dict[Address, list[tuple[PayeeSession, bool]]] = {}
        for session in sessions:
            is_newest = newest[session.channel.id] == session.lane.epoch
            by_token.setdefault(session.channel.token, []).append((session, is_newest))
        tokens = [(await self._token(address), epochs) for address, epochs in by_token.items()]
        return {token: books_of(token, epochs) for token, epochs in tokens}

    async def exposure(self) -> dict[Token, Exposure]:
        """Money at risk of every token, in base units: accepted, and not settled."""
        return {await self._token(token): exposure for token, exposure in (await self._till.exposure()).items()}

    async def ledger(self) -> Ledger:
        """Double-entry books of all that was accepted, delivered, refunded, settled and paid in fees.

        They balance, or it raises `Overdrawn` or `BookedTwice`: then the store was changed by another hand.
        """
        books, deliveries = await self._till.books(), await self._till.deliveries()
        return Ledger.of(facts_of(books, deliveries, await self.settlements(), await self.fees()))

    async def ledger_csv(self) -> str:
        """The ledger for a spreadsheet (RFC 4180): `channels.ledger.from_csv` reads it back."""
        ledger = await self.ledger()
        return to_csv(ledger, {address: await self._token(address) for address in ledger.tokens})

    async def ledger_json(self) -> str:
        """The ledger for a program: `channels.ledger.from_json` reads it back."""
        return to_json(await self.ledger())

    async def settlements(self) -> list[Settlement]:
        """What this payee's own transactions have paid, oldest first."""
        return await self._till.settlements()

    async def fees(self) -> list[Fee]:
        """What they cost, oldest first."""
        return await self._till.fees()
