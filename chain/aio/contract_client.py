"""What is the same in every client of a contract of ours: how money comes in, and what could not be pushed out."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from chain.money import Money, Token
from chain.signer import Signer
from chain.units import Address, address

if TYPE_CHECKING:
    from chain.aio.chain import AsOf, AsyncChain
    from chain.receipt import Receipt


class AsyncContractClient:
    """One account's view of the contract `contract`; while it funds, it does nothing else that needs an allowance."""

    contract: ClassVar[str]

    def __init__(self, chain: "AsyncChain", signer: Signer) -> None:
        self.chain, self.signer = chain, signer
        self.domain = chain.domain(self.contract)
        self._funding = asyncio.Lock()

    async def credits(
        self, owner: str | None = None, *, tokens: Iterable[Token] | None = None, as_of: "AsOf" = "final"
    ) -> tuple[Money, ...]:
        """What could not be pushed to `owner`, by default the signer, in the tokens of the network or those given."""
        if tokens is None:
            tokens = [self.chain.native, *[await self.chain.token(symbol) for symbol in self.chain.network.tokens]]
        who = address(owner or self.signer.address)
        waiting = [
            token.units(await self.chain.call(self.contract, "credits", token.address, who, as_of=as_of))
            for token in tokens
        ]
        return tuple(money for money in waiting if money)

    async def withdraw_credit(self, token: Token, to: str) -> "Receipt":
        """Sends the signer's whole credit in `token` to `to`. Raises `NoCredit`, `PushFailed`, `InvalidRecipient`."""
        return await self.chain.send(self.signer, self.contract, "withdrawCredit", token.address, address(to))

    async def push_credit(self, token: Token, owner: str) -> "Receipt":
        """Sends `owner` its whole credit in `token`, whoever the signer is. Raises `NoCredit`, `PushFailed`."""
        return await self.chain.send(self.signer, self.contract, "pushCredit", token.address, address(owner))

    async def _provide(self, token: Address, amount: int) -> None:
        """A missing allowance for the contract is approved, exactly. Raises `InsufficientBalance`, nothing sent."""
        money = (await self.chain.token(token)).units(amount)
        await self.chain.provide(self.signer, money, self.domain.contract)
