// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BareToken} from "./BareToken.sol";

/// @notice For tests: the token keeps 1 % of every transfer, so less arrives than was sent.
contract FeeOnTransferToken is BareToken {
    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        _takeFee(to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _moveFor(msg.sender, from, to, amount);
        _takeFee(to, amount);
        return true;
    }

    function _takeFee(address owner, uint256 amount) private {
        _move(owner, address(this), amount / 100);
    }
}
