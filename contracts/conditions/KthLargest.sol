// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibSort} from "solady/src/utils/LibSort.sol";

/// @notice What at least k of some values reach: the largest for k = 1, the smallest for k = all.
library KthLargest {
    /// @dev Reorders `values`. Reverts for k = 0, and where there are fewer than k.
    function kthLargest(uint256[] memory values, uint256 k) internal pure returns (uint256) {
        LibSort.insertionSort(values);
        return values[values.length - k];
    }
}
