// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @notice A withdraw keeps what promises may still be worth, for as long as was signed, and never for longer.
contract WithdrawReservedTest is PromiseCase {
    uint256 private _held;

    function setUp() public override {
        super.setUp();
        _held = token.balanceOf(payer);
        open(DEPOSIT);
        requestClose();
    }

    function reserved(uint48 expiry) private returns (Promise memory one) {
        one = promiseOf(200, expiry, 1);
        claimPromised(voucherOf(0, 100, one));
    }

    function withdrawAt(uint256 time) private {
        vm.warp(time);
        channels.withdraw(channel);
    }

    function assertKept(uint256 kept) private view {
        vm.assertEq(token.balanceOf(address(channels)), kept, "kept");
        vm.assertEq(token.balanceOf(payer), _held - 100 - kept, "the payer's");
        assertLane(0, 0, 0, 1);
    }

    function test_WithdrawReserved_KeepsWhatPromisesMayBeWorthAndGivesBackTheRest() public {
        reserved(EXPIRY);
        vm.warp(CLOSES_AT);
        vm.expectEmit();
        emit IVoucherChannels.Withdrawn(channelId, reservedWord(DEPOSIT, 100, CLOSES_AT, 0));
        vm.expectEmit();
        emit IVoucherChannels.Reserved(channelId, 0, reserveWord(300, 100, UNTIL, true));
        vm.prank(stranger);
        channels.withdraw(channel);

        assertKept(200);
        assertReserve(0, 300, 100, UNTIL, true);
    }

    function test_WithdrawReserved_KeepsNothingThatWasClaimedInTheMeantime() public {
        Promise memory one = reserved(EXPIRY);
        record(0, one, 150);
        vm.warp(CLOSES_AT);
        claimPromised(voucherOf(0, 100, one));
        vm.recordLogs();
        channels.withdraw(channel);
        vm.assertEq(vm.getRecordedLogs().length, 3, "kept, withdrawn, paid");
        vm.assertEq(token.balanceOf(address(channels)), 50, "kept");
        assertReserve(0, 300, 250, UNTIL, true);
    }

    function test_WithdrawReserved_KeepsNothingWhereAllIsPaid() public {
        Promise memory one = reserved(EXPIRY);
        record(0, one, 200);
        vm.warp(CLOSES_AT);
        claimPromised(voucherOf(0, 100, one));
        channels.withdraw(channel);
        vm.assertEq(token.balanceOf(payer), _held - 300, "the payer's");
        assertReserve(0, 300, 0, EXPIRY, false);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.NothingReserved.selector, channelId, 0));
        channels.sweep(channel, 0);
    }

    /// @dev Plain claims may have settled more than a voucher with promises ever reserved.
    function test_WithdrawReserved_KeepsNothingBelowWhatIsSettled() public {
        reserved(EXPIRY);
        claim(0, 301);
        withdrawAt(CLOSES_AT);
        vm.assertEq(token.balanceOf(payer), _held - 301, "the payer's");
        vm.assertEq(token.balanceOf(address(channels)), 0, "nothing is kept");
        assertReserve(0, 300, 0, EXPIRY, false);
    }

    function test_WithdrawReserved_KeepsUntilTheSecondBeforeTheReservesEnd() public {
        reserved(EXPIRY);
        uint256 state = vm.snapshotState();
        withdrawAt(UNTIL - 1);
        assertKept(200);
        for (uint256 time = UNTIL; time <= UNTIL + 1; ++time) {
            vm.revertToState(state);
            withdrawAt(time);
            assertKept(0);
        }
    }

    /// @dev Whatever was signed: until = max(closesAt, min(lastExpiry, closesAt + promiseWindow)) + window.
    function test_WithdrawReserved_EndsWithTheLastExpiryWithinThePromiseWindow() public {
        uint256 latest = CLOSES_AT + PROMISE_WINDOW;
        uint256[7] memory expiries =
            [NOW + 1, CLOSES_AT - 1, CLOSES_AT, CLOSES_AT + 1, latest - 1, latest, type(uint48).max];
        uint256[7] memory ends = [CLOSES_AT, CLOSES_AT, CLOSES_AT, CLOSES_AT + 1, latest - 1, latest, latest];
        for (uint256 i = 0; i < expiries.length; ++i) {
            uint256 state = vm.snapshotState();
            reserved(uint48(expiries[i]));
            withdrawAt(CLOSES_AT);
            assertReserve(0, 300, 100, ends[i] + WINDOW, true);
            vm.revertToState(state);
        }
    }

    /// @dev The longest periods, the latest close that fits 32 bits: the end still fits its 48.
    function test_WithdrawReserved_EndsLateEnoughInTheLastYearsToo() public {
        channel.periods = periods(365 days, 365 days, 2);
        channelId = idOf(channel);
        open(DEPOSIT);
        vm.warp(type(uint32).max - 365 days);
        requestClose();
        reserved(type(uint48).max);
        withdrawAt(type(uint32).max);
        assertReserve(0, 300, 100, uint256(type(uint32).max) + 730 days, true);
    }

    /// @dev A voucher of long ago with large promises is worth no more for it: it holds money back, for a while.
    function test_WithdrawReserved_ForAnOldVoucherLocksAtMostTheDepositUntilBothWindowsAreOver() public {
        IVoucherChannels.PromisingVoucher memory old = voucherOf(0, 1, promiseOf(type(uint96).max, type(uint48).max, 1));
        claim(0, 100);
        claimPromised(old);
        withdrawAt(CLOSES_AT);
        assertKept(DEPOSIT - 100);

        uint256 until = CLOSES_AT + PROMISE_WINDOW + WINDOW;
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.ReserveNotOver.selector, until - 1, until));
        channels.sweep(channel, 0);
        vm.expectRevert(notIncreasing(1, 100));
        claimPromised(old);
        vm.warp(until);
        channels.sweep(channel, 0);
        assertKept(0);
    }

    /// @dev In the window's last second the payee claims, in its first second after it the payer withdraws: neither is too late.
    function test_WithdrawReserved_ComesAfterTheLastClaimInBothOrdersOfOneBlock() public {
        Promise memory one = promiseOf(200, EXPIRY, 1);
        vm.warp(CLOSES_AT - 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WindowNotOver.selector, CLOSES_AT - 1, CLOSES_AT));
        channels.withdraw(channel);
        claimPromised(voucherOf(0, 100, one));
        record(0, one, 200);

        vm.warp(CLOSES_AT);
        uint256 state = vm.snapshotState();
        claimPromised(voucherOf(0, 100, one));
        channels.withdraw(channel);
        vm.assertEq(token.balanceOf(payee), 300, "claim, withdraw");
        vm.assertEq(token.balanceOf(payer), _held - 300, "claim, withdraw");

        vm.revertToState(state);
        channels.withdraw(channel);
        claimPromised(voucherOf(0, 100, one));
        vm.assertEq(token.balanceOf(payee), 300, "withdraw, claim");
        vm.assertEq(token.balanceOf(payer), _held - 300, "withdraw, claim");
    }
}
