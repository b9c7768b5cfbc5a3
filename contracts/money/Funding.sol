// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IFunding} from "../interfaces/IFunding.sol";
import {Guarded} from "./Guarded.sol";
import {TokenBalance} from "./TokenBalance.sol";

/// @notice Takes native currency that came with the call, or an ERC-20 by allowance.
abstract contract Funding is IFunding, Guarded {
    function _pull(address token, address from, uint256 amount) internal {
        if (token == address(0)) {
            require(msg.value == amount, WrongValue(msg.value, amount));
            return;
        }
        require(msg.value == 0, WrongValue(msg.value, 0));
        _pullGuarded(token, from, amount);
    }

    /// @dev The caller holds the guard, so that no pull within a transfer can be counted twice: not in another pull's
    /// difference, nor in the balance that decides whether a push arrived.
    function _pullToken(address token, address from, uint256 amount) internal {
        uint256 before = _balanceBefore(token);
        SafeERC20.safeTransferFrom(IERC20(token), from, address(this), amount);
        _requireReceived(token, before, amount);
    }

    function _balanceBefore(address token) internal view returns (uint256) {
        (bool answered, uint256 before) = TokenBalance.tryOf(token, address(this));
        require(answered, TokenHasNoCode(token));
        return before;
    }

    function _requireReceived(address token, uint256 before, uint256 amount) internal view {
        uint256 later = TokenBalance.held(token, address(this));
        uint256 received = later > before ? later - before : 0;
        require(received == amount, InexactTransfer(token, received, amount));
    }

    function _pullGuarded(address token, address from, uint256 amount) private nonReentrant {
        _pullToken(token, from, amount);
    }
}
