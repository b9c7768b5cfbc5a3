// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {vm} from "../support/Vm.sol";

contract TopUpTest is ChannelsCase {
    function test_TopUp_AddsToTheDepositAndToNothingElse() public {
        open(DEPOSIT);
        claim(0, 400);
        vm.expectEmit();
        emit IVoucherChannels.ToppedUp(channelId, wordOf(DEPOSIT + 5, 400, 0, 0));
        topUp(5);

        assertLane(DEPOSIT + 5, 400, 0, 0);
        vm.assertEq(token.balanceOf(address(channels)), DEPOSIT + 5 - 400, "held");
    }

    function test_TopUp_TakesNativeMoneyOfExactlyTheAmount() public {
        use(NATIVE);
        open(DEPOSIT);
        topUp(5);
        assertLane(DEPOSIT + 5, 0, 0, 0);

        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 4, 5));
        vm.prank(payer);
        channels.topUp{value: 4}(channel, 5);
    }

    function test_TopUp_RevertsWhen_NativeMoneyComesWithAToken() public {
        open(DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 1, 0));
        vm.prank(payer);
        channels.topUp{value: 1}(channel, 5);
    }

    function test_TopUp_MakesPayableWhatTheDepositDidNotCover() public {
        open(DEPOSIT);
        claim(0, DEPOSIT + 50);
        assertLane(DEPOSIT, DEPOSIT, 0, 0);

        topUp(30);
        claim(0, DEPOSIT + 50);
        assertLane(DEPOSIT + 30, DEPOSIT + 30, 0, 0);
        vm.assertEq(token.balanceOf(payee), DEPOSIT + 30, "paid");
    }

    function test_TopUp_RevertsWhen_AnotherThanThePayerCalls() public {
        open(DEPOSIT);
        vm.expectRevert(notPayer(payee));
        vm.prank(payee);
        channels.topUp(channel, 1);
    }

    function test_TopUp_RevertsWhen_TheAmountIsZero() public {
        open(DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidAmount.selector));
        topUp(0);
    }

    function test_TopUp_RevertsWhen_TheLaneIsNotOpen() public {
        vm.expectRevert(notOpen());
        topUp(1);

        open(DEPOSIT);
        close(0, 0, 0);
        vm.expectRevert(notOpen());
        topUp(1);
    }

    function test_TopUp_RevertsWhen_TheLaneIsClosing() public {
        open(DEPOSIT);
        requestClose();
        uint256[3] memory times = [NOW, NOW + WINDOW, NOW + WINDOW + 1];
        for (uint256 i = 0; i < times.length; ++i) {
            vm.warp(times[i]);
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.ChannelClosing.selector, channelId, NOW + WINDOW));
            topUp(1);
        }
    }

    function test_TopUp_FillsTheDepositToTheLastUnitAndNotBeyond() public {
        uint256 largest = type(uint96).max;
        open(uint96(largest - 1));
        claim(0, 9);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.DepositTooLarge.selector, largest + 1, largest));
        topUp(2);

        topUp(1);
        assertLane(largest, 9, 0, 0);
    }
}
