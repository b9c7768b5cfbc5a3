// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICondition} from "./ICondition.sol";

/// @notice Releases everything from a second on.
/// @dev data = abi.encode(uint48 time).
contract AfterTime is ICondition {
    function released(bytes32, uint256 amount, bytes calldata data, bytes calldata) external view returns (uint256) {
        uint48 time = abi.decode(data, (uint48));
        return block.timestamp >= time ? amount : 0;
    }
}
