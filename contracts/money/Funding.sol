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
        _pullToken(token, from, amount);
    }

    /// @dev Guarded here, so that no pull within a transfer can be counted twice: not in another pull's difference, nor
    /// in the balance that decides whether a push arrived.
    function _pullToken(address token, address from, uint256 amount) private nonReentrant {
        (bool answered, uint256 before) = TokenBalance.tryOf(token, address(this));
        require(answered, TokenHasNoCode(token));
        SafeERC20.safeTransferFrom(IERC20(token), from, address(this), amount);
        uint256 later = TokenBalance.held(token, address(this));
        uint256 received = later > before ? later - before : 0;
        require(received == amount, InexactTransfer(token, received, amount));
    }
}
