// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Funding} from "./Funding.sol";
import {Payouts} from "./Payouts.sol";
import {TokenBalance} from "./TokenBalance.sol";

/// @notice Passes somebody's own money on: in one transfer where that works, else in and as a credit.
abstract contract Refunds is Funding, Payouts {
    /// @dev The receiver gets exactly `amount` or the call reverts; a receiver that can't be reached gets a credit.
    function _passOn(address token, address from, address to, uint256 amount) internal {
        if (token == address(0)) {
            _pull(token, from, amount);
            _pay(token, to, amount);
            return;
        }
        require(msg.value == 0, WrongValue(msg.value, 0));
        uint256 before = TokenBalance.held(token, to);
        if (!_tryTransferFrom(token, from, to, amount)) {
            _pull(token, from, amount);
            _credit(token, to, amount);
            return;
        }
        uint256 later = TokenBalance.held(token, to);
        uint256 received = later > before ? later - before : 0;
        require(received == amount, InexactTransfer(token, received, amount));
    }

    /// @return called false where the token reverted; what it returns is left to the balances
    function _tryTransferFrom(address token, address from, address to, uint256 amount) private returns (bool called) {
        _requireGas(TOKEN_PUSH_NEEDS);
        bytes memory payload = abi.encodeCall(IERC20.transferFrom, (from, to, amount));
        assembly ("memory-safe") {
            called := call(TOKEN_PUSH_GAS, token, 0, add(payload, 0x20), mload(payload), 0, 0)
        }
    }
}
