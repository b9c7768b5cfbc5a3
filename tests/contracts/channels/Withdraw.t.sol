// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {vm} from "../support/Vm.sol";

contract WithdrawTest is ChannelsCase {
    uint256 internal held;

    function setUp() public override {
        super.setUp();
        held = token.balanceOf(payer);
        open(DEPOSIT);
        claim(0, 100);
    }

    function test_Withdraw_GivesThePayerWhatIsNotSettledWhoeverCalls() public {
        requestClose();
        vm.warp(NOW + WINDOW);
        vm.expectEmit();
        emit IVoucherChannels.Withdrawn(channelId, wordOf(DEPOSIT, 100, NOW + WINDOW, 0));
        vm.prank(stranger);
        channels.withdraw(channel);

        assertLane(0, 0, 0, 1);
        vm.assertEq(token.balanceOf(payer), held - 100, "payer");
        vm.assertEq(token.balanceOf(address(channels)), 0, "nothing is left");
    }

    function test_Withdraw_PaysNativeMoney() public {
        use(NATIVE);
        uint256 before = payer.balance;
        open(DEPOSIT);
        requestClose();
        vm.warp(NOW + WINDOW);
        channels.withdraw(channel);
        vm.assertEq(payer.balance, before, "payer");
    }

    function test_Withdraw_OfALaneWithNothingLeftStillEndsTheEpoch() public {
        claim(0, DEPOSIT);
        requestClose();
        vm.warp(NOW + WINDOW);
        channels.withdraw(channel);
        assertLane(0, 0, 0, 1);
        vm.assertEq(token.balanceOf(payer), held - DEPOSIT, "payer");
    }

    function test_Withdraw_StartsInTheVerySecondInWhichClaimsEnd() public {
        requestClose();
        vm.warp(NOW + WINDOW - 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WindowNotOver.selector, NOW + WINDOW - 1, NOW + WINDOW));
        channels.withdraw(channel);
        claim(0, 200);

        vm.warp(NOW + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WindowOver.selector, NOW + WINDOW, NOW + WINDOW));
        claim(0, 300);
        channels.withdraw(channel);
        vm.assertEq(token.balanceOf(payer), held - 200, "payer");
    }

    function test_Withdraw_RevertsWhen_NobodyAskedForTheClose() public {
        vm.warp(NOW + 3650 days);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.NotClosing.selector, channelId));
        channels.withdraw(channel);
    }

    function test_Withdraw_RevertsWhen_TheRequestWasTakenBack() public {
        requestClose();
        vm.warp(NOW + WINDOW);
        cancelClose();
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.NotClosing.selector, channelId));
        channels.withdraw(channel);
    }

    function test_Withdraw_RevertsTheSecondTime() public {
        requestClose();
        vm.warp(NOW + WINDOW);
        channels.withdraw(channel);
        vm.expectRevert(notOpen());
        channels.withdraw(channel);
    }

    function test_Withdraw_LeavesTheNextEpochAlone() public {
        requestClose();
        vm.warp(NOW + WINDOW);
        channels.withdraw(channel);
        open(7);
        assertLane(7, 0, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.NotClosing.selector, channelId));
        channels.withdraw(channel);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 0, 1));
        claim(0, 7);
    }

    function test_Withdraw_UnderADirtyIdFindsNoLane() public {
        requestClose();
        vm.warp(NOW + WINDOW);
        bytes memory data = abi.encodeCall(channels.withdraw, (channel));
        data[4] = 0x01;
        (bool withdrawn, bytes memory answer) = address(channels).call(data);
        vm.assertTrue(!withdrawn && bytes4(answer) == IVoucherChannels.NotOpen.selector, "not open");
    }
}
