// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {HoldingLib} from "../../../contracts/types/Holding.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @dev The contract's own arithmetic, without the money.
contract Fees is Escrow {
    uint256 private constant MOST = 10_000;

    error Wrong(uint256 bps, uint256 amount, uint256 first);

    /// @notice Each amount, in one piece and in two: the fee is a floor, and slices neither add to it nor evade it.
    function checkAll(Terms calldata terms) external pure {
        for (uint256 amount; amount <= MOST; ++amount) {
            uint256 whole = _fee(terms, HoldingLib.authorized(0), amount);
            uint256 first = amount * 377 % (amount + 1);
            uint256 sliced = _fee(terms, HoldingLib.authorized(0), first);
            sliced += _fee(terms, HoldingLib.authorized(first).earn(first), amount - first);
            bool right = whole == amount * terms.feeBps / 10_000 && sliced == whole && whole <= amount;
            require(right, Wrong(terms.feeBps, amount, first));
        }
    }
}

contract RoundingTest {
    uint16[10] private bps = [0, 1, 2, 3, 249, 250, 3333, 5000, 9999, 10_000];

    function test_Fee_OfEachAmountUpTo10000LosesNoUnit() public {
        Fees fees = new Fees();
        Terms memory terms;
        for (uint256 i; i < bps.length; ++i) {
            terms.feeBps = bps[i];
            fees.checkAll(terms);
        }
    }
}
