// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice Asks a token without trusting it: bounded gas, 32 bytes copied.
library TokenBalance {
    uint256 private constant GAS = 100_000;

    /// @return answered false where there is no contract, or it reverts or answers short
    function tryOf(address token, address owner) internal view returns (bool answered, uint256 amount) {
        bytes4 selector = IERC20.balanceOf.selector;
        assembly ("memory-safe") {
            mstore(0, selector)
            mstore(0x04, owner)
            answered := staticcall(GAS, token, 0, 0x24, 0, 0x20)
            answered := and(answered, gt(returndatasize(), 31))
            amount := mul(mload(0), answered)
        }
    }

    /// @return amount zero where the token does not answer
    function held(address token, address owner) internal view returns (uint256 amount) {
        (, amount) = tryOf(token, owner);
    }
}
