"""`eth_feeHistory` as nodes answer it, oldest first, with the next block's base fee: eth-tester's own is neither."""

from typing import Any


def fee_history(chain: Any, count: int) -> dict[str, Any]:
    """Of the last `count` blocks of eth-tester's `chain`, without what they paid on top."""
    newest = chain.get_canonical_head().block_number
    oldest = max(0, newest - count + 1)
    headers = [chain.get_canonical_block_header_by_number(number) for number in range(oldest, newest + 1)]
    base_fees = [header.base_fee_per_gas for header in headers]
    return {
        "oldestBlock": oldest,
        "baseFeePerGas": [*base_fees, chain.header.base_fee_per_gas],
        "gasUsedRatio": [header.gas_used / header.gas_limit for header in headers],
    }
