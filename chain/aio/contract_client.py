"""What is the same in every client of a contract of ours: how money comes in, and what could not be pushed out."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from chain.money import Money, Token
from chain.signer import Signer
from chain.units import Address, address

if TYPE_CHECKING:
    from chain.aio.chain import AsOf, AsyncChain
    from chain.aio.preflight import AsyncPreflight
    from chain.preflight import Call
    from chain.receipt import Receipt


class AsyncContractClient:
    """One account's view of the contract `contract`; while it funds, it does nothing else that needs an allowance.

    `preflight` is asked in full before the signer binds money to others; without one only the addresses are looked at.
    """

    contract: ClassVar[str]
    done_once: ClassVar[frozenset[str]] = frozenset()
    """A second call of these verbs with the same content changes nothing, and costs its gas."""

    def __init__(self, chain: "AsyncChain", signer: Signer, *, preflight: "AsyncPreflight | None" = None) -> None:
        self.chain, self.signer, self._preflight = chain, signer, preflight
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

    async def withdraw_credit(self, token: Token, to: str, *, accept: Iterable[str] = ()) -> "Receipt":
        """Sends the signer's whole credit in `token` to `to`; `accept` names findings of a preflight that it takes.

        Raises `PreflightRefused`, nothing sent, `NoCredit`, `PushFailed`, `InvalidRecipient`.
        """
        waiting = await self.credits(tokens=[token], as_of="latest")
        money = waiting[0] if waiting else token.units(0)
        await self._require_safe_payout(address(to), money, seen=[self.signer.address], accept=accept)
        return await self.chain.send(self.signer, self.contract, "withdrawCredit", token.address, address(to))

    async def push_credit(self, token: Token, owner: str) -> "Receipt":
        """Sends `owner` its whole credit in `token`, whoever the signer is. Raises `NoCredit`, `PushFailed`."""
        return await self.chain.send(self.signer, self.contract, "pushCredit", token.address, address(owner))

    async def _require_safe(
        self,
        payee: Address,
        money: Money,
        verb: str,
        *args: Any,
        parties: Iterable[Address] = (),
        seen: Iterable[Address] = (),
        accept: Iterable[str] = (),
    ) -> None:
        """Before the signer's `money` goes in by `verb`, and before it is signed for. Raises `PreflightRefused`."""
        from chain.aio.safe import require_safe  # it brings eth-abi, which who only pays doesn't need

        await require_safe(
            self.chain,
            self._preflight,
            self.signer.address,
            payee,
            money,
            call=lambda: self._call(money, verb, *args),
            parties=parties,
            seen=seen,
            accept=accept,
        )

    async def _require_safe_payout(
        self,
        payee: Address,
        money: Money,
        *,
        parties: Iterable[Address] = (),
        seen: Iterable[Address] = (),
        accept: Iterable[str] = (),
    ) -> None:
        """Before the contract is told whom to pay what it has: no payer is asked about, and nothing simulated."""
        from chain.aio.safe import require_safe
        from chain.preflight import Call

        await require_safe(
            self.chain,
            self._preflight,
            None,
            payee,
            money,
            call=lambda: Call(to=self.domain.contract, data=b""),
            parties=parties,
            seen=seen,
            accept=accept,
        )

    def _call(self, money: Money, verb: str, *args: Any) -> "Call":
        from chain.preflight import Call

        data = self._data(verb, *args)
        return Call(to=self.domain.contract, data=data, value=money.units if money.token.is_native else 0)

    async def _send(self, verb: str, *args: Any, value: int = 0) -> "Receipt":
        """With an outbox, what the contract does once is not sent once more while it is on its way."""
        key = await self._on_its_way(verb, *args) if verb in self.done_once else None
        return await self.chain.send(self.signer, self.contract, verb, *args, value=value, key=key)

    async def _on_its_way(self, verb: str, *args: Any) -> str | None:
        outbox = self.chain.outbox
        if outbox is None:
            return None
        return await outbox.on_its_way(self.signer.address, self.domain.contract, self._data(verb, *args))

    def _data(self, verb: str, *args: Any) -> bytes:
        from chain.contracts import interface  # It brings eth_abi, which is needed only to send.

        return interface(self.contract).function(verb, len(args)).call_data(args)

    async def _provide(self, token: Address, amount: int) -> None:
        """A missing allowance for the contract is approved, exactly. Raises `InsufficientBalance`, nothing sent."""
        money = (await self.chain.token(token)).units(amount)
        await self.chain.provide(self.signer, money, self.domain.contract)
