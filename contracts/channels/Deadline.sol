// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Until when a signed message counts.
library Deadline {
    error DeadlinePassed(uint256 now_, uint256 deadline);

    /// @dev The one place that says which side the boundary second belongs to: at the deadline it has passed.
    function requireAhead(uint256 deadline) internal view {
        require(block.timestamp < deadline, DeadlinePassed(block.timestamp, deadline));
    }
}
