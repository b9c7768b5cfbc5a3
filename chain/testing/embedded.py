"""A node inside the process: eth-tester's py-evm behind JSON-RPC as other nodes speak it, reverts with their data."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from eth.exceptions import PyEVMError, Revert
from eth.vm.spoof import SpoofTransaction
from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.backends.pyevm.serializers import serialize_transaction_receipt
from eth_tester.exceptions import BlockNotFound
from eth_tester.exceptions import ValidationError as TesterValidationError
from eth_utils.exceptions import ValidationError
from web3 import Web3
from web3.providers import EthereumTesterProvider
from web3.providers.eth_tester.defaults import API_ENDPOINTS
from web3.types import RPCEndpoint, RPCResponse

from chain import create2, network
from chain.testing.controls import Controls, number
from chain.testing.fees import fee_history
from chain.testing.serve import Server
from chain.testing.state import accounts_of, located, number_of, state_at

CHAIN_ID = network.load("local").chain_id

_BEFORE_BLOCK = {
    "eth_call": 1,
    "eth_getBalance": 1,
    "eth_getCode": 1,
    "eth_getTransactionCount": 1,
    "eth_getStorageAt": 2,
}


class _Backend(PyEVMBackend):  # type: ignore[misc]  # eth-tester has no types
    """Calls run in the block that they name, for free, and fail with the EVM's own error; the next one is `pending`."""

    def __init__(self) -> None:
        super().__init__(genesis_state=accounts_of({create2.PROXY: create2.PROXY_CODE}))
        self.chain.chain_id = CHAIN_ID

    def call(self, transaction: dict[str, Any], block_number: Any = "pending") -> bytes:
        computation = self._run(transaction, block_number)
        computation.raise_if_error()
        return bytes(computation.output)

    def estimate_gas(self, transaction: dict[str, Any], block_number: Any = "pending") -> int:
        """Some gas that suffices: what it used, doubled while inner calls (EIP-150) and guards ask for more."""
        computation = self._run(transaction, block_number)
        computation.raise_if_error()
        limit = self.chain.header.gas_limit
        enough = (limit - computation.get_gas_remaining()) * 64 // 63 + 2300
        while enough < limit and not self._suffices(transaction, block_number, enough):
            enough *= 2
        return int(min(enough, limit))

    def get_transaction_receipt(self, transaction_hash: bytes) -> dict[str, Any]:
        """By py-evm's index; eth-tester looks through every block, which makes reading logs quadratic."""
        block, index = located(self.chain, transaction_hash)
        receipts = block.get_receipts(self.chain.chaindb)
        vm = self.chain.get_vm()
        return dict(serialize_transaction_receipt(block, receipts, block.transactions[index], index, False, vm))

    def _suffices(self, transaction: dict[str, Any], block_number: Any, gas: int) -> bool:
        try:
            return bool(self._run({**transaction, "gas": gas}, block_number).is_success)
        except ValidationError:  # Less than the transaction costs before it runs.
            return False

    def _run(self, transaction: dict[str, Any], block_number: Any) -> Any:
        state = state_at(self.chain, block_number)
        priced = {"gas": state.gas_limit, **transaction, "max_fee_per_gas": 0, "max_priority_fee_per_gas": 0}
        priced.pop("gas_price", None)
        unsigned = self._get_normalized_and_unsigned_evm_transaction(priced, block_number)
        spoofed: Any = SpoofTransaction(unsigned, from_=transaction["from"])
        return state.apply_transaction(spoofed)


class EmbeddedNode:
    """Mines a block for every transaction, one second after the last unless told otherwise. One request at a time."""

    def __init__(self) -> None:
        backend = _Backend()
        provider = EthereumTesterProvider(EthereumTester(backend), _endpoints(backend))
        web3 = Web3(provider, middleware=[])
        self._answer = provider.request_func(web3, web3.middleware_onion)
        self._chain = backend.chain
        self._lock = threading.Lock()
        self._servers: list[Server] = []

    def serve(self, port: int = 0) -> str:
        """The URL under which other processes reach it until `close`; 0 takes a free port."""
        self._servers.append(Server(self.handle, port))
        return self._servers[-1].url

    def close(self) -> None:
        """Ends the serving. Idempotent."""
        while self._servers:
            self._servers.pop().close()

    def handle(self, method: str, params: Any) -> RPCResponse:
        """One JSON-RPC request; every refusal is an `error` in the answer, as it comes from a node over HTTP."""
        with self._lock:
            try:
                answer = self._answer(RPCEndpoint(method), self._completed(method, list(params or [])))
            except Revert as revert:
                return _error(3, "execution reverted", "0x" + bytes(revert.args[0]).hex())
            except (PyEVMError, ValidationError, TesterValidationError, BlockNotFound) as refusal:
                return _error(-32000, f"{type(refusal).__name__}: {refusal}")
        if "result" in answer:
            answer["result"] = _hex(answer["result"])
        return answer

    def _completed(self, method: str, params: list[Any]) -> list[Any]:
        """With the block that JSON-RPC lets out; and a log filter by block hash (EIP-234) as one by number."""
        if len(params) == _BEFORE_BLOCK.get(method):
            return [*params, "latest"]
        if method == "eth_getLogs" and "blockHash" in params[0]:
            ranged = dict(params[0])
            ranged["fromBlock"] = ranged["toBlock"] = hex(number_of(self._chain, ranged.pop("blockHash")))
            return [ranged]
        return params


def _endpoints(backend: _Backend) -> dict[str, dict[str, Callable[..., Any]]]:
    """web3's table, with our chain id and controls."""
    controls = Controls(backend)
    return {
        **API_ENDPOINTS,
        "eth": {
            **API_ENDPOINTS["eth"],
            "chainId": lambda tester, params: CHAIN_ID,
            "feeHistory": lambda tester, params: fee_history(backend.chain, number(params[0])),
        },
        "net": {**API_ENDPOINTS["net"], "version": lambda tester, params: str(CHAIN_ID)},
        "evm": controls.evm,
        "anvil": controls.anvil,
    }


def _hex(value: Any) -> Any:
    """Numbers and bytes as JSON-RPC writes them."""
    if isinstance(value, int) and not isinstance(value, bool):
        return hex(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, Mapping):
        return {key: _hex(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hex(item) for item in value]
    return value


def _error(code: int, message: str, data: str | None = None) -> RPCResponse:
    error: dict[str, Any] = {"code": code, "message": message}
    if data is not None:
        error["data"] = data
    return {"jsonrpc": "2.0", "id": 1, "error": error}  # type: ignore[typeddict-item]
