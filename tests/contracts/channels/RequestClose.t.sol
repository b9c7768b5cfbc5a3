// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {vm} from "../support/Vm.sol";

contract RequestCloseTest is ChannelsCase {
    function setUp() public override {
        super.setUp();
        open(DEPOSIT);
        claim(0, 100);
    }

    function test_RequestClose_StartsTheChannelsWindow() public {
        vm.expectEmit();
        emit IVoucherChannels.CloseRequested(channelId, wordOf(DEPOSIT, 100, NOW + WINDOW, 0));
        requestClose();

        assertLane(DEPOSIT, 100, NOW + WINDOW, 0);
    }

    function test_RequestClose_TakesTheWindowAndNotThePromiseWindow() public {
        channel.periods = periods(15 minutes, 365 days, 2);
        channelId = idOf(channel);
        open(DEPOSIT);
        requestClose();
        assertLane(DEPOSIT, 0, NOW + 15 minutes, 0);
    }

    function test_RequestClose_RevertsWhen_AnotherThanThePayerCalls() public {
        vm.expectRevert(notPayer(payee));
        vm.prank(payee);
        channels.requestClose(channel);
    }

    function test_RequestClose_RevertsWhen_TheLaneIsNotOpen() public {
        close(0, 0, 0);
        vm.expectRevert(notOpen());
        requestClose();
    }

    /// @dev Else a payer could move the window's end while the payee relies on it.
    function test_RequestClose_RevertsWhen_TheLaneIsClosing() public {
        requestClose();
        uint256[3] memory times = [NOW + 1, NOW + WINDOW, NOW + WINDOW + 1];
        for (uint256 i = 0; i < times.length; ++i) {
            vm.warp(times[i]);
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.ChannelClosing.selector, channelId, NOW + WINDOW));
            requestClose();
        }
    }

    function test_RequestClose_StartsAWholeWindowAgainAfterACancel() public {
        requestClose();
        vm.warp(NOW + WINDOW - 1);
        cancelClose();
        requestClose();
        assertLane(DEPOSIT, 100, NOW + WINDOW - 1 + WINDOW, 0);
    }

    /// @dev In 32 bits no time is lost, and none runs over into the epoch.
    function test_RequestClose_RevertsWhen_TheEndOfTheWindowNoLongerFits() public {
        vm.warp(2 ** 32 - WINDOW);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 32, 2 ** 32));
        requestClose();

        vm.warp(2 ** 32 - WINDOW - 1);
        requestClose();
        assertLane(DEPOSIT, 100, 2 ** 32 - 1, 0);
    }

    function test_RequestClose_DoesNotOutliveItsEpoch() public {
        requestClose();
        close(0, 100, 0);
        open(DEPOSIT);
        assertLane(DEPOSIT, 0, 0, 1);
    }
}

contract CancelCloseTest is ChannelsCase {
    function setUp() public override {
        super.setUp();
        open(DEPOSIT);
        claim(0, 100);
        requestClose();
    }

    function test_CancelClose_LeavesTheLaneAsItWas() public {
        vm.expectEmit();
        emit IVoucherChannels.CloseCancelled(channelId, wordOf(DEPOSIT, 100, 0, 0));
        cancelClose();

        assertLane(DEPOSIT, 100, 0, 0);
        topUp(1);
        claim(0, 200);
    }

    function test_CancelClose_WorksUntilSomebodyWithdraws() public {
        vm.warp(NOW + WINDOW + 1);
        cancelClose();
        assertLane(DEPOSIT, 100, 0, 0);
    }

    function test_CancelClose_RevertsWhen_AnotherThanThePayerCalls() public {
        vm.expectRevert(notPayer(stranger));
        vm.prank(stranger);
        channels.cancelClose(channel);
    }

    function test_CancelClose_RevertsWhen_TheLaneIsNotClosing() public {
        cancelClose();
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.NotClosing.selector, channelId));
        cancelClose();
    }

    function test_CancelClose_RevertsWhen_TheLaneIsNotOpen() public {
        vm.warp(NOW + WINDOW);
        channels.withdraw(channel);
        vm.expectRevert(notOpen());
        cancelClose();
    }
}
