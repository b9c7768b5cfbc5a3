// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {DuplexPromises} from "../../../contracts/types/DuplexPromise.sol";
import {DuplexPromising} from "../support/DuplexPromising.sol";
import {vm} from "../support/Vm.sol";

contract CollectTest is DuplexPromising {
    bytes4 private constant OUT_OF_ORDER = bytes4(keccak256("PromisesOutOfOrder(uint256)"));

    function setUp() public override {
        super.setUp();
        addPromise(true, 50, EXPIRY);
        addPromise(false, 20, EXPIRY);
        addPromise(true, 30, EXPIRY);
    }

    function test_Collect_PaysWhatIsRecordedOfBothDirections() public {
        fight(100);
        assertBack(DEPOSIT_A - 180, DEPOSIT_B + 80);
        record(0, 0, 50);
        record(0, 1, 7);
        vm.expectEmit();
        emit IDuplexChannels.Collected(channelId, 0, 7, 50);
        collect(0);

        assertReserve(0, 80, 50, 20, 7);
        assertBack(DEPOSIT_A - 180 + 7, DEPOSIT_B + 80 + 50);
    }

    function test_Collect_PaysNativeMoney() public {
        use(NATIVE);
        open();
        fight(0);
        record(0, 0, 50);
        record(0, 1, 20);
        collect(0);
        assertBack(DEPOSIT_A - 80 + 20, DEPOSIT_B - 20 + 50);
    }

    function test_Collect_PaysOnlyWhatIsNewEachTime() public {
        fight(0);
        record(0, 0, 10);
        collect(0);
        vm.expectRevert(nothingToCollect(0));
        collect(0);
        record(0, 0, 12);
        record(0, 2, 30);
        vm.expectEmit();
        emit IDuplexChannels.Collected(channelId, 0, 0, 32);
        collect(0);
        record(0, 1, 20);
        vm.expectEmit();
        emit IDuplexChannels.Collected(channelId, 0, 20, 0);
        collect(0);
        assertReserve(0, 80, 42, 20, 20);
        assertBack(DEPOSIT_A - 80 + 20, DEPOSIT_B - 20 + 42);
    }

    function test_Collect_RevertsWhen_NothingIsRecorded() public {
        fight(0);
        vm.expectRevert(nothingToCollect(0));
        collect(0);
    }

    /// @dev What was recorded in the promises' last second can still be collected for a whole window.
    function test_Collect_CountsUntilTheSecondBeforeTheReserveIsOver() public {
        fight(0);
        vm.warp(EXPIRY - 1);
        record(0, 0, 50);
        for (uint256 time = UNTIL; time <= UNTIL + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.ReserveOver.selector, time, UNTIL));
            collect(0);
        }
        vm.warp(UNTIL - 1);
        collect(0);
        assertReserve(0, 80, 50, 20, 0);
    }

    function test_Collect_RevertsWhen_NothingIsReserved() public {
        record(0, 0, 50);
        vm.expectRevert(nothingReserved(0));
        collect(0);
        challenge(partyA, promisingState(1, 0));
        vm.warp(OVER);
        vm.expectRevert(nothingReserved(0));
        collect(0);
        payOut(list());
        vm.expectRevert(nothingReserved(1));
        collect(1);
    }

    function test_Collect_RevertsWhen_ThePromisesAreAnother() public {
        fight(0);
        record(0, 0, 50);
        bytes32[] memory leaves = sortedLeaves();
        for (uint256 word = 0; word < 4; ++word) {
            DuplexPromises memory others = abi.decode(flip(abi.encode(list()), word), (DuplexPromises));
            vm.expectRevert(wrongPromises(listHash(others), listHash(list())));
            duplexes.collect(channel, 0, others, leaves);
        }
    }

    function test_Collect_RevertsWhen_TheLeavesAreNotAllOfThem() public {
        fight(0);
        record(0, 0, 50);
        DuplexPromises memory promises = list();
        bytes32[] memory fewer = new bytes32[](2);
        bytes32[] memory all = sortedLeaves();
        (fewer[0], fewer[1]) = (all[0], all[1]);
        refusesLeaves(promises, fewer);
        refusesLeaves(promises, new bytes32[](0));
        bytes32[] memory more = new bytes32[](4);
        (more[0], more[1], more[2], more[3]) = (all[0], all[1], all[2], bytes32(type(uint256).max));
        refusesLeaves(promises, more);
        all[1] = bytes32(uint256(all[1]) + 1);
        refusesLeaves(promises, all);
    }

    /// @dev Else one promise in the list could count twice.
    function test_Collect_RevertsWhen_TheSignedLeavesDoNotRise() public {
        record(0, 0, 50);
        bytes32[] memory leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (promiseHash(promised[0]), promiseHash(promised[0]));
        refusesOrder(leaves, 1);
        bytes32[] memory all = sortedLeaves();
        (all[1], all[2]) = (all[2], all[1]);
        refusesOrder(all, 2);
    }

    function test_Collect_RevertsWhen_ThereAreMoreThan16Leaves() public {
        bytes32[] memory leaves = new bytes32[](17);
        for (uint256 i = 0; i < 17; ++i) {
            leaves[i] = bytes32(i + 1);
        }
        refusesSigned(leaves, abi.encodeWithSignature("TooManyPromises(uint256,uint256)", 17, 16));
    }

    /// @dev Sixteen promises that say together more than any word of ours holds, against all that can be deposited.
    function test_Collect_OfSixteenOfTheLargestPromisesStaysWithinTheDeposit() public {
        uint96 most = type(uint96).max;
        deposit(partyA, 0, most - ALL);
        delete promised;
        for (uint256 i = 0; i < 16; ++i) {
            addPromise(true, most, EXPIRY);
            record(0, i, most);
        }
        bytes32 leaves = keccak256(abi.encodePacked(sortedLeaves()));
        DuplexPromises memory promises = DuplexPromises(leaves, most, 0, EXPIRY);
        fight(0, promises);
        assertReserve(0, most - DEPOSIT_B, 0, 0, 0);
        duplexes.collect(channel, 0, promises, sortedLeaves());
        assertReserve(0, most - DEPOSIT_B, most - DEPOSIT_B, 0, 0);
        vm.assertEq(token.balanceOf(partyB), PURSE + most - DEPOSIT_B, "all that A had");
        vm.assertEq(token.balanceOf(address(duplexes)), 0, "nothing is left");
    }

    /// @dev The total that both signed, or the party's share, is all that its promises take, whatever is recorded.
    function test_Collect_PaysNoMoreThanIsReserved() public {
        paysWithin(60, 1000, 690, 10, 20);
        paysWithin(60, 1000, 0, 60, 20);
        paysWithin(1000, 15, 0, 80, 15);
        paysWithin(1000, 1000, -295, 80, 5);
        paysWithin(0, 0, 0, 0, 0);
    }

    function test_Collect_PaysNothingOfOtherRecords() public {
        fight(0);
        addPromise(true, 5, EXPIRY);
        record(0, 3, 5);
        record(1, 0, 50);
        promised.pop();
        bytes32 id = channelId;
        channelId = keccak256("another channel");
        record(0, 0, 50);
        channelId = id;
        vm.expectRevert(nothingToCollect(0));
        collect(0);
    }

    function test_Collect_OfAnotherChannelFindsNothingReserved() public {
        fight(0);
        record(0, 0, 50);
        channel.periods += 1;
        channelId = idOf(channel);
        vm.expectRevert(nothingReserved(0));
        collect(0);
        vm.warp(UNTIL);
        vm.expectRevert(nothingReserved(0));
        sweep(0);
    }

    function refusesLeaves(DuplexPromises memory promises, bytes32[] memory leaves) private {
        vm.expectRevert(wrongPromises(keccak256(abi.encodePacked(leaves)), promises.leaves));
        duplexes.collect(channel, 0, promises, leaves);
    }

    function refusesOrder(bytes32[] memory leaves, uint256 position) private {
        refusesSigned(leaves, abi.encodeWithSelector(OUT_OF_ORDER, position));
    }

    /// @dev Though both signed just these leaves.
    function refusesSigned(bytes32[] memory leaves, bytes memory reason) private {
        uint256 state = vm.snapshotState();
        DuplexPromises memory promises = DuplexPromises(keccak256(abi.encodePacked(leaves)), 100, 0, EXPIRY);
        fight(0, promises);
        vm.expectRevert(reason);
        duplexes.collect(channel, 0, promises, leaves);
        vm.revertToState(state);
    }

    function paysWithin(uint96 totalFromA, uint96 totalFromB, int256 net, uint256 fromA, uint256 fromB) private {
        uint256 state = vm.snapshotState();
        DuplexPromises memory promises = list();
        (promises.totalFromA, promises.totalFromB) = (totalFromA, totalFromB);
        fight(net, promises);
        record(0, 0, 50);
        record(0, 1, 20);
        record(0, 2, 30);
        if (fromA + fromB != 0) duplexes.collect(channel, 0, promises, sortedLeaves());
        vm.expectRevert(nothingToCollect(0));
        duplexes.collect(channel, 0, promises, sortedLeaves());
        vm.warp(UNTIL);
        sweep(0);
        (uint256 toA, uint256 toB) = sharesOf(DEPOSIT_A, DEPOSIT_B, net);
        assertBack(toA - fromA + fromB, toB - fromB + fromA);
        vm.revertToState(state);
    }
}
