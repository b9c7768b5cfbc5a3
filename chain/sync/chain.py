# Generated from chain/aio/chain.py by make fix; edit that one.
"""One chain, as everything else sees it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from chain import network as networks
from chain.contracts import address_of, by_address, interface
from chain.errors import Malformed, NodeRefused
from chain.finality import FinalBlockUnknown, Finality
from chain.keccak import keccak
from chain.money import Money, Token
from chain.network import Network
from chain.outbox.fees import Fees
from chain.receipt import Event, Receipt, events_of, receipt_of
from chain.signer import Signer
from chain.sync.node import At, Node
from chain.sync.outbox import Outbox
from chain.sync.provider import HttpProvider
from chain.sync.safe import require_safe
from chain.sync.sending import Sender
from chain.sync.tokens import UNLIMITED, Tokens
from chain.sync.waiting import wait_final
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Seconds, address, uint

if TYPE_CHECKING:
    from chain.sync.local import Backend, LocalChain
    from chain.sync.preflight import Preflight

AsOf = Literal["final", "latest"] | Finality
"""`final` by the network's policy, or by another one."""


class Chain:
    """Reads default to the final block; `send` and what moves money wait until a block includes the transaction.

    An address with a wrong checksum is refused by every method (`NotAnAddress`).
    """

    def __init__(self, network: Network, node: Node, patience: float) -> None:
        self.network = network
        self._node = node
        self._sender = Sender(node, network, patience)
        self._tokens = Tokens(network, node, self._sender)

    @classmethod
    def connect(
        cls,
        network: Network | str,
        rpc: Sequence[str],
        *,
        finality: Finality | None = None,
        quorum: int = 1,
        answer_within: float = 10.0,
        patience: float = 120.0,
        outbox: str | Path | None = None,
        fees: Fees | None = None,
    ) -> Self:
        """A network by its name, through one or more nodes; in seconds for a request and for a transaction.

        `finality` and `fees` instead of the network's; what is read counts once `quorum` nodes say so. Raises
        `UnknownNetwork`, `WrongChain`, `NodeUnreachable`, `NodesDisagree`, `FinalBlockUnknown` for a node without one.

        With an `outbox`, a file, what is sent is written there first, and survives this process.
        """
        known = networks.load(network) if isinstance(network, str) else network
        if finality is not None:
            known = replace(known, final=finality, final_reason="")
        if fees is not None:
            known = replace(known, fees=fees)
        node = Node(HttpProvider(rpc, known.chain_id, answer_within, quorum))
        chain = cls(known, node, patience)
        try:
            chain._require_final()
            if outbox is not None:
                chain._sender.outbox = Outbox(node, known, chain._at, chain.native, outbox, patience=patience)
        except BaseException:
            node.close()
            raise
        return chain

    @staticmethod
    def local(backend: "Backend" = "eth-tester") -> "LocalChain":
        """A chain of one's own, with the contracts and a test USDC; it ends with `close`, or with the process."""
        from chain.sync.local import LocalChain  # it stands on this class

        return LocalChain.start(backend)

    @property
    def chain_id(self) -> int:
        """As in EIP-155."""
        return self.network.chain_id

    @property
    def outbox(self) -> Outbox | None:
        """Through which everything is sent, if it was connected with one."""
        return self._sender.outbox

    @property
    def native(self) -> Token:
        """What gas is paid in."""
        return self._tokens.native

    def token(self, name: str) -> Token:
        """By the symbol in the network's list or by address, decimals as the chain says. Raises `UnknownToken`."""
        return self._tokens.find(name)

    def now(self, *, as_of: AsOf = "latest") -> Seconds:
        """The second that contracts see: the latest block's, on a local chain the next one's; or a final block's."""
        return (self._node.block(self._at(as_of))).time

    def after(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> Seconds:
        """The second that is so far from now."""
        length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return Seconds(self.now() + int(length.total_seconds()))

    def address_of(self, contract: str) -> Address:
        """Where a contract of ours is, on every chain. Raises `ArtifactMissing`."""
        return address_of(contract)

    def domain(self, contract: str) -> Domain:
        """Where a signature for that contract counts."""
        return Domain(self.chain_id, address_of(contract))

    def token_domain(self, token: Token) -> Domain:
        """Where a signature for the token itself counts, as ERC-3009 wants it. Raises `UnknownToken`."""
        return self._tokens.domain(token)

    def call(
        self,
        contract: str,
        function: str,
        *args: Any,
        at: Address | None = None,
        as_of: AsOf = "final",
        gas: int | None = None,
    ) -> Any:
        """What a function answers; `at` is for a contract elsewhere than at its usual address, as any "ERC20".

        It may use so much `gas`, by default as much as the node allows. Raises the contract's error by its name,
        `Reverted`, `NoSuchMember`, `Malformed`.
        """
        entry = interface(contract).function(function, len(args))
        transaction: dict[str, Any] = {"from": NOBODY, "to": _place(contract, at), "data": entry.call_data(args)}
        if gas is not None:
            transaction["gas"] = gas
        return entry.result(self._node.call(transaction, self._at(as_of)))

    def send(
        self,
        signer: Signer,
        contract: str,
        function: str,
        *args: Any,
        at: Address | None = None,
        value: int = 0,
        key: str | None = None,
    ) -> Receipt:
        """A transaction, included and successful; `value` in wei. What would fail is refused before gas is spent.

        With an outbox, a repeat under the same `key` is the same transaction. Raises the contract's error by its name,
        `Reverted`, `NotSent`, `NotIncluded`; with an outbox `IntentOpen`, `IntentGivenUp`, `IntentKeyReused`.
        """
        to, data = _place(contract, at), interface(contract).function(function, len(args)).call_data(args)
        raw = self._sender.send(signer, to, data, uint("value", value, 96), key)
        return receipt_of(raw, self.native, by_address() | {to: contract})

    def execute(self, signer: Signer, to: Address, data: bytes, value: int = 0, *, key: str | None = None) -> Receipt:
        """As `send`, with call data that is ready made, to whatever lives at `to`."""
        return receipt_of(self._sender.send(signer, address(to), data, value, key), self.native, by_address())

    def broadcast(self, raw: bytes) -> Receipt:
        """Hands over a transaction that is signed already, and waits for it; whether it succeeded, the state says."""
        self._node.send(raw)
        return self.wait("0x" + keccak(raw).hex())

    def gas(self, caller: Address, to: Address, data: bytes, value: int = 0) -> int:
        """What `execute` would use. Raises what it would raise."""
        body = {"from": address(caller), "to": address(to), "data": data, "value": value}
        return self._node.gas(body, self.network.head)

    def code(self, place: Address, *, as_of: AsOf = "final") -> bytes:
        """The runtime code at an address, empty where no contract lives."""
        return self._node.code(address(place), self._at(as_of))

    def wait(self, transaction: str) -> Receipt:
        """A transaction's receipt, successful or not, once a block has it: what to ask after `NotIncluded`."""
        return receipt_of(self._sender.wait(transaction), self.native, by_address())

    def wait_final(self, receipt: Receipt, timeout: float = 1800.0) -> Receipt:
        """A transaction's receipt once its block is final, `timeout` in seconds.

        Raises `NotFinal` (wait again), and `TransactionUndone` where a reorg has taken it out of the chain.
        """
        return wait_final(self, receipt, timeout)

    def balance(self, token: Token, owner: Address, *, as_of: AsOf = "final") -> Money:
        """What `owner` has."""
        return self._tokens.balance(token, address(owner), self._at(as_of))

    def allowance(self, token: Token, owner: Address, spender: Address, *, as_of: AsOf = "final") -> int:
        """What `spender` may take from `owner`, in base units up to 2**256 - 1."""
        return self._tokens.allowance(token, address(owner), address(spender), self._at(as_of))

    def approve(self, signer: Signer, what: Money | Token, spender: Address, *, key: str | None = None) -> Receipt:
        """Lets `spender` take so much from the signer; a token without an amount is without a limit."""
        token, units = (what.token, what.units) if isinstance(what, Money) else (what, UNLIMITED)
        return self._tokens.approve(signer, token, units, address(spender), key)

    def provide(self, signer: Signer, money: Money, spender: Address) -> None:
        """Before a contract takes `money` from the signer: what it may not take yet is approved, exactly.

        The native currency needs no approval. Raises `InsufficientBalance`, nothing sent.
        """
        self._tokens.provide(signer, money, address(spender))

    def transfer(
        self,
        signer: Signer,
        money: Money,
        to: Address,
        *,
        key: str | None = None,
        accept: Iterable[str] = (),
        preflight: "Preflight | None" = None,
    ) -> Receipt:
        """A plain payment: it can't be undone. With an outbox, a repeat under the same `key` pays nothing more.

        The addresses are looked at, or all that `preflight` asks; `accept` names findings that the payer takes. Raises
        `PreflightRefused`, nothing sent.
        """
        payee = address(to)
        if not self._sender.knows(key):  # A repeat sends nothing: what has been decided is not asked again.
            require_safe(self, preflight, signer.address, payee, money, accept=accept)
        return self._tokens.transfer(signer, money, payee, key)

    def events(
        self,
        contract: str,
        name: str | None = None,
        *,
        where: Mapping[str, Any] | None = None,
        from_block: int = 0,
        at: Address | None = None,
    ) -> tuple[Event, ...]:
        """The contract's logs up to the latest block, oldest first; what is not final yet may still be undone.

        `where` are values of indexed arguments of the event that is named. Raises `NoSuchMember`, `Malformed`.
        """
        place, newest = _place(contract, at), (self._node.block("latest")).number
        if from_block > newest:  # Nodes disagree on whether that is an error.
            return ()
        wanted: dict[str, Any] = {"address": place, "fromBlock": from_block, "toBlock": newest}
        entry = interface(contract).event(name) if name else None
        if entry:
            wanted["topics"] = entry.topics(where or {})
        elif where:
            raise Malformed("where", "an event must be named: each has its own arguments")
        found = events_of(self._node.logs(wanted), {place: contract})
        return tuple(event for event in found if entry is None or event.name == entry.name)

    def close(self) -> None:
        """Ends the connections; what is open in the outbox stays there."""
        if self._sender.outbox:
            self._sender.outbox.close()
        self._node.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.network.name}, {self.chain_id})"

    def _at(self, as_of: AsOf) -> At:
        """A tag where the node is believed, else a number, never below the first block's."""
        if as_of == "latest":
            return self.network.head
        final = self.network.final if as_of == "final" else as_of
        if final.is_instant:
            return self.network.head
        return final.tag or max((self._node.block("latest")).number + 1 - final.depth(), 0)

    def _require_final(self) -> None:
        """At once, and not at the first read: a node that doesn't answer, or has no block of that name."""
        tag = self.network.final.tag
        try:
            self._node.block(tag or "latest")
        except NodeRefused as refused:
            if tag is None:
                raise
            raise FinalBlockUnknown(tag, refused.why) from None


def _place(contract: str, at: Address | None) -> Address:
    return address_of(contract) if at is None else address(at)
