// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {DuplexPromising} from "../support/DuplexPromising.sol";
import {vm} from "../support/Vm.sol";

contract SweepTest is DuplexPromising {
    function setUp() public override {
        super.setUp();
        addPromise(true, 50, EXPIRY);
        addPromise(false, 20, EXPIRY);
    }

    function test_Sweep_GivesBothBackWhatIsLeftWhoeverCalls() public {
        fight(100);
        record(0, 0, 45);
        record(0, 1, 20);
        collect(0);
        vm.warp(UNTIL);
        vm.expectEmit();
        emit IDuplexChannels.Swept(channelId, 0, 5, 0);
        sweep(0);

        assertNoReserve(0);
        assertBack(DEPOSIT_A - 100 - 45 + 20, DEPOSIT_B + 100 + 45 - 20);
    }

    function test_Sweep_OfWhatNobodyCollectedGivesEachItsOwn() public {
        fight(100);
        record(0, 0, 45);
        vm.warp(UNTIL);
        vm.expectEmit();
        emit IDuplexChannels.Swept(channelId, 0, 50, 20);
        sweep(0);
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    function test_Sweep_PaysNativeMoney() public {
        use(NATIVE);
        open();
        fight(100);
        vm.warp(UNTIL);
        sweep(0);
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    /// @dev In each second exactly one of the two is legal, in whichever order a block has them.
    function test_Sweep_StartsInTheVerySecondInWhichCollectingEnds() public {
        fight(0);
        record(0, 0, 45);
        uint256[3] memory times = [block.timestamp, EXPIRY, UNTIL - 1];
        for (uint256 i = 0; i < times.length; ++i) {
            vm.warp(times[i]);
            vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.ReserveNotOver.selector, times[i], UNTIL));
            sweep(0);
        }
        uint256 state = vm.snapshotState();
        collect(0);
        assertReserve(0, 50, 45, 20, 0);
        vm.revertToState(state);

        vm.warp(UNTIL);
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.ReserveOver.selector, UNTIL, UNTIL));
        collect(0);
        sweep(0);
        vm.expectRevert(nothingReserved(0));
        collect(0);
    }

    function test_Sweep_RevertsWhen_NothingIsReserved() public {
        vm.expectRevert(nothingReserved(0));
        sweep(0);
        challenge(partyA, promisingState(1, 0));
        vm.warp(UNTIL + 365 days);
        vm.expectRevert(nothingReserved(0));
        sweep(0);
    }

    function test_Sweep_RevertsTheSecondTime() public {
        fight(0);
        vm.warp(UNTIL);
        sweep(0);
        vm.expectRevert(nothingReserved(0));
        sweep(0);
    }

    function test_Sweep_OfAReserveThatWasCollectedWholeMovesNothing() public {
        fight(0);
        record(0, 0, 50);
        record(0, 1, 20);
        collect(0);
        vm.warp(UNTIL);
        vm.recordLogs();
        sweep(0);
        vm.assertEq(vm.getRecordedLogs().length, 1, "swept, and no transfer");
        assertNoReserve(0);
        assertBack(DEPOSIT_A - 30, DEPOSIT_B + 30);
    }

    /// @dev A reserve lives no longer than was signed, whatever the promises say: it can't be kept from its owners for ever.
    function test_Sweep_IsLegalAtTheLatestAtTheBound() public {
        promised[0].expiry = type(uint48).max;
        fight(0);
        vm.warp(BOUND - 1);
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.ReserveNotOver.selector, BOUND - 1, BOUND));
        sweep(0);
        vm.warp(BOUND);
        sweep(0);
        assertBack(DEPOSIT_A, DEPOSIT_B);
    }

    /// @dev A sweep ends the reserve, not the records: but nothing stands behind them any more.
    function test_Sweep_LeavesNothingToWhoRecordsLater() public {
        promised[0].expiry = type(uint48).max;
        fight(0);
        vm.warp(BOUND);
        sweep(0);
        record(0, 0, 50);
        vm.expectRevert(nothingReserved(0));
        collect(0);
    }
}
