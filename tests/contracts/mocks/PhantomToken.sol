// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BareToken} from "../../../contracts/testing/BareToken.sol";

/// @notice A token like WETH: its fallback swallows a function that it does not have, and says yes.
contract PhantomToken is BareToken {
    fallback() external {}

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _moveFor(msg.sender, from, to, amount);
        return true;
    }
}
