// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @notice Claims when the window is over: from what was reserved, before and after the withdraw, and for no longer.
contract ClaimReservedTest is PromiseCase {
    uint96 private constant PROMISED = 200;
    Promise private _promise;

    /// @dev 100 are paid, 200 more are reserved.
    function setUp() public override {
        super.setUp();
        _promise = promiseOf(PROMISED, EXPIRY, 1);
        open(DEPOSIT);
        requestClose();
        claimPromised(voucher(100));
        vm.warp(CLOSES_AT);
    }

    function voucher(uint96 amount) private view returns (IVoucherChannels.PromisingVoucher memory) {
        return voucherOf(0, amount, _promise);
    }

    function test_ClaimReserved_RaisesTheLanesSettledUntilTheWithdraw() public {
        record(0, _promise, 150);
        expectClaimed(reservedWord(DEPOSIT, 250, CLOSES_AT, 0));
        claimPromised(voucher(100));

        assertLane(DEPOSIT, 250, CLOSES_AT, 0, true);
        assertReserve(0, 300, 0, EXPIRY, false);
        vm.assertEq(token.balanceOf(payee), 250, "paid");
        record(0, _promise, PROMISED);
        claimPromised(voucher(100));
        vm.assertEq(token.balanceOf(payee), 300, "paid");
    }

    function test_ClaimReserved_PaysFromWhatTheWithdrawMoved() public {
        channels.withdraw(channel);
        assertReserve(0, 300, 100, UNTIL, true);
        record(0, _promise, 150);
        vm.expectEmit();
        emit IVoucherChannels.Reserved(channelId, 0, reserveWord(300, 250, UNTIL, true));
        claimPromised(voucher(100));

        assertReserve(0, 300, 250, UNTIL, true);
        assertLane(0, 0, 0, 1);
        vm.assertEq(token.balanceOf(payee), 250, "paid");
    }

    /// @dev What was recorded before the withdraw and paid after it, and the other way round, is paid once.
    function test_ClaimReserved_PaysOnceOverTheWithdraw() public {
        record(0, _promise, 150);
        claimPromised(voucher(100));
        channels.withdraw(channel);
        assertReserve(0, 300, 250, UNTIL, true);
        vm.expectRevert(notIncreasing(250, 250));
        claimPromised(voucher(100));
        record(0, _promise, PROMISED);
        claimPromised(voucher(100));
        vm.expectRevert(notIncreasing(300, 300));
        claimPromised(voucher(100));
        vm.assertEq(token.balanceOf(payee), 300, "paid");
        vm.assertEq(token.balanceOf(address(channels)), 0, "nothing is left");
    }

    /// @dev A newer voucher gets what the older one reserved, and not more; a plain one too.
    function test_ClaimReserved_PaysAnyVoucherOfTheEpochUpToTheCeiling() public {
        for (uint256 withdrawn = 0; withdrawn < 2; ++withdrawn) {
            uint256 state = vm.snapshotState();
            if (withdrawn == 1) channels.withdraw(channel);
            claim(0, 130);
            vm.assertEq(token.balanceOf(payee), 130, "a plain voucher");
            claimPromised(plainVoucher(0, 140));
            claim(0, 900);
            vm.assertEq(token.balanceOf(payee), 300, "the ceiling");
            vm.expectRevert(notIncreasing(300, 300));
            claim(0, 901);
            vm.revertToState(state);
        }
    }

    function test_ClaimReserved_ReservesNothingMore() public {
        vm.recordLogs();
        claimPromised(voucher(101));
        vm.assertEq(vm.getRecordedLogs().length, 2, "the claim and the transfer");
        assertReserve(0, 300, 0, EXPIRY, false);
        IVoucherChannels.PromisingVoucher memory larger = voucherOf(0, 101, promiseOf(500, EXPIRY + 60, 2));
        vm.expectRevert(notIncreasing(101, 101));
        claimPromised(larger);
    }

    function test_ClaimReserved_RevertsWhen_NothingIsReserved() public {
        uint256 now_ = CLOSES_AT;
        cancelClose();
        requestClose();
        vm.warp(now_ + WINDOW);
        bytes memory over = abi.encodeWithSelector(IVoucherChannels.WindowOver.selector, now_ + WINDOW, now_ + WINDOW);
        vm.expectRevert(over);
        claimPromised(voucher(101));
        vm.expectRevert(over);
        claim(0, 101);
    }

    function test_ClaimReserved_EndsWithTheSecondBeforeUntil() public {
        record(0, _promise, PROMISED);
        for (uint256 withdrawn = 0; withdrawn < 2; ++withdrawn) {
            uint256 state = vm.snapshotState();
            if (withdrawn == 1) channels.withdraw(channel);
            for (uint256 time = UNTIL; time <= UNTIL + 1; ++time) {
                vm.warp(time);
                bytes memory over = reserveOver(UNTIL);
                vm.expectRevert(over);
                claimPromised(voucher(100));
                vm.expectRevert(over);
                claim(0, 300);
            }
            vm.warp(UNTIL - 1);
            claimPromised(voucher(100));
            vm.assertEq(token.balanceOf(payee), 300, "paid");
            vm.revertToState(state);
        }
    }

    function test_ClaimReserved_RevertsWhen_TheSignatureIsNotTheSigners() public {
        IVoucherChannels.PromisingVoucher memory forged = voucher(300);
        (forged.r, forged.vs) = signDigest(SIGNER_KEY + 1, keccak256("another"));
        for (uint256 withdrawn = 0; withdrawn < 2; ++withdrawn) {
            if (withdrawn == 1) channels.withdraw(channel);
            vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
            claimPromised(forged);
            vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
            channels.claim(channel, 0, 300, forged.r, forged.vs);
        }
    }

    function test_ClaimReserved_RevertsWhen_TheEpochIsAnother() public {
        refusesEpoch(1, abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 1, 0));
        channels.withdraw(channel);
        refusesEpoch(1, notOpen());
        open(DEPOSIT);
        refusesEpoch(2, abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 2, 1));
    }

    function test_ClaimReserved_IsNotForTheDeadEpochOfAClose() public {
        cancelClose();
        requestClose();
        claimPromised(voucher(110));
        close(0, 110, 0);
        assertReserve(0, 310, 0, EXPIRY, false);
        record(0, _promise, PROMISED);
        vm.expectRevert(notOpen());
        claimPromised(voucher(110));
        vm.assertEq(token.balanceOf(address(channels)), 0, "nothing is left");
    }

    function test_ClaimReserved_PaysNativeMoney() public {
        vm.warp(NOW);
        use(NATIVE);
        open(DEPOSIT);
        requestClose();
        claimPromised(voucher(100));
        record(0, _promise, PROMISED);
        vm.warp(CLOSES_AT);
        claimPromised(voucher(50));
        channels.withdraw(channel);
        claimPromised(voucher(100));
        vm.assertEq(payee.balance, 300, "paid");
        vm.assertEq(address(channels).balance, 0, "nothing is left");
    }

    function refusesEpoch(uint256 epoch, bytes memory reason) private {
        vm.expectRevert(reason);
        claim(epoch, 300);
        IVoucherChannels.PromisingVoucher memory other = voucherOf(epoch, 100, _promise);
        vm.expectRevert(reason);
        claimPromised(other);
    }
}
