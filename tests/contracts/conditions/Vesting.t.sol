// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vesting} from "../../../contracts/conditions/Vesting.sol";
import {ConditionCase} from "./ConditionCase.sol";
import {vm} from "../support/Vm.sol";

contract VestingTest is ConditionCase {
    function setUp() public {
        condition = deploy("Vesting");
    }

    function releasedAt(uint256 time, bytes memory data) private returns (uint256) {
        vm.warp(time);
        return released(data, "");
    }

    function test_Vesting_ReleasesALineFromTheCliffOn() public {
        bytes memory data = abi.encode(1000, 1300, 2000);
        uint16[9] memory times = [0, 1000, 1001, 1299, 1300, 1301, 1999, 2000, 2001];
        uint16[9] memory expected = [0, 0, 0, 0, 300, 301, 999, 1000, 1000];
        for (uint256 i; i < times.length; ++i) {
            vm.assertEq(releasedAt(times[i], data), expected[i], "released");
        }
    }

    function test_Vesting_NeverReleasesMoreThanAll() public {
        for (uint256 time = NOW; time < NOW + 3; ++time) {
            vm.warp(time);
            assertNeverMore(abi.encode(NOW - 10, NOW - 10, NOW), "");
        }
    }

    function test_Vesting_RoundsDown() public {
        vm.assertEq(releasedAt(1, abi.encode(0, 0, 3)), 333, "a third");
        vm.assertEq(releasedAt(2, abi.encode(0, 0, 3)), 666, "two thirds");
    }

    function test_Vesting_ACliffMayBeTheStartOrTheEnd() public {
        vm.assertEq(releasedAt(1000, abi.encode(1000, 1000, 2000)), 0, "at the start");
        vm.assertEq(releasedAt(1001, abi.encode(1000, 1000, 2000)), 1, "after the start");
        vm.assertEq(releasedAt(1999, abi.encode(1000, 2000, 2000)), 0, "before the end");
        vm.assertEq(releasedAt(2000, abi.encode(1000, 2000, 2000)), AMOUNT, "at the end");
    }

    function test_Vesting_ReleasesNothingWhere_TheTimesAreOutOfOrder() public {
        bytes[4] memory bad =
            [abi.encode(11, 10, 20), abi.encode(10, 21, 20), abi.encode(10, 10, 10), abi.encode(20, 15, 10)];
        for (uint256 i; i < bad.length; ++i) {
            vm.assertEq(releasedAt(15, bad[i]), 0, "between");
            vm.assertEq(releasedAt(type(uint48).max, bad[i]), 0, "for ever");
        }
    }

    function test_Vesting_NeverFalls(uint48 start, uint48 cliff, uint48 end, uint48 time, uint48 later) public {
        vm.assume(time <= later);
        bytes memory data = abi.encode(start, cliff, end);
        vm.assertLe(releasedAt(time, data), releasedAt(later, data), "later");
    }

    function test_Vesting_HoldsForAnyAmount(uint256 amount) public {
        vm.warp(1);
        uint256 half = Vesting(condition).released(0, amount, abi.encode(0, 0, 2), "");
        vm.assertEq(half, amount / 2, "half");
    }

    function test_Vesting_TakesOnlyWholeData() public view {
        assertOnlyWholeData(abi.encode(1000, 1300, 2000), "any proof");
        assertReleased(abi.encode(1000, 1300, 1 << 48), "", 0, "an end that is no uint48");
    }
}
