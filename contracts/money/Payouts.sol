// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPayouts} from "../interfaces/IPayouts.sol";
import {Guarded} from "./Guarded.sol";
import {TokenBalance} from "./TokenBalance.sol";

/// @notice Pushes money with bounded gas and bounded return data; what does not arrive is kept as a credit.
abstract contract Payouts is IPayouts, Guarded {
    uint256 private constant NATIVE_PUSH_GAS = 50_000;
    uint256 internal constant TOKEN_PUSH_GAS = 200_000;
    /// @dev The call's own cost (cold and new account, value) and, after a failed push, the credit and the caller's end.
    uint256 private constant PUSH_SLACK = 100_000;
    /// @dev EIP-150 hands a call at most 63/64 of what is left: with less a caller could starve a push into a credit.
    uint256 private constant NATIVE_PUSH_NEEDS = NATIVE_PUSH_GAS * 64 / 63 + PUSH_SLACK;
    uint256 internal constant TOKEN_PUSH_NEEDS = TOKEN_PUSH_GAS * 64 / 63 + PUSH_SLACK;

    mapping(address token => mapping(address owner => uint256)) public credits;

    function withdrawCredit(address token, address to) external nonReentrant {
        require(to != address(0) && to != address(this), InvalidRecipient(to));
        _sendCredit(token, msg.sender, to);
    }

    function pushCredit(address token, address owner) external nonReentrant {
        _sendCredit(token, owner, owner);
    }

    /// @dev State must be final before: the receiver may call back, though into no guarded function.
    function _pay(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (token == address(0)) _pushNative(to, amount);
        else _pushToken(TokenBalance.held(token, address(this)), token, to, amount);
    }

    /// @dev Two receivers, one look at our balance.
    function _payBoth(address token, address one, uint256 toOne, address other, uint256 toOther) internal {
        if (token == address(0)) {
            if (toOne != 0) _pushNative(one, toOne);
            if (toOther != 0) _pushNative(other, toOther);
            return;
        }
        uint256 balance = TokenBalance.held(token, address(this));
        if (toOne != 0) balance = _pushToken(balance, token, one, toOne);
        if (toOther != 0) _pushToken(balance, token, other, toOther);
    }

    function _credit(address token, address to, uint256 amount) internal {
        credits[token][to] += amount;
        emit Credited(token, to, amount);
    }

    function _requireGas(uint256 needed) internal view {
        require(gasleft() >= needed, NotEnoughGas(gasleft(), needed));
    }

    /// @dev All or nothing, and with all the gas there is: a token too dear for a push still leaves.
    function _sendCredit(address token, address owner, address to) private {
        uint256 amount = credits[token][owner];
        require(amount != 0, NoCredit(token, owner));

        credits[token][owner] = 0;
        emit CreditWithdrawn(token, owner, to, amount);

        uint256 missing = token == address(0)
            ? _sendNative(to, amount, gasleft())
            : _sendToken(TokenBalance.held(token, address(this)), token, to, amount, gasleft());
        require(missing == 0, PushFailed(token, to, amount));
    }

    function _pushNative(address to, uint256 amount) private {
        _requireGas(NATIVE_PUSH_NEEDS);
        uint256 missing = _sendNative(to, amount, NATIVE_PUSH_GAS);
        if (missing != 0) _credit(address(0), to, missing);
    }

    /// @param balance ours before: zero where the token does not answer, which must not sink the other rows of a batch
    /// @return later ours afterwards, at least if the token told the truth
    function _pushToken(uint256 balance, address token, address to, uint256 amount) private returns (uint256 later) {
        _requireGas(TOKEN_PUSH_NEEDS);
        uint256 missing = _sendToken(balance, token, to, amount, TOKEN_PUSH_GAS);
        if (missing != 0) {
            _credit(token, to, missing);
            return TokenBalance.held(token, address(this));
        }
        unchecked {
            return balance < amount ? 0 : balance - amount;
        }
    }

    function _sendNative(address to, uint256 amount, uint256 cap) private returns (uint256 missing) {
        assembly ("memory-safe") {
            if iszero(call(cap, to, amount, 0, 0, 0, 0)) { missing := amount }
        }
    }

    /// @return missing what did not leave. Some tokens return nothing, some return false although they moved the money: then
    /// the fall of our own balance decides.
    function _sendToken(uint256 balance, address token, address to, uint256 amount, uint256 cap)
        private
        returns (uint256 missing)
    {
        bool called;
        bool sent;
        bytes4 selector = IERC20.transfer.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 0x04), to)
            mstore(add(free, 0x24), amount)
            called := call(cap, token, 0, free, 0x44, free, 0x20)
            sent := and(called, and(gt(returndatasize(), 31), eq(mload(free), 1)))
            if iszero(returndatasize()) { sent := and(called, gt(extcodesize(token), 0)) }
        }
        if (sent) return 0;
        if (!called) return amount;
        (bool answered, uint256 later) = TokenBalance.tryOf(token, address(this));
        uint256 moved = answered && balance > later ? balance - later : 0;
        return amount > moved ? amount - moved : 0;
    }
}
