// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCase} from "./ConditionCase.sol";
import {vm} from "../support/Vm.sol";

contract HashChainTest is ConditionCase {
    bytes32 private constant SEED = keccak256("seed");

    function setUp() public {
        condition = deploy("HashChain");
    }

    function hashed(bytes32 tip, uint256 steps) private pure returns (bytes32) {
        for (; steps != 0; --steps) {
            tip = keccak256(abi.encode(tip));
        }
        return tip;
    }

    function proofOf(uint256 steps, uint256 count) private pure returns (bytes memory) {
        return abi.encodePacked(hashed(SEED, count - steps), uint16(steps));
    }

    function test_HashChain_ReleasesAValueForEachTick(uint16 steps, uint96 value) public view {
        steps %= 1025;
        bytes memory data = abi.encode(hashed(SEED, 1024), value);
        uint256 expected = uint256(steps) * value;
        assertReleased(data, proofOf(steps, 1024), expected > AMOUNT ? AMOUNT : expected, "ticks");
    }

    function test_HashChain_TakesAtMost1024Steps() public view {
        bytes memory data = abi.encode(hashed(SEED, 1025), 1);
        assertReleased(data, proofOf(1024, 1025), AMOUNT, "1,024");
        assertReleased(data, proofOf(1025, 1025), 0, "1,025");
        assertNeverMore(data, proofOf(1024, 1025));
    }

    function test_HashChain_TakesNoOtherNumberOfSteps(uint16 steps, uint16 said) public view {
        steps %= 1025;
        said %= 1025;
        vm.assume(steps != said);
        bytes memory data = abi.encode(hashed(SEED, 1024), 1);
        assertReleased(data, abi.encodePacked(hashed(SEED, 1024 - steps), said), 0, "another number");
    }

    /// @dev The law: more ticks never release less.
    function test_HashChain_ReleasesNoLessForMore(uint16 steps, uint96 value) public view {
        steps %= 1024;
        bytes memory data = abi.encode(hashed(SEED, 1024), value);
        vm.assertGe(
            released(data, proofOf(uint256(steps) + 1, 1024)), released(data, proofOf(steps, 1024)), "one more tick"
        );
    }

    function test_HashChain_TakesOnlyAWholeProofAndData() public view {
        bytes memory data = abi.encode(hashed(SEED, 20), 5);
        assertOnlyWholeProof(data, proofOf(9, 20));
        assertOnlyWholeData(data, proofOf(9, 20));
        assertReleased(abi.encode(hashed(SEED, 20), 1 << 96), proofOf(9, 20), 0, "a value that is no uint96");
    }
}
