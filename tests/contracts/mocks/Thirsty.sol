// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BareToken} from "../../../contracts/testing/BareToken.sol";

/// @notice Gives up at once where it is brought less gas than it needs, so that its caller has much left.
contract ThirstyReceiver {
    uint256 private immutable _NEEDS;

    constructor(uint256 needs) {
        _NEEDS = needs;
    }

    receive() external payable {
        require(gasleft() >= _NEEDS);
    }
}

/// @notice As ThirstyReceiver, but the token itself.
contract ThirstyToken is BareToken {
    uint256 private constant NEEDS = 195_000;

    function transfer(address to, uint256 amount) external returns (bool) {
        require(gasleft() >= NEEDS);
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _moveFor(msg.sender, from, to, amount);
        return true;
    }
}
