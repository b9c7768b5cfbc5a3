// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ArbiterPanel} from "../../../contracts/escrow/ArbiterPanel.sol";
import {IArbiterPanels} from "../../../contracts/interfaces/IArbiterPanels.sol";
import {vm} from "../support/Vm.sol";
import {PanelCase} from "./PanelCase.sol";

contract CreatePanelTest is PanelCase {
    function refused(address[] memory members, uint256 threshold, bytes memory reason) private {
        vm.expectRevert(reason);
        panels.create(members, threshold);
        vm.expectRevert(reason);
        panels.addressOf(members, threshold);
    }

    function rising(uint256 length) private pure returns (address[] memory members) {
        members = new address[](length);
        for (uint256 i; i < length; ++i) {
            members[i] = address(uint160(i + 1));
        }
    }

    function test_Create_PutsThePanelWhereItsMembersAndThresholdSay() public {
        address foretold = panels.addressOf(seats, 2);
        vm.assertEq(foretold.code.length, 0, "not there yet");

        vm.expectEmit();
        emit IArbiterPanels.PanelCreated(foretold, seats, 2);
        address panel = panels.create(seats, 2);

        vm.assertEq(panel, foretold, "place");
        (address[] memory members, uint256 threshold) = ArbiterPanel(panel).members();
        vm.assertEq(keccak256(abi.encode(members)), keccak256(abi.encode(seats)), "members");
        vm.assertEq(threshold, 2, "threshold");
    }

    function test_Create_AnswersThePanelThatIsThereAlready() public {
        address panel = panels.create(seats, 2);
        vm.recordLogs();
        vm.prank(address(0x57A6));
        vm.assertEq(panels.create(seats, 2), panel, "the same");
        vm.assertEq(vm.getRecordedLogs().length, 0, "nothing was created");
    }

    function test_Create_OtherMembersOrAnotherThresholdAreAnotherPanel() public {
        address panel = panels.create(seats, 2);
        vm.assertTrue(panels.create(seats, 3) != panel, "threshold");
        seats.pop();
        vm.assertTrue(panels.create(seats, 2) != panel, "members");
    }

    function test_Create_MakesPanelsOfOneToSixteen() public {
        for (uint256 size = 1; size <= 16; ++size) {
            ArbiterPanel panel = ArbiterPanel(panels.create(rising(size), size));
            (address[] memory members, uint256 threshold) = panel.members();
            vm.assertEq(members.length, size, "members");
            vm.assertEq(threshold, size, "threshold");
        }
    }

    function test_Create_RevertsWhen_ThereAreMoreThanSixteen() public {
        refused(rising(17), 1, abi.encodeWithSelector(IArbiterPanels.TooManyMembers.selector, 17, 16));
    }

    function test_Create_RevertsWhen_NobodyDecidesOrMoreThanThereAre() public {
        uint256[3] memory thresholds = [uint256(0), SEATS + 1, type(uint256).max];
        for (uint256 i; i < thresholds.length; ++i) {
            bytes4 selector = IArbiterPanels.InvalidPanelThreshold.selector;
            refused(seats, thresholds[i], abi.encodeWithSelector(selector, thresholds[i], SEATS));
            refused(rising(0), thresholds[i], abi.encodeWithSelector(selector, thresholds[i], 0));
        }
    }

    function test_Create_RevertsWhen_MembersDoNotRise() public {
        bytes4 selector = IArbiterPanels.MembersOutOfOrder.selector;
        address[] memory members = rising(3);
        members[0] = address(0);
        refused(members, 1, abi.encodeWithSelector(selector, address(0), address(0)));
        members[0] = members[1];
        refused(members, 1, abi.encodeWithSelector(selector, members[1], members[1]));
        (members[0], members[2]) = (members[2], address(1));
        refused(members, 1, abi.encodeWithSelector(selector, members[0], members[1]));
    }

    function test_Create_ThePanelTakesNoMoney() public {
        address panel = panels.create(seats, 2);
        vm.deal(address(this), 1);
        (bool success,) = panel.call{value: 1}("");
        vm.assertTrue(!success, "it would lie there for ever");
    }

    /// @dev It has no list, and its own code must not be read as one.
    function test_Create_TheCodeBehindThePanelsIsNoPanel() public view {
        bytes32 place = keccak256(abi.encodePacked(hex"d694", address(panels), hex"01"));
        ArbiterPanel behind = ArbiterPanel(address(uint160(uint256(place))));
        vm.assertTrue(address(behind).code.length != 0, "it is there");
        vm.assertTrue(!says(behind, wrapped(signedBy(0, 0))), "nobody signed");
        vm.assertTrue(!says(behind, wrapped(signedBy(31, nested(address(behind))))), "all signed");
    }
}
