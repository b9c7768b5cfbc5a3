// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BareToken} from "./BareToken.sol";

/// @notice For tests: its transfers move the money and answer nothing, as USDT's on Ethereum.
contract NoReturnToken is BareToken {
    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        _moveFor(msg.sender, from, to, amount);
    }
}
