// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How money leaves. A push that fails becomes a credit of its receiver, so no receiver can block another's leg.
interface IPayouts {
    event Credited(address indexed token, address indexed owner, uint256 amount);
    event CreditWithdrawn(address indexed token, address indexed owner, address to, uint256 amount);

    /// @notice The transaction must bring this much gas to this point: with less, a push would fail for want of gas.
    error NotEnoughGas(uint256 left, uint256 needed);
    error NoCredit(address token, address owner);
    error PushFailed(address token, address to, uint256 amount);
    error InvalidRecipient(address to);

    /// @notice What `owner` may withdraw, in base units.
    function credits(address token, address owner) external view returns (uint256);

    /// @notice The caller's whole credit, sent where it likes.
    function withdrawCredit(address token, address to) external;

    /// @notice `owner`'s whole credit, pushed to `owner` by anyone.
    function pushCredit(address token, address owner) external;
}
