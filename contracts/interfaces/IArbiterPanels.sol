// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Makes panels of arbiters, each at an address that follows from its members and threshold: the same on every chain.
interface IArbiterPanels {
    event PanelCreated(address indexed panel, address[] members, uint256 threshold);

    error InvalidPanelThreshold(uint256 threshold, uint256 members);
    error TooManyMembers(uint256 members, uint256 most);
    /// @notice Members rise strictly by address, from one above zero.
    error MembersOutOfOrder(address previous, address member);

    /// @notice Anyone makes the panel; where it is there already, this only answers its address.
    function create(address[] calldata members, uint256 threshold) external returns (address panel);

    /// @notice Where the panel is, or will be.
    function addressOf(address[] calldata members, uint256 threshold) external view returns (address);
}
