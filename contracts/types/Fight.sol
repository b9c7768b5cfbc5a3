// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The newest state that was posted in a fight, in one word, low bits first: net 128, version 64, deadline 48, hasPromises 1.
type Fight is uint256;

using FightLib for Fight global;

library FightLib {
    uint256 private constant VERSION_AT = 128;
    uint256 private constant DEADLINE_AT = 192;
    uint256 private constant HAS_PROMISES = 1 << 240;
    Fight internal constant NONE = Fight.wrap(0);

    /// @dev No net beyond all deposits' bound means more than the bound.
    function pack(int256 net_, uint256 version_, uint256 deadline_, bool hasPromises_) internal pure returns (Fight) {
        if (net_ > type(int128).max) net_ = type(int128).max;
        if (net_ < type(int128).min) net_ = type(int128).min;
        uint256 word = uint128(int128(net_)) | version_ << VERSION_AT | deadline_ << DEADLINE_AT;
        return Fight.wrap(hasPromises_ ? word | HAS_PROMISES : word);
    }

    /// @return what A owes B, in base units
    function net(Fight fight) internal pure returns (int256) {
        return int128(uint128(Fight.unwrap(fight)));
    }

    function version(Fight fight) internal pure returns (uint256) {
        return uint64(Fight.unwrap(fight) >> VERSION_AT);
    }

    /// @return zero where there is no fight
    function deadline(Fight fight) internal pure returns (uint256) {
        return uint48(Fight.unwrap(fight) >> DEADLINE_AT);
    }

    function hasPromises(Fight fight) internal pure returns (bool) {
        return Fight.unwrap(fight) & HAS_PROMISES != 0;
    }
}
