// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {vm} from "../support/Vm.sol";

contract CloseTest is ChannelsCase {
    uint256 internal held;

    function setUp() public override {
        super.setUp();
        held = token.balanceOf(payer);
        open(DEPOSIT);
    }

    function test_Close_PaysTheTakeAndGivesBackTheRest() public {
        claim(0, 100);
        vm.expectEmit();
        emit IVoucherChannels.Closed(channelId, wordOf(DEPOSIT, 300, 0, 0));
        close(0, 300, 400);

        assertLane(0, 0, 0, 1);
        assertShares(300);
    }

    function test_Close_PaysNativeMoneyToBoth() public {
        use(NATIVE);
        uint256 before = payer.balance;
        open(DEPOSIT);
        close(0, 300, 300);

        vm.assertEq(payee.balance, 300, "payee");
        vm.assertEq(payer.balance, before - 300, "payer");
    }

    function test_Close_OfAllThatTheDepositCovers() public {
        close(0, DEPOSIT, DEPOSIT + 1);
        assertShares(DEPOSIT);
    }

    function test_Close_OfNoMoreThanIsSettledNeedsNoVoucher() public {
        claim(0, 100);
        uint256 before = vm.snapshotState();
        for (uint256 take = 0; take <= 100; take += 50) {
            vm.revertToState(before);
            vm.expectEmit();
            emit IVoucherChannels.Closed(channelId, wordOf(DEPOSIT, 100, 0, 0));
            vm.prank(payee);
            channels.close(channel, 0, take, 0, 0, 0);
            assertLane(0, 0, 0, 1);
            assertShares(100);
        }
    }

    function test_Close_RevertsWhen_TheTakeIsAboveTheEntitlement() public {
        refusesTake(101, 100, 100);
        refusesTake(DEPOSIT + 1, DEPOSIT + 1, DEPOSIT);
        claim(0, 500);
        refusesTake(501, 400, 400);
        refusesTake(type(uint256).max, DEPOSIT, DEPOSIT);
    }

    function test_Close_RevertsWhen_AnotherThanThePayeeCalls() public {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, 100);
        address[2] memory callers = [payer, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.NotPayee.selector, callers[i], payee));
            vm.prank(callers[i]);
            channels.close(channel, 0, 100, 100, r, vs);
        }
    }

    function test_Close_RevertsWhen_TheSignatureIsNotTheSigners() public {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY + 1, channelId, 0, 100);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherChannels.InvalidSignature.selector, vm.addr(SIGNER_KEY + 1), signer)
        );
        vm.prank(payee);
        channels.close(channel, 0, 1, 100, r, vs);
    }

    function test_Close_RevertsWhen_TheLaneIsNotOpen() public {
        close(0, 0, 0);
        for (uint256 epoch = 0; epoch < 2; ++epoch) {
            vm.expectRevert(notOpen());
            close(epoch, 100, 100);
        }
    }

    function test_Close_RevertsWhen_ItWasMeantForAnotherEpoch() public {
        close(0, 0, 0);
        open(DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 0, 1));
        close(0, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 2, 1));
        close(2, 100, 100);
    }

    function test_Close_WorksUntilTheSecondBeforeTheWindowIsOver() public {
        requestClose();
        for (uint256 time = NOW + WINDOW; time <= NOW + WINDOW + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WindowOver.selector, time, NOW + WINDOW));
            close(0, 0, 0);
        }
        vm.warp(NOW + WINDOW - 1);
        vm.expectEmit();
        emit IVoucherChannels.Closed(channelId, wordOf(DEPOSIT, 100, NOW + WINDOW, 0));
        close(0, 100, 100);
        assertLane(0, 0, 0, 1);
        assertShares(100);
    }

    function test_Close_GivesATopUpInTheSameBlockBackToThePayer() public {
        topUp(500);
        close(0, 300, 300);
        assertShares(300);
    }

    function test_Close_KillsEveryVoucherOfTheEpoch() public {
        close(0, 0, 0);
        open(DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 0, 1));
        claim(0, 100);
        vm.assertEq(token.balanceOf(payee), 0, "nothing of the dead epoch");
    }

    function assertShares(uint256 toPayee) private view {
        vm.assertEq(token.balanceOf(payee), toPayee, "payee");
        vm.assertEq(token.balanceOf(payer), held - toPayee, "payer");
        vm.assertEq(token.balanceOf(address(channels)), 0, "nothing is left");
    }

    function refusesTake(uint256 take, uint256 amount, uint256 covered) private {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.TakeTooLarge.selector, take, covered));
        close(0, take, amount);
    }
}
