// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How money comes in: exactly, or not at all.
interface IFunding {
    error WrongValue(uint256 sent, uint256 expected);
    /// @notice Nothing at that address answers as a token does.
    error TokenHasNoCode(address token);
    /// @notice The token moved another amount than was asked for: it takes a fee, or rebases.
    error InexactTransfer(address token, uint256 received, uint256 expected);
}
