// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {Holding, HoldingLib} from "../../../contracts/types/Holding.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @notice A fee is the same in one piece as in slices. docs/proofs.md.
contract FeeProof is Escrow {
    function feeOf(Terms calldata terms, Holding holding, uint256 amount) external pure returns (uint256) {
        return _fee(terms, holding, amount);
    }

    /// @dev What two slices pay together is what one pays.
    function check_SlicesPayTheSameFee(uint16 bps, uint96 first, uint96 second) external view {
        if (bps > 10_000 || uint256(first) + second > type(uint96).max) return;
        Terms memory terms;
        terms.feeBps = bps;
        uint256 sliced = this.feeOf(terms, HoldingLib.authorized(0), first)
            + this.feeOf(terms, HoldingLib.authorized(first).earn(first), second);
        assert(sliced == this.feeOf(terms, HoldingLib.authorized(0), uint256(first) + second));
    }
}
