// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICondition} from "./ICondition.sol";

/// @notice Releases nothing before the cliff, then a line from `start` to `end`, and all from `end` on.
/// @dev data = abi.encode(uint48 start, uint48 cliff, uint48 end). Times out of order, or no time between start and end,
/// release nothing, ever.
contract Vesting is ICondition {
    function released(bytes32, uint256 amount, bytes calldata data, bytes calldata) external view returns (uint256) {
        (uint48 start, uint48 cliff, uint48 end) = abi.decode(data, (uint48, uint48, uint48));
        if (start > cliff || cliff > end || start == end || block.timestamp < cliff) return 0;
        if (block.timestamp >= end) return amount;
        return Math.mulDiv(amount, block.timestamp - start, end - start);
    }
}
