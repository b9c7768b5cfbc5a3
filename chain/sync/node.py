# Generated from chain/aio/node.py by make fix; edit that one.
"""What we ask a node, through web3: one method a question, and typed errors."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from web3.exceptions import BlockNotFound, ContractLogicError, TransactionNotFound, Web3Exception, Web3RPCError
from web3.types import RPCEndpoint

from chain.block import Block
from chain.errors import NodeRefused
from chain.revert import error_from
from chain.sync.provider import EmbeddedProvider, HttpProvider
from chain.transport.sync import Web3
from chain.units import Address, Seconds

At = str | int
"""A block's tag, number or hash."""


class Node:
    """A contract's refusals are the `IllegalAction` or `Reverted` they stand for, others `NodeRefused`."""

    def __init__(self, provider: EmbeddedProvider | HttpProvider) -> None:
        # CCIP read (EIP-3668) would let any contract choose URLs for us to fetch.
        provider.global_ccip_read_enabled = False
        self._provider = provider
        self._web3 = Web3(provider, middleware=[])

    def call(self, transaction: Mapping[str, Any], at: At) -> bytes:
        """What the call returns in the state of block `at`."""
        with _typed("eth_call"):
            return bytes(self._web3.eth.call(dict(transaction), at))  # type: ignore[arg-type]

    def gas(self, transaction: Mapping[str, Any], at: At) -> int:
        """The least gas with which the transaction succeeds."""
        with _typed("eth_estimateGas"):
            return _natural(self._web3.eth.estimate_gas(dict(transaction), at))  # type: ignore[arg-type]

    def block(self, at: At) -> Block:
        """The head of block `at`. Raises `NodeRefused` where the node has none."""
        found = self.find(at)
        if found is None:
            raise NodeRefused("eth_getBlockByNumber", 0, f"it has no block {at}")
        return found

    def find(self, at: At) -> Block | None:
        """The head of a block by its tag, number or hash; None where the node has none."""
        with _typed("eth_getBlockByNumber"), suppress(BlockNotFound):
            raw = self._web3.eth.get_block(at)  # type: ignore[arg-type]
            return Block(
                number=int(raw["number"]),
                time=Seconds(int(raw["timestamp"])),
                base_fee=_natural(raw.get("baseFeePerGas", 0)),
                gas_limit=_natural(raw["gasLimit"]),
                hash="0x" + bytes(raw.get("hash") or b"").hex(),
                parent="0x" + bytes(raw["parentHash"]).hex(),
            )
        return None

    def tip(self) -> int:
        """What the node thinks a block's maker wants, in wei a unit of gas."""
        with _typed("eth_maxPriorityFeePerGas"):  # web3's own way asks for something else where a node refuses.
            return _natural(int(self.ask("eth_maxPriorityFeePerGas"), 16))

    def balance(self, owner: Address, at: At) -> int:
        """In wei."""
        with _typed("eth_getBalance"):
            return _natural(self._web3.eth.get_balance(owner, at))  # type: ignore[arg-type]

    def code(self, place: Address, at: At) -> bytes:
        """Empty where no contract lives."""
        with _typed("eth_getCode"):
            return bytes(self._web3.eth.get_code(place, at))  # type: ignore[arg-type]

    def nonce(self, account: Address, at: At = "pending") -> int:
        """The next one after block `at`; by default transactions that wait in the node's pool are counted."""
        with _typed("eth_getTransactionCount"):
            return _natural(self._web3.eth.get_transaction_count(account, at))  # type: ignore[arg-type]

    def transactions(self, at: At) -> Sequence[Mapping[str, Any]]:
        """All of block `at`, in their order."""
        with _typed("eth_getBlockByNumber"):
            return list((self._web3.eth.get_block(at, True))["transactions"])  # type: ignore[arg-type]

    def send(self, raw: bytes) -> None:
        """Hands over a signed transaction."""
        with _typed("eth_sendRawTransaction"):
            self._web3.eth.send_raw_transaction(raw)

    def has(self, transaction: str) -> bool:
        """Whether enough nodes say that it is in a block or waits for one."""
        found = [bool(answer and answer.get("result")) for answer in self._each_by_hash(transaction)]
        return sum(found) >= self._provider.needed

    def may_have(self, transaction: str) -> bool:
        """Whether any node says so, or is silent: only what each denies was never handed over."""
        return any(answer is None or answer.get("result") for answer in self._each_by_hash(transaction))

    def _each_by_hash(self, transaction: str) -> Sequence[Any]:
        return self._provider.ask_each(RPCEndpoint("eth_getTransactionByHash"), [transaction])

    def receipt(self, transaction: str) -> Mapping[str, Any] | None:
        """None until it is in a block."""
        try:
            with _typed("eth_getTransactionReceipt"):
                receipt = self._web3.eth.get_transaction_receipt(transaction)  # type: ignore[arg-type]
        except TransactionNotFound:
            return None
        return receipt if receipt.get("blockNumber") is not None else None  # Some tell of one that waits.

    def logs(self, wanted: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """As `eth_getLogs`."""
        with _typed("eth_getLogs"):
            return list(self._web3.eth.get_logs(dict(wanted)))  # type: ignore[arg-type]

    def ask(self, method: str, *params: Any) -> Any:
        """Any other method, its result as JSON."""
        with _typed(method):
            answer = self._provider.make_request(RPCEndpoint(method), params)
        if answer.get("error") is not None:
            raise _refusal(method, answer["error"])
        return answer.get("result")

    def close(self) -> None:
        """Ends the connections."""
        self._provider.close()


@contextmanager
def _typed(method: str) -> Iterator[None]:
    try:
        yield
    except ContractLogicError as error:
        raise error_from(error) from None
    except TransactionNotFound:
        raise
    except Web3RPCError as error:
        raise _refusal(method, (error.rpc_response or {}).get("error") or str(error)) from None
    except (Web3Exception, ValueError, TypeError, KeyError) as error:
        raise NodeRefused(method, 0, f"its answer can't be read: {type(error).__name__}") from None


def _natural(number: int) -> int:
    """Raises `ValueError` below zero: nothing that we ask for is."""
    if number < 0:
        raise ValueError(number)
    return int(number)


def _refusal(method: str, error: Any) -> NodeRefused:
    """`error` should be an object with `code` and `message`, but is what the node likes."""
    found = error if isinstance(error, dict) else {"message": error}
    code = found.get("code")
    return NodeRefused(method, code if isinstance(code, int) else 0, str(found.get("message", error)))
