// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BareToken} from "../../../contracts/testing/BareToken.sol";

/// @notice Its first transfer moves half of the amount, every later one nothing; all of them answer false.
contract HalfToken is BareToken {
    bool private _halved;

    function transfer(address to, uint256 amount) external returns (bool) {
        if (_halved) return false;
        _halved = true;
        _move(msg.sender, to, amount / 2);
        return false;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _moveFor(msg.sender, from, to, amount);
        return true;
    }
}
