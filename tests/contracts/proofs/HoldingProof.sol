// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holding, HoldingLib} from "../../../contracts/types/Holding.sol";

/// @notice For every word and every amount: each change of a hold moves what it names, and nothing else. docs/proofs.md.
contract HoldingProof {
    uint256 private constant USED = 1 << 255;

    function check_Authorized(uint96 amount) external pure {
        Holding word = HoldingLib.authorized(amount);
        assert(word.held() == amount && word.refundable() == 0 && word.disputedAt() == 0 && word.isUsed());
    }

    /// @dev held + refundable never exceeds the amount, of 96 bits, that was put in: the callers' invariant.
    function check_EarnMovesFromHeldToRefundable(Holding word, uint96 amount) external pure {
        if (amount > word.held() || word.held() + word.refundable() > type(uint96).max) return;
        Holding newer = word.earn(amount);
        assert(newer.held() == word.held() - amount);
        assert(newer.refundable() == word.refundable() + amount);
        assertRestIsKept(word, newer);
    }

    function check_GiveBackLowersHeldAlone(Holding word, uint96 amount) external pure {
        if (amount > word.held()) return;
        Holding newer = word.giveBack(amount);
        assert(newer.held() == word.held() - amount);
        assert(newer.refundable() == word.refundable());
        assertRestIsKept(word, newer);
    }

    function check_RefundLowersRefundableAlone(Holding word, uint96 amount) external pure {
        if (amount > word.refundable()) return;
        Holding newer = word.refund(amount);
        assert(newer.held() == word.held());
        assert(newer.refundable() == word.refundable() - amount);
        assertRestIsKept(word, newer);
    }

    function check_DisputeMarksItsSecondAlone(Holding word, uint48 time) external pure {
        if (word.isDisputed()) return;
        Holding newer = word.dispute(time);
        assert(newer.disputedAt() == time);
        assert(Holding.unwrap(newer) ^ Holding.unwrap(word) == uint256(time) << 192);
    }

    function check_MovedOnEmptiesTheHoldAndEndsTheDispute(Holding word) external pure {
        Holding newer = word.movedOn();
        assert(newer.held() == 0 && newer.disputedAt() == 0);
        assert(newer.refundable() == word.refundable() && newer.isUsed() == word.isUsed());
    }

    /// @dev What a ruling, a settlement or an expiry stores: nothing stays held, and nothing is lost.
    function check_ASplitEndsTheHoldAndLosesNothing(Holding word, uint96 toPayee) external pure {
        if (toPayee > word.held() || word.held() + word.refundable() > type(uint96).max) return;
        Holding newer = word.earn(toPayee).giveBack(word.held() - toPayee);
        assert(newer.held() == 0);
        assert(newer.refundable() - word.refundable() + (word.held() - toPayee) == word.held());
        assertRestIsKept(word, newer);
    }

    function assertRestIsKept(Holding word, Holding newer) private pure {
        assert(newer.disputedAt() == word.disputedAt());
        assert(newer.isUsed() == word.isUsed());
    }
}
