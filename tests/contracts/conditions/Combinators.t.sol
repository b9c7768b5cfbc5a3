// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICondition} from "../../../contracts/conditions/ICondition.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {ConditionCase} from "./ConditionCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice AllOf, AnyOf and AtLeast over conditions that release what their proof says.
contract CombinatorsTest is ConditionCase {
    address private allOf;
    address private anyOf;
    address private atLeast;
    MoodyCondition private plain;

    function setUp() public {
        (allOf, anyOf, atLeast) = (deploy("AllOf"), deploy("AnyOf"), deploy("AtLeast"));
        plain = new MoodyCondition();
    }

    function child(address whom, bytes memory data) private pure returns (bytes memory) {
        return abi.encodePacked(whom, uint16(data.length), data);
    }

    /// @dev `count` children, told apart by their data, in order.
    function children(uint256 count) private view returns (bytes memory packed) {
        bytes[] memory all = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            all[i] = child(address(plain), abi.encode(i));
            for (uint256 place = i; place != 0 && keccak256(all[place]) < keccak256(all[place - 1]); --place) {
                (all[place], all[place - 1]) = (all[place - 1], all[place]);
            }
        }
        packed = abi.encodePacked(uint8(count));
        for (uint256 i; i < count; ++i) {
            packed = abi.encodePacked(packed, all[i]);
        }
    }

    function said(uint256[] memory answers) private pure returns (bytes memory proof) {
        for (uint256 i; i < answers.length; ++i) {
            proof = abi.encodePacked(proof, uint16(32), answers[i]);
        }
    }

    function three(uint256 first, uint256 second, uint256 third) private pure returns (bytes memory) {
        uint256[] memory answers = new uint256[](3);
        (answers[0], answers[1], answers[2]) = (first, second, third);
        return said(answers);
    }

    function answer(address whom, bytes memory data, bytes memory proof) private view returns (uint256) {
        return this.ask(whom, SUBJECT, data, proof);
    }

    function some(uint8 k, bytes memory list, bytes memory proof) private view returns (uint256) {
        return answer(atLeast, bytes.concat(bytes1(k), list), proof);
    }

    function test_Combinators_ReleaseTheLeastTheMostAndTheKthLargest() public view {
        bytes memory list = children(3);
        bytes memory proof = three(300, 700, 500);
        vm.assertEq(answer(allOf, list, proof), 300, "all");
        vm.assertEq(answer(anyOf, list, proof), 700, "any");
        vm.assertEq(some(1, list, proof), 700, "one");
        vm.assertEq(some(2, list, proof), 500, "two");
        vm.assertEq(some(3, list, proof), 300, "three");
    }

    function test_Combinators_ClipEachChildFirst() public {
        bytes memory proof = three(type(uint256).max, AMOUNT + 1, 5);
        condition = anyOf;
        assertNeverMore(children(3), proof);
        condition = atLeast;
        assertNeverMore(bytes.concat(hex"02", children(3)), proof);
        vm.assertEq(answer(allOf, children(3), proof), 5, "all");
    }

    function test_Combinators_AChildWithoutProofReleasesWhatItDoesByItself() public {
        vm.warp(1000);
        bytes memory list = abi.encodePacked(uint8(1), child(deploy("AfterTime"), abi.encode(1000)));
        vm.assertEq(answer(allOf, list, abi.encodePacked(uint16(0))), AMOUNT, "the clock");
    }

    function test_Combinators_OfNothingReleaseNothing() public view {
        vm.assertEq(answer(allOf, hex"00", ""), 0, "all of nothing");
        vm.assertEq(answer(anyOf, hex"00", ""), 0, "any of nothing");
        vm.assertEq(some(0, hex"00", ""), 0, "none of nothing");
        vm.assertEq(answer(allOf, "", ""), 0, "no data");
        vm.assertEq(some(0, children(3), three(5, 5, 5)), 0, "none of three");
        vm.assertEq(some(4, children(3), three(5, 5, 5)), 0, "four of three");
    }

    function test_Combinators_HaveAtMostEightChildren() public view {
        uint256[] memory eight = new uint256[](8);
        uint256[] memory nine = new uint256[](9);
        for (uint256 i; i < 9; ++i) {
            nine[i] = 7;
            if (i < 8) eight[i] = 7;
        }
        vm.assertEq(answer(allOf, children(8), said(eight)), 7, "eight");
        vm.assertEq(answer(allOf, children(9), said(nine)), 0, "nine");
    }

    function test_Combinators_RefuseAChildTwiceAndAnotherOrder() public view {
        bytes memory one = child(address(plain), "1");
        bytes memory two = child(address(plain), "2");
        if (keccak256(one) > keccak256(two)) (one, two) = (two, one);
        bytes memory proof = abi.encodePacked(uint16(32), uint256(9), uint16(32), uint256(9));
        vm.assertEq(some(2, bytes.concat(hex"02", one, two), proof), 9, "in order");
        vm.assertEq(some(2, bytes.concat(hex"02", two, one), proof), 0, "out of order");
        vm.assertEq(some(2, bytes.concat(hex"02", one, one), proof), 0, "twice");
        vm.assertEq(some(1, bytes.concat(hex"02", one, one), proof), 0, "twice, where one is enough");
    }

    function test_Combinators_AskEachAboutTheSameSubject() public {
        plain.be(MoodyCondition.Mood.ANSWERS_THE_SUBJECT);
        vm.assertEq(answer(allOf, children(1), abi.encodePacked(uint16(32), SUBJECT)), AMOUNT, "the subject");
        vm.assertEq(answer(allOf, children(1), abi.encodePacked(uint16(32), uint256(1))), 0, "another");
    }

    /// @dev Whatever a child does, and in whichever place: the others get their share of gas, and are heard.
    function test_Combinators_NoChildCanSinkTheOthers() public {
        for (uint8 mood = 1; mood <= uint8(MoodyCondition.Mood.ANSWERS_SHORT); ++mood) {
            MoodyCondition moody = new MoodyCondition();
            moody.be(MoodyCondition.Mood(mood));
            assertOthersHeard(address(moody));
        }
        assertOthersHeard(address(2));
        assertOthersHeard(address(uint160(0xDEAD)));
    }

    function assertOthersHeard(address bad) private view {
        bytes memory good = child(address(plain), "");
        for (uint256 i; i < 6; ++i) {
            bytes memory other = child(bad, abi.encode(i));
            bool first = keccak256(other) < keccak256(good);
            bytes memory list = first ? bytes.concat(hex"02", other, good) : bytes.concat(hex"02", good, other);
            bytes memory proof = abi.encodePacked(uint16(32), uint256(9), uint16(32), uint256(9));
            vm.assertEq(answer(anyOf, list, proof), 9, "any");
            vm.assertEq(answer(allOf, list, proof), 0, "all");
        }
    }

    /// @dev Seven children burn all of their shares: the eighth is given the same, whether it comes first or last.
    function test_Combinators_SplitTheGasEvenly() public {
        MoodyCondition burning = new MoodyCondition();
        burning.be(MoodyCondition.Mood.BURNS_GAS);
        address gauge = address(new Gauge());
        uint256 expected = share(gauge, address(burning), 0);
        vm.assertGe(expected, 30_000, "an eighth, less what the call costs");
        for (uint256 salt = 1; salt < 24; ++salt) {
            vm.assertEq(share(gauge, address(burning), salt), expected, "its share");
        }
    }

    function share(address gauge, address burning, uint256 salt) private view returns (uint256) {
        bytes memory list = sorted(burning, child(gauge, abi.encode(salt)));
        return ICondition(anyOf).released{gas: 300_000}(SUBJECT, type(uint256).max, list, new bytes(16));
    }

    function sorted(address seven, bytes memory eighth) private pure returns (bytes memory packed) {
        bytes[] memory all = new bytes[](8);
        for (uint256 i; i < 8; ++i) {
            all[i] = i == 7 ? eighth : child(seven, abi.encode(i));
            for (uint256 place = i; place != 0 && keccak256(all[place]) < keccak256(all[place - 1]); --place) {
                (all[place], all[place - 1]) = (all[place - 1], all[place]);
            }
        }
        packed = hex"08";
        for (uint256 i; i < 8; ++i) {
            packed = bytes.concat(packed, all[i]);
        }
    }

    /// @dev Depth is bounded by gas: a bomb releases nothing, and the call comes back.
    function test_Combinators_ADepthBombReleasesNothing() public view {
        bytes memory list = children(1);
        bytes memory proof = abi.encodePacked(uint16(32), uint256(9));
        vm.assertEq(answer(anyOf, list, proof), 9, "one level");
        for (uint256 depth = 2; depth <= 60; ++depth) {
            list = abi.encodePacked(uint8(1), child(anyOf, list));
            proof = abi.encodePacked(uint16(proof.length), proof);
            if (depth == 3) vm.assertEq(answer(anyOf, list, proof), 9, "three levels");
        }
        vm.assertEq(answer(anyOf, list, proof), 0, "sixty levels");
    }

    function test_Combinators_TakeOnlyAWholeProofAndData() public {
        (bytes memory list, bytes memory proof) = (children(3), three(300, 700, 500));
        address[2] memory kinds = [allOf, anyOf];
        for (uint256 i; i < 2; ++i) {
            condition = kinds[i];
            assertOnlyWholeProof(list, proof);
            assertOnlyWholeData(list, proof);
            assertReleased(bytes.concat(list, hex"00"), proof, 0, "a byte too many");
        }
        condition = atLeast;
        assertOnlyWholeProof(bytes.concat(hex"02", list), proof);
        assertOnlyWholeData(bytes.concat(hex"02", list), proof);
        assertReleased(list, abi.encodePacked(type(uint16).max, new bytes(100)), 0, "a length beyond the proof");
    }

    /// @dev The law: where no child releases less, none of them does.
    function test_Combinators_ReleaseNoLessForMore(uint8 k, uint256[3] calldata answers, uint256[3] calldata more)
        public
        view
    {
        bytes memory less = three(answers[0], answers[1], answers[2]);
        bytes memory higher =
            three(larger(answers[0], more[0]), larger(answers[1], more[1]), larger(answers[2], more[2]));
        vm.assertLe(answer(allOf, children(3), less), answer(allOf, children(3), higher), "all");
        vm.assertLe(answer(anyOf, children(3), less), answer(anyOf, children(3), higher), "any");
        vm.assertLe(some(k % 5, children(3), less), some(k % 5, children(3), higher), "k");
    }

    function larger(uint256 left, uint256 right) private pure returns (uint256) {
        return left < right ? right : left;
    }
}

/// @notice Releases as much as it is given gas.
contract Gauge is ICondition {
    function released(bytes32, uint256, bytes calldata, bytes calldata) external view returns (uint256) {
        return gasleft();
    }
}
