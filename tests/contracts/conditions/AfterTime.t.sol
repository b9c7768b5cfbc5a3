// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AfterTime} from "../../../contracts/conditions/AfterTime.sol";
import {vm} from "../support/Vm.sol";

contract AfterTimeTest {
    AfterTime private condition;

    function setUp() public {
        condition = AfterTime(vm.deployCode("chain/artifacts/AfterTime.json"));
    }

    function test_AfterTime_ReleasesAllFromTheSecondOn(uint48 time) public {
        vm.assume(time != 0);
        vm.warp(time - 1);
        vm.assertEq(condition.released(0, 100, abi.encode(time), ""), 0, "before");
        vm.warp(time);
        vm.assertEq(condition.released(0, 100, abi.encode(time), ""), 100, "at");
        vm.warp(uint256(time) + 1);
        vm.assertEq(condition.released(0, 100, abi.encode(time), "any proof"), 100, "after");
    }

    function test_AfterTime_RevertsWhen_TheDataIsNoTime() public view {
        bytes[3] memory bad = [bytes(""), new bytes(31), abi.encode(uint256(1) << 48)];
        for (uint256 i; i < bad.length; ++i) {
            (bool success,) = address(condition).staticcall(abi.encodeCall(condition.released, (0, 100, bad[i], "")));
            vm.assertTrue(!success, "bad data was read");
        }
    }
}
