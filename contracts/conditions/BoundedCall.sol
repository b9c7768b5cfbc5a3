// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Asks a stranger for one word: its gas is bounded, and no more than that word is copied.
library BoundedCall {
    /// @return word zero where the call reverts, the answer is short, or there is no code
    function ask(address stranger, uint256 gasCap, bytes memory payload) internal view returns (uint256 word) {
        assembly ("memory-safe") {
            let answered := staticcall(gasCap, stranger, add(payload, 0x20), mload(payload), 0, 0x20)
            // a precompile answers, but has no code
            answered := and(answered, gt(extcodesize(stranger), 0))
            word := mul(mload(0), and(answered, gt(returndatasize(), 31)))
        }
    }
}
