// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {vm} from "../support/Vm.sol";

contract SweepTest is PromiseCase {
    Promise private _promise;
    uint256 private _held;

    /// @dev 100 are paid and 200 kept until UNTIL.
    function setUp() public override {
        super.setUp();
        _promise = promiseOf(200, EXPIRY, 1);
        keep();
    }

    function keep() private {
        _held = balanceOf(payer);
        open(DEPOSIT);
        vm.warp(NOW);
        requestClose();
        claimPromised(voucherOf(0, 100, _promise));
        vm.warp(CLOSES_AT);
        channels.withdraw(channel);
    }

    function assertSwept(uint256 toPayee) private view {
        vm.assertEq(balanceOf(payee), toPayee, "the payee's");
        vm.assertEq(balanceOf(payer), _held - toPayee, "the payer's");
        vm.assertEq(balanceOf(address(channels)), 0, "nothing is left");
        assertReserve(0, 0, 0, 0, false);
    }

    function refusesNothing(uint256 epoch) private {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.NothingReserved.selector, channelId, epoch));
        channels.sweep(channel, epoch);
    }

    function test_Sweep_GivesThePayerWhatIsLeftWhoeverCalls() public {
        vm.warp(UNTIL);
        vm.expectEmit();
        emit IVoucherChannels.Swept(channelId, 0, reserveWord(300, 100, UNTIL, true));
        vm.prank(stranger);
        channels.sweep(channel, 0);
        assertSwept(100);
    }

    function test_Sweep_PaysNativeMoney() public {
        use(NATIVE);
        keep();
        vm.warp(UNTIL);
        channels.sweep(channel, 0);
        assertSwept(100);
    }

    function test_Sweep_GivesBackWhatWasNotClaimedInTheMeantime() public {
        record(0, _promise, 150);
        claimPromised(voucherOf(0, 100, _promise));
        vm.warp(UNTIL);
        channels.sweep(channel, 0);
        assertSwept(250);
    }

    function test_Sweep_OfAReserveThatIsPaidOutMovesNothing() public {
        record(0, _promise, 200);
        claimPromised(voucherOf(0, 100, _promise));
        vm.warp(UNTIL);
        channels.sweep(channel, 0);
        assertSwept(300);
    }

    /// @dev In each second either a claim or the sweep is legal, and never both.
    function test_Sweep_StartsInTheVerySecondInWhichClaimsEnd() public {
        record(0, _promise, 200);
        uint256 state = vm.snapshotState();
        vm.warp(UNTIL - 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.ReserveNotOver.selector, UNTIL - 1, UNTIL));
        channels.sweep(channel, 0);
        claimPromised(voucherOf(0, 100, _promise));
        vm.assertEq(token.balanceOf(payee), 300, "claimed");

        vm.revertToState(state);
        vm.warp(UNTIL);
        vm.expectRevert(reserveOver(UNTIL));
        claimPromised(voucherOf(0, 100, _promise));
        channels.sweep(channel, 0);
        assertSwept(100);
    }

    function test_Sweep_RevertsTheSecondTimeAndClaimsFindNothingMore() public {
        record(0, _promise, 200);
        vm.warp(UNTIL);
        channels.sweep(channel, 0);
        refusesNothing(0);
        vm.expectRevert(notOpen());
        claimPromised(voucherOf(0, 100, _promise));
        assertSwept(100);
    }

    function test_Sweep_RevertsWhen_NothingIsReserved() public {
        vm.warp(UNTIL);
        refusesNothing(1);
        channel.periods += 1;
        channelId = idOf(channel);
        refusesNothing(0);
    }

    /// @dev Until a withdraw has moved it the money is the lane's.
    function test_Sweep_RevertsWhen_NobodyHasWithdrawn() public {
        vm.warp(NOW);
        channel.periods += 1;
        channelId = idOf(channel);
        open(DEPOSIT);
        requestClose();
        claimPromised(voucherOf(0, 100, _promise));
        assertReserve(0, 300, 0, EXPIRY, false);
        vm.warp(UNTIL);
        refusesNothing(0);
        cancelClose();
        close(0, 0, 0);
        refusesNothing(0);
    }

    function test_Sweep_UnderADirtyIdFindsNothing() public {
        vm.warp(UNTIL);
        bytes memory data = abi.encodeCall(channels.sweep, (channel, 0));
        for (uint256 member = 0; member < 4; ++member) {
            data[4 + 32 * member] = 0x01;
            (bool swept, bytes memory answer) = address(channels).call(data);
            vm.assertTrue(!swept && bytes4(answer) == IVoucherChannels.NothingReserved.selector, "nothing");
            data[4 + 32 * member] = 0;
        }
    }
}
