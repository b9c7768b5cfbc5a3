// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a closing lane keeps for promises, in one word, low bits first: ceiling 96, settled 96, time 48, withdrawn 1.
/// @dev Until a withdraw the time is the last expiry of the promises it is for, and settled is the lane's own. The withdraw
/// copies that, and sets the time at which what is left goes back to the payer.
type Reserve is uint256;

using ReserveLib for Reserve global;

library ReserveLib {
    uint256 private constant AMOUNT = type(uint96).max;
    uint256 private constant SETTLED_AT = 96;
    uint256 private constant TIME_AT = 192;
    uint256 private constant WITHDRAWN = 1 << 240;
    Reserve internal constant NONE = Reserve.wrap(0);

    /// @return the most that vouchers may be worth in all, in base units
    function ceiling(Reserve reserve) internal pure returns (uint256) {
        return Reserve.unwrap(reserve) & AMOUNT;
    }

    function settled(Reserve reserve) internal pure returns (uint256) {
        return (Reserve.unwrap(reserve) >> SETTLED_AT) & AMOUNT;
    }

    function time(Reserve reserve) internal pure returns (uint256) {
        return uint48(Reserve.unwrap(reserve) >> TIME_AT);
    }

    function isWithdrawn(Reserve reserve) internal pure returns (bool) {
        return Reserve.unwrap(reserve) & WITHDRAWN != 0;
    }

    /// @dev The larger ceiling and the later expiry: what was reserved once stays.
    function merge(Reserve reserve, uint256 ceiling_, uint256 lastExpiry) internal pure returns (Reserve) {
        uint256 most = ceiling_ > ceiling(reserve) ? ceiling_ : ceiling(reserve);
        uint256 last = lastExpiry > time(reserve) ? lastExpiry : time(reserve);
        return Reserve.wrap(most | last << TIME_AT);
    }

    /// @notice As the withdraw leaves it, for claims until the second `until`.
    function moved(Reserve reserve, uint256 settled_, uint256 until) internal pure returns (Reserve) {
        return Reserve.wrap(ceiling(reserve) | settled_ << SETTLED_AT | until << TIME_AT | WITHDRAWN);
    }

    /// @dev What is settled afterwards must be at most the ceiling.
    function settle(Reserve reserve, uint256 due) internal pure returns (Reserve) {
        unchecked {
            return Reserve.wrap(Reserve.unwrap(reserve) + (due << SETTLED_AT));
        }
    }

    /// @notice The second at which what is reserved at a close is over: what was recorded in the promises' last second can be
    /// claimed for one more window, and no promise holds money longer than its window after the close.
    function end(uint256 closesAt, uint256 lastExpiry, uint256 window, uint256 promiseWindow)
        internal
        pure
        returns (uint256)
    {
        uint256 latest = closesAt + promiseWindow;
        if (lastExpiry < latest) latest = lastExpiry;
        return (latest > closesAt ? latest : closesAt) + window;
    }
}
