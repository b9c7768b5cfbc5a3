"""What py-evm keeps: state to run in, state that is set by hand, and the way back.

A `chain` here is eth-tester's, a class of a function's own: it has no type that could be named.
"""

from collections.abc import Callable, Mapping
from typing import Any

from eth.abc import StateAPI
from eth.constants import GENESIS_PARENT_HASH
from eth.exceptions import HeaderNotFound
from eth.exceptions import TransactionNotFound as EvmTransactionNotFound
from eth_tester.exceptions import BlockNotFound, TransactionNotFound

from chain.units import Address


def accounts_of(codes: Mapping[Address, bytes]) -> dict[bytes, dict[str, Any]]:
    """A genesis state of contracts without money."""
    return {_raw(place): {"balance": 0, "nonce": 1, "code": code, "storage": {}} for place, code in codes.items()}


def state_at(chain: Any, block: Any) -> StateAPI:
    """A throw-away state in the block `block` itself, without a base fee; py-evm's own would run one block later."""
    header = chain.header if block in {"pending", "latest", "safe", "finalized"} else _header(chain, block)
    vm = chain.get_vm(header)
    free = header.copy(base_fee_per_gas=0)
    state: StateAPI = vm.build_state(chain.chaindb.db, free, vm.chain_context, vm.previous_hashes)
    return state


def written(chain: Any, place: str, change: Callable[[StateAPI, Any], None]) -> None:
    """Changes the account at `place` in the block that is mined next."""
    state = chain.get_vm(chain.header).state
    change(state, _raw(place))
    state.persist()
    chain.header = chain.header.copy(state_root=state.state_root)


def located(chain: Any, transaction_hash: Any) -> tuple[Any, int]:
    """The block that has the transaction, and its place there. Raises eth-tester's `TransactionNotFound`."""
    try:
        number, index = chain.chaindb.get_transaction_index(transaction_hash)
    except EvmTransactionNotFound:
        raise TransactionNotFound(transaction_hash.hex()) from None
    block = chain.get_canonical_block_by_number(number) if number < chain.header.block_number else None
    transactions = block.transactions if block else ()
    if index >= len(transactions) or transactions[index].hash != transaction_hash:  # It was in a block that is undone.
        raise TransactionNotFound(transaction_hash.hex())
    return block, index


def number_of(chain: Any, block_hash: str) -> int:
    """The height of a block of the chain as it is now. Raises eth-tester's `BlockNotFound`."""
    try:
        header = chain.get_block_header_by_hash(bytes.fromhex(block_hash[2:]))
    except HeaderNotFound:
        raise BlockNotFound(block_hash) from None
    number = int(header.block_number)
    if number >= chain.header.block_number or _header(chain, number).hash != header.hash:
        raise BlockNotFound(block_hash)
    return number


def rewind(chain: Any, block_hash: Any) -> None:
    """Makes an earlier block the head; eth-tester's own way runs that block again, and forgets the chain's id."""
    header = chain.get_block_header_by_hash(block_hash)
    chain.chaindb._set_as_canonical_chain_head(chain.chaindb.db, header, GENESIS_PARENT_HASH)  # noqa: SLF001
    chain.header = chain.create_header_from_parent(header)


def _header(chain: Any, block: Any) -> Any:
    return chain.get_canonical_block_header_by_number(0 if block == "earliest" else block)


def _raw(place: str) -> Any:
    return bytes.fromhex(place[2:])
