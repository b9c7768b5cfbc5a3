"""Tokens: which they are, who has how much, who may spend it."""

from typing import Any

from chain.aio.node import AsyncNode, At
from chain.aio.sending import AsyncSender
from chain.contracts import ERC20, interface
from chain.errors import (
    EarnestError,
    InsufficientBalance,
    Malformed,
    NodeRefused,
    NodesDisagree,
    NodeUnreachable,
    OtherChain,
    Reverted,
    UnknownToken,
    WrongChain,
)
from chain.money import Money, Token
from chain.network import Network
from chain.receipt import Receipt, receipt_of
from chain.refusals import TokenHasNoCode
from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import NOBODY, Address, address

UNLIMITED = 2**256 - 1


class AsyncTokens:
    """Reads and moves any ERC-20, and the native currency."""

    def __init__(self, network: Network, node: AsyncNode, sender: AsyncSender) -> None:
        self._network, self._node, self._sender = network, node, sender
        self._known = {NOBODY: _native(network)}

    @property
    def native(self) -> Token:
        """What gas is paid in."""
        return self._known[NOBODY]

    async def find(self, name: str) -> Token:
        """A symbol of the network's list, or an address. Raises `UnknownToken`."""
        if not name.startswith("0x"):
            if name not in self._network.tokens:
                known = ", ".join(self._network.tokens) or "none"
                raise UnknownToken(name, f"the list of {self._network.name} has {known}")
            name = self._network.tokens[name]
        place = address(name)
        if place not in self._known:
            self._known[place] = await self._read(place)
        return self._known[place]

    async def domain(self, token: Token) -> Domain:
        """Under which signatures for `token` itself count (ERC-3009), as it says. Raises `UnknownToken`."""
        self._ours(token)
        return await self._read_domain(token.address)

    async def balance(self, token: Token, owner: Address, at: At) -> Money:
        """What `owner` has at block `at`. Raises `OutOfRange` for more than the contracts can hold."""
        return token.units(await self._units(token, owner, at))

    async def allowance(self, token: Token, owner: Address, spender: Address, at: At) -> int:
        """In base units, up to 2**256 - 1: more than `Money` can hold."""
        self._ours(token)
        return int(await self._ask(token.address, at, "allowance", owner, spender))

    async def approve(
        self, signer: Signer, token: Token, units: int, spender: Address, key: str | None = None
    ) -> Receipt:
        """Sets what `spender` may take from the signer."""
        self._ours(token)
        return await self._move(signer, token, "approve", spender, units, key=key)

    async def provide(self, signer: Signer, money: Money, spender: Address) -> None:
        """Sees that the signer has the money and that `spender` may take it; what is missing is approved, exactly."""
        token, owner, at = money.token, signer.address, self._network.head
        balance = await self._units(token, owner, at)
        if balance < money.units:
            raise InsufficientBalance(token.address, owner, balance, money.units)
        if token.is_native:
            return
        allowance = await self.allowance(token, owner, spender, at)
        if allowance >= money.units:
            return
        if allowance:  # Some tokens, as USDT, change an allowance only from or to zero.
            await self.approve(signer, token, 0, spender)
        await self.approve(signer, token, money.units, spender)

    async def transfer(self, signer: Signer, money: Money, to: Address, key: str | None = None) -> Receipt:
        """Can't be undone. A token that answers false is refused (`Reverted`) before anything is sent."""
        self._ours(money.token)
        if money.token.is_native:
            return receipt_of(await self._sender.send(signer, to, b"", money.units, key), self.native, {})
        return await self._move(signer, money.token, "transfer", to, money.units, key=key)

    async def _units(self, token: Token, owner: Address, at: At) -> int:
        """An int: some balances are more than `Money` can hold."""
        self._ours(token)
        if token.is_native:
            return await self._node.balance(owner, at)
        return int(await self._ask(token.address, at, "balanceOf", owner))

    async def _move(self, signer: Signer, token: Token, verb: str, *facts: Address | int, key: str | None) -> Receipt:
        data = interface(ERC20).function(verb, 2).call_data(facts)
        if not self._sender.knows(key):  # A repeat asks for what has happened, whatever would happen now.
            await self._must_not_answer_false(signer, token, verb, data)
        raw = await self._sender.send(signer, token.address, data, 0, key)
        return receipt_of(raw, self.native, {token.address: ERC20})

    async def _must_not_answer_false(self, signer: Signer, token: Token, verb: str, data: bytes) -> None:
        answer = await self._node.call({"from": signer.address, "to": token.address, "data": data}, self._network.head)
        if answer and interface(ERC20).function(verb, 2).result(answer) is not True:
            raise Reverted(f"{verb} answers false", answer)
        if not answer and not await self._node.code(token.address, self._network.head):  # USDT answers nothing, too.
            raise TokenHasNoCode(token.address)

    def _ours(self, token: Token) -> None:
        """The same address is another contract, or none, on another chain."""
        if token.chain_id != self._network.chain_id:
            raise OtherChain(str(token.symbol), token.chain_id, self._network.chain_id)

    async def _read(self, place: Address) -> Token:
        if not await self._node.code(place, self._network.head):
            raise UnknownToken(place, "no contract lives there")
        try:
            symbol = await self._ask(place, self._network.head, "symbol")
            decimals = await self._ask(place, self._network.head, "decimals")
        except (NodeRefused, NodesDisagree, NodeUnreachable, WrongChain):
            raise
        except EarnestError as error:
            raise UnknownToken(place, f"it doesn't answer as a token: {error}") from None
        if not symbol.isprintable() or not 0 < len(symbol) <= 32:
            raise UnknownToken(place, "its symbol can't be shown")
        return Token(address=place, symbol=symbol, decimals=decimals, chain_id=self._network.chain_id)

    async def _read_domain(self, place: Address) -> Domain:
        """By ERC-5267, else by `name` and `version` as USDC has them; the token's own separator is the proof."""
        try:
            name, version = await self._names(place)
            separator = await self._ask(place, self._network.head, "DOMAIN_SEPARATOR")
        except (Reverted, Malformed):
            raise UnknownToken(place, "it doesn't say under which EIP-712 domain it takes signatures") from None
        domain = Domain(self._network.chain_id, place, name, version)
        if domain.separator != separator:
            raise UnknownToken(place, f"its EIP-712 domain is not that of {name!r}, version {version!r}")
        return domain

    async def _names(self, place: Address) -> tuple[str, str]:
        try:
            _, name, version, *_ = await self._ask(place, self._network.head, "eip712Domain")
        except (Reverted, Malformed):
            name, version = [await self._ask(place, self._network.head, what) for what in ("name", "version")]
        return name, version

    async def _ask(self, place: Address, at: At, function: str, *arguments: Address) -> Any:
        entry = interface(ERC20).function(function, len(arguments))
        transaction = {"from": NOBODY, "to": place, "data": entry.call_data(arguments)}
        return entry.result(await self._node.call(transaction, at))


def _native(network: Network) -> Token:
    return Token(
        address=NOBODY, symbol=network.native_symbol, decimals=network.native_decimals, chain_id=network.chain_id
    )
