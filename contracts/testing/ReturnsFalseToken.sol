// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BareToken} from "./BareToken.sol";

/// @notice For tests: comes in by `transferFrom`, but its `transfer` answers false and moves nothing.
contract ReturnsFalseToken is BareToken {
    function transfer(address, uint256) external pure returns (bool) {
        return false;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _moveFor(msg.sender, from, to, amount);
        return true;
    }
}
