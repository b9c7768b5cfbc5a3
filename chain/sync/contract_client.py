# Generated from chain/aio/contract_client.py by make fix; edit that one.
"""What is the same in every client of a contract of ours: how money comes in, and what could not be pushed out."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from chain.money import Money, Token
from chain.signer import Signer
from chain.units import Address, address

if TYPE_CHECKING:
    from chain.receipt import Receipt
    from chain.sync.chain import AsOf, Chain


class ContractClient:
    """One account's view of the contract `contract`; while it funds, it does nothing else that needs an allowance."""

    contract: ClassVar[str]

    def __init__(self, chain: "Chain", signer: Signer) -> None:
        self.chain, self.signer = chain, signer
        self.domain = chain.domain(self.contract)
        self._funding = threading.Lock()

    def credits(
        self, owner: str | None = None, *, tokens: Iterable[Token] | None = None, as_of: "AsOf" = "final"
    ) -> tuple[Money, ...]:
        """What could not be pushed to `owner`, by default the signer, in the tokens of the network or those given."""
        if tokens is None:
            tokens = [self.chain.native, *[self.chain.token(symbol) for symbol in self.chain.network.tokens]]
        who = address(owner or self.signer.address)
        waiting = [
            token.units(self.chain.call(self.contract, "credits", token.address, who, as_of=as_of)) for token in tokens
        ]
        return tuple(money for money in waiting if money)

    def withdraw_credit(self, token: Token, to: str) -> "Receipt":
        """Sends the signer's whole credit in `token` to `to`. Raises `NoCredit`, `PushFailed`, `InvalidRecipient`."""
        return self.chain.send(self.signer, self.contract, "withdrawCredit", token.address, address(to))

    def push_credit(self, token: Token, owner: str) -> "Receipt":
        """Sends `owner` its whole credit in `token`, whoever the signer is. Raises `NoCredit`, `PushFailed`."""
        return self.chain.send(self.signer, self.contract, "pushCredit", token.address, address(owner))

    def _provide(self, token: Address, amount: int) -> None:
        """A missing allowance for the contract is approved, exactly. Raises `InsufficientBalance`, nothing sent."""
        money = (self.chain.token(token)).units(amount)
        self.chain.provide(self.signer, money, self.domain.contract)
