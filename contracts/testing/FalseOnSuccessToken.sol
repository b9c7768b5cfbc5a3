// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BareToken} from "./BareToken.sol";

/// @notice For tests: comes in by `transferFrom`; its `transfer` moves the money, and answers false all the same.
contract FalseOnSuccessToken is BareToken {
    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return false;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _moveFor(msg.sender, from, to, amount);
        return true;
    }
}
