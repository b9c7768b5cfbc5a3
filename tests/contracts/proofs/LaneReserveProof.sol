// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Reserve, ReserveLib} from "../../../contracts/types/Reserve.sol";

/// @notice For every word, amount and time: a reserve only grows while it is made, and is over when both windows are. docs/proofs.md.
contract LaneReserveProof {
    function check_AMergeIsTheLargerAndTheLater(Reserve word, uint96 ceiling, uint48 expiry) external pure {
        Reserve newer = word.merge(ceiling, expiry);
        assert(newer.ceiling() == (ceiling > word.ceiling() ? ceiling : word.ceiling()));
        assert(newer.time() == (expiry > word.time() ? expiry : word.time()));
        assert(newer.settled() == 0 && !newer.isWithdrawn());
    }

    function check_MergesComeInAnyOrderAndCountOnce(uint96 one, uint48 first, uint96 other, uint48 second)
        external
        pure
    {
        Reserve both = ReserveLib.NONE.merge(one, first).merge(other, second);
        assert(Reserve.unwrap(both) == Reserve.unwrap(ReserveLib.NONE.merge(other, second).merge(one, first)));
        assert(Reserve.unwrap(both) == Reserve.unwrap(both.merge(one, first)));
    }

    /// @dev The withdraw keeps ceiling - settled; a claim takes of that, the sweep the rest.
    function check_WhatIsMovedIsPaidOrSweptOnce(Reserve word, uint96 settled, uint48 until, uint256 worth)
        external
        pure
    {
        if (settled > word.ceiling()) return;
        Reserve moved = word.moved(settled, until);
        assert(moved.ceiling() == word.ceiling() && moved.settled() == settled);
        assert(moved.time() == until && moved.isWithdrawn());
        if (worth > moved.ceiling()) worth = moved.ceiling();
        if (worth <= settled) return;
        uint256 due = worth - settled;
        Reserve paid = moved.settle(due);
        assert(paid.settled() == worth && paid.settled() <= paid.ceiling());
        assert(due + (paid.ceiling() - paid.settled()) == word.ceiling() - settled);
        assert(paid.ceiling() == moved.ceiling() && paid.time() == until && paid.isWithdrawn());
    }

    function check_TheEndIsWithinBothWindows(uint32 closesAt, uint48 last, uint32 window, uint32 promiseWindow)
        external
        pure
    {
        uint256 end = ReserveLib.end(closesAt, last, window, promiseWindow);
        assert(end >= uint256(closesAt) + window);
        assert(end <= uint256(closesAt) + promiseWindow + window);
        assert(end <= type(uint48).max);
        // what is recorded in the last second can be claimed for a window more, however late the withdraw
        if (last <= uint256(closesAt) + promiseWindow) assert(end >= uint256(last) + window);
    }

    /// @dev Second by second, so for every two expiries: a later one ends no earlier, and by no more than it is later.
    function check_OneSecondOfExpiryHoldsOneSecondAtMost(
        uint32 closesAt,
        uint48 last,
        uint32 window,
        uint32 promiseWindow
    ) external pure {
        uint256 end = ReserveLib.end(closesAt, last, window, promiseWindow);
        uint256 later = ReserveLib.end(closesAt, uint256(last) + 1, window, promiseWindow);
        assert(later == end || later == end + 1);
    }
}
