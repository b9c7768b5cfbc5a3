// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lane, LaneLib} from "../../../contracts/types/Lane.sol";
import {vm} from "../support/Vm.sol";

/// @notice For every word and every amount: each change of a lane moves what it names, and nothing else. docs/proofs.md.
contract LaneProof {
    function check_AddDepositRaisesTheDepositAlone(Lane word, uint96 amount) external pure {
        if (word.deposit() + amount > type(uint96).max) return;
        Lane newer = word.addDeposit(amount);
        assert(newer.deposit() == word.deposit() + amount);
        assert(newer.settled() == word.settled());
        assertRestIsKept(word, newer);
    }

    /// @dev A claim: what is due leaves the rest and is settled; deposit = settled + rest as before.
    function check_ClaimLosesNothing(Lane word, uint256 worth) external pure {
        uint256 covered = word.covered(worth);
        if (word.settled() > word.deposit() || covered <= word.settled()) return;
        uint256 due = covered - word.settled();
        Lane newer = word.settle(due);
        assert(covered <= worth && covered <= word.deposit());
        assert(newer.settled() == covered && newer.deposit() == word.deposit());
        assert(newer.rest() + due == word.rest() && newer.settled() + newer.rest() == newer.deposit());
        assertRestIsKept(word, newer);
    }

    function check_CoveredRisesWithTheVoucherAndTheDeposit(Lane word, uint256 less, uint256 more, uint96 amount)
        external
        pure
    {
        if (less > more || word.deposit() + amount > type(uint96).max) return;
        assert(word.covered(less) <= word.covered(more));
        assert(word.covered(less) <= word.addDeposit(amount).covered(less));
    }

    function check_ReservingMarksItsBitAlone(Lane word) external pure {
        Lane newer = word.reserving();
        assert(newer.isReserved());
        assert(Lane.unwrap(newer) | 1 << 255 == Lane.unwrap(word) | 1 << 255);
    }

    /// @dev A request and a cancel: the time, and no older close's reserve.
    function check_ClosingAtSetsItsSecondAndForgetsAReserve(Lane word, uint32 time) external pure {
        Lane newer = word.closingAt(time);
        assert(newer.closesAt() == time && !newer.isReserved());
        assert(newer.deposit() == word.deposit() && newer.settled() == word.settled());
        assert(newer.epoch() == word.epoch());
    }

    function check_ATimeThatDoesNotFitIsRefused(Lane word, uint256 time) external view {
        if (time <= type(uint32).max) return;
        try this.closingAt(word, time) {
            assert(false);
        } catch {}
    }

    function closingAt(Lane word, uint256 time) external pure returns (Lane) {
        return word.closingAt(time);
    }

    function check_TheWindowIsOverFromItsSecondOnOrNever(Lane word, uint64 now_) external {
        vm.warp(now_);
        bool over = word.windowIsOver();
        assert(over == (word.closesAt() != 0 && now_ >= word.closesAt()));
    }

    function check_AnEndLeavesTheNextEpochAlone(Lane word) external pure {
        if (word.epoch() == LaneLib.LAST_EPOCH) return; // no such lane can be open
        Lane newer = word.ended();
        assert(newer.epoch() == word.epoch() + 1);
        assert(!newer.isOpen() && newer.settled() == 0 && newer.closesAt() == 0 && !newer.isReserved());
    }

    function assertRestIsKept(Lane word, Lane newer) private pure {
        assert(newer.closesAt() == word.closesAt() && newer.epoch() == word.epoch());
        assert(newer.isReserved() == word.isReserved());
    }
}
