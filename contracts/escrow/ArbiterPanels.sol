// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibClone} from "solady/src/utils/LibClone.sol";
import {IArbiterPanels} from "../interfaces/IArbiterPanels.sol";
import {ArbiterPanel} from "./ArbiterPanel.sol";

/// @notice The factory of all panels. No owner; a panel depends on nothing that is stored here.
contract ArbiterPanels is IArbiterPanels {
    /// @dev A bound on what asking a panel can cost.
    uint256 public constant MOST_MEMBERS = 16;
    ArbiterPanel private immutable _PANEL = new ArbiterPanel();

    function create(address[] calldata members, uint256 threshold) external returns (address panel) {
        bytes memory args = _checked(members, threshold);
        bool there;
        (there, panel) = LibClone.createDeterministicClone(address(_PANEL), args, 0);
        if (!there) emit PanelCreated(panel, members, threshold);
    }

    function addressOf(address[] calldata members, uint256 threshold) external view returns (address) {
        return LibClone.predictDeterministicAddress(address(_PANEL), _checked(members, threshold), 0, address(this));
    }

    function _checked(address[] calldata members, uint256 threshold) private pure returns (bytes memory) {
        require(members.length <= MOST_MEMBERS, TooManyMembers(members.length, MOST_MEMBERS));
        require(threshold != 0 && threshold <= members.length, InvalidPanelThreshold(threshold, members.length));
        address previous;
        for (uint256 i; i < members.length; ++i) {
            require(members[i] > previous, MembersOutOfOrder(previous, members[i]));
            previous = members[i];
        }
        return abi.encode(members, threshold);
    }
}
