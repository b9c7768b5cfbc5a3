// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ArbiterPanel} from "../../../contracts/escrow/ArbiterPanel.sol";
import {MemberSignature} from "../../../contracts/signatures/Quorum.sol";
import {vm} from "../support/Vm.sol";
import {PanelCase} from "./PanelCase.sol";

contract RulingsTest is PanelCase {
    ArbiterPanel private panel;

    function setUp() public override {
        super.setUp();
        panel = panelOf(3);
    }

    function test_Ruling_StandsExactlyWhenEnoughMembersSigned() public {
        for (uint256 threshold = 1; threshold <= SEATS; ++threshold) {
            ArbiterPanel one = panelOf(threshold);
            bytes32 what = nested(address(one));
            for (uint256 mask; mask < 1 << SEATS; ++mask) {
                vm.assertTrue(says(one, wrapped(signedBy(mask, what))) == (count(mask) >= threshold), "k of n");
            }
        }
    }

    /// @dev A wallet says no in a word (ERC-1271); a revert is for what is no list at all.
    function test_Ruling_TooFewAreRefusedWithTheWordForNo() public view {
        for (uint256 few; few < 3; ++few) {
            bytes memory signature = wrapped(signedBy((1 << few) - 1, nested(address(panel))));
            vm.assertTrue(panel.isValidSignature(digest(), signature) == 0xffffffff, "too few");
        }
    }

    function test_Ruling_NobodyCountsTwice() public view {
        MemberSignature[] memory list = signedBy(7, nested(address(panel)));
        list[1] = list[0];
        vm.assertTrue(!says(panel, wrapped(list)), "twice");
        list[2] = list[0];
        vm.assertTrue(!says(panel, wrapped(list)), "three times");
    }

    function test_Ruling_IndicesRiseWithinThePanel() public view {
        MemberSignature[] memory list = signedBy(7, nested(address(panel)));
        (list[1], list[2]) = (list[2], list[1]);
        vm.assertTrue(!says(panel, wrapped(list)), "falling");
        list = signedBy(7, nested(address(panel)));
        list[2].index = SEATS;
        vm.assertTrue(!says(panel, wrapped(list)), "no such seat");
        vm.assertTrue(panel.isValidSignature(digest(), wrapped(list)) == 0xffffffff, "nor a panic");
        list[2].index = type(uint256).max;
        vm.assertTrue(!says(panel, wrapped(list)), "the last number of all");
    }

    function test_Ruling_EachSignatureIsThatOfItsSeat() public view {
        for (uint256 broken; broken < 3; ++broken) {
            MemberSignature[] memory list = signedBy(7, nested(address(panel)));
            list[broken].signature = signed(SEATS - 1, nested(address(panel))).signature;
            vm.assertTrue(!says(panel, wrapped(list)), "another member's");
            list[broken].signature = "";
            vm.assertTrue(!says(panel, wrapped(list)), "none");
        }
    }

    /// @dev Two panels of the same members, of which one takes two.
    function test_Ruling_ASignatureForOnePanelCountsInNoOther() public {
        ArbiterPanel other = panelOf(2);
        bytes memory forOne = wrapped(signedBy(31, nested(address(panel))));
        vm.assertTrue(says(panel, forOne), "its own");
        vm.assertTrue(!says(other, forOne), "another's");
    }

    /// @dev Neither by simulation (no gas price, as here) nor through the caller that the library trusts.
    function test_Ruling_ASignatureOverTheBareHashCountsNowhere() public {
        MemberSignature[] memory list = signedBy(31, digest());
        vm.assertEq(tx.gasprice, 0, "as in a simulation");
        vm.assertTrue(!says(panel, wrapped(list)), "with the appendix");
        vm.assertTrue(!says(panel, abi.encode(list)), "without");
        vm.prank(0x000000000000D9ECebf3C23529de49815Dac1c4c);
        vm.assertTrue(panel.isValidSignature(digest(), abi.encode(list)) != 0x1626ba7e, "by a trusted caller");
    }

    function test_Ruling_CountsForOneRulingOfOneContractOnOneChain() public {
        bytes memory signature = wrapped(signedBy(31, nested(address(panel))));
        vm.assertTrue(!answers(panel, typed(address(0xE5C1), ruling), signature), "another contract");
        vm.assertTrue(!answers(panel, typed(app, keccak256("another")), signature), "another ruling");
        bytes32 here = digest();
        vm.chainId(block.chainid + 1);
        vm.assertTrue(!answers(panel, here, signature), "the panel on another chain");
        vm.assertTrue(!says(panel, signature), "another chain");
        vm.assertTrue(says(panel, wrapped(signedBy(31, nested(address(panel))))), "signed for that chain");
    }

    /// @dev Both the appended struct and its type are what was signed, or nothing is.
    function test_Ruling_TheAppendixCannotBeChanged() public view {
        bytes memory signature = wrapped(signedBy(31, nested(address(panel))));
        for (uint256 back = 1; back <= 66 + bytes(RULING).length; ++back) {
            bytes memory changed = bytes.concat(signature);
            changed[changed.length - back] ^= 0x01;
            vm.assertTrue(!says(panel, changed), "changed");
        }
    }

    function test_Ruling_OnlyTheFirstThreeSignaturesAreRead() public view {
        bytes32 what = nested(address(panel));
        MemberSignature[] memory list = signedBy(15, what);
        list[3] = MemberSignature(type(uint256).max, "no signature");
        vm.assertTrue(says(panel, wrapped(list)), "three and rubbish");
        list[0] = MemberSignature(0, "no signature");
        list[3] = signed(3, what);
        vm.assertTrue(!says(panel, wrapped(list)), "rubbish and three");
    }

    function test_Ruling_RubbishIsNoRuling(bytes calldata rubbish) public view {
        vm.assertTrue(!says(panel, rubbish), "bare");
        bytes memory dressed = abi.encodePacked(rubbish, separator(app), ruling, RULING, uint16(bytes(RULING).length));
        vm.assertTrue(!says(panel, dressed), "with the appendix");
    }

    /// @dev ERC-6492 would let a signature bring the call that makes the panel; anybody can make it without one.
    function test_Ruling_ASignatureThatBringsItsWalletIsNone() public view {
        bytes memory signature = wrapped(signedBy(31, nested(address(panel))));
        bytes32 mark = 0x6492649264926492649264926492649264926492649264926492649264926492;
        vm.assertTrue(!says(panel, abi.encodePacked(abi.encode(address(panels), "", signature), mark)), "ERC-6492");
    }

    /// @dev A text that looks like signing in may be the bytes of a ruling, so a text is never a panel's word.
    function test_Ruling_MembersCannotRuleBySigningAText() public view {
        bytes32 personal = keccak256(abi.encode(keccak256("PersonalSign(bytes prefixed)"), digest()));
        MemberSignature[] memory list = signedBy(31, typed(address(panel), personal));
        vm.assertTrue(!answers(panel, digest(), abi.encode(list)), "bare");
        vm.assertTrue(
            !answers(panel, digest(), bytes.concat(abi.encode(list), new bytes(66))), "with a tail of nothing"
        );
        vm.assertTrue(!says(panel, wrapped(list)), "in the clothes of a ruling");
    }

    function test_Ruling_ThePanelsDomainIsItsOwn() public view {
        (, string memory name, string memory version, uint256 chainId, address place, bytes32 salt,) =
            panel.eip712Domain();
        vm.assertEq(keccak256(bytes(name)), keccak256("Earnest"), "name");
        vm.assertEq(keccak256(bytes(version)), keccak256("1"), "version");
        vm.assertEq(chainId, block.chainid, "chain");
        vm.assertEq(place, address(panel), "the clone, not the code behind it");
        vm.assertEq(salt, 0, "salt");
        bytes32 question = 0x7739773977397739773977397739773977397739773977397739773977397739;
        vm.assertTrue(panel.isValidSignature(question, "") == bytes4(0x77390001), "says that it nests");
    }
}
