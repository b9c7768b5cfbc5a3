// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A condition says how much of an amount is released: an amount, not a yes.
/// @dev Law for authors: more proof never lowers the value; no negation; nothing that a flash loan or anybody's present
/// balance can move. It is called with bounded gas and clipped to the amount; no code, a revert or a short answer is zero.
interface ICondition {
    /// @param subject what it is about: a payment id, or the hash that stands for a promise
    /// @param amount the whole amount at stake, in base units
    /// @param data fixed by the agreement, which holds its hash
    /// @param proof brought by whoever asks
    /// @return how much of `amount` is released in all, in base units
    function released(bytes32 subject, uint256 amount, bytes calldata data, bytes calldata proof)
        external
        view
        returns (uint256);
}
