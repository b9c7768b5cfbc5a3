// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The bounds of a channel's two periods: window 32 | promiseWindow 32 | salt 96.
library Periods {
    uint256 private constant SHORTEST = 15 minutes;
    uint256 private constant LONGEST = 365 days;

    error InvalidPeriod(uint256 period, uint256 shortest, uint256 longest);

    function requireSound(uint256 periods) internal pure {
        _require(periods >> 128);
        _require(uint32(periods >> 96));
    }

    function _require(uint256 period) private pure {
        require(period >= SHORTEST && period <= LONGEST, InvalidPeriod(period, SHORTEST, LONGEST));
    }
}
