// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice The largest amounts, lists and times that the types hold: sums stay whole, and are clipped to the deposit.
contract LaneBoundsTest is PromiseCase {
    uint96 private constant MAX = type(uint96).max;
    Promise[] private _promises;

    function sixteen(uint96 amount, uint48 expiry) private {
        for (uint256 i = 0; i < 16; ++i) {
            _promises.push(promiseOf(amount, expiry, i));
            record(0, _promises[i], amount);
        }
    }

    /// @dev A total of 96 bits can't say the sum of sixteen largest promises; it is what the signer says.
    function voucher(uint96 amount, uint96 total, uint48 lastExpiry)
        private
        view
        returns (IVoucherChannels.PromisingVoucher memory one)
    {
        (one.cumulativeAmount, one.total, one.lastExpiry) = (amount, total, lastExpiry);
        one.leaves = new bytes32[](_promises.length);
        for (uint256 i = 0; i < _promises.length; ++i) {
            one.leaves[i] = leafOf(_promises[i]);
        }
        sort(one.leaves);
        return signed(one);
    }

    function assertWorth(uint96 amount, uint96 total, uint256 worth) private {
        uint256 state = vm.snapshotState();
        claimPromised(voucher(amount, total, EXPIRY));
        vm.assertEq(token.balanceOf(payee), worth, "worth");
        vm.revertToState(state);
    }

    function test_LaneBounds_SumsOfSixteenLargestRecordsAreClippedToTotalAndDeposit() public {
        sixteen(MAX, EXPIRY);
        open(MAX);
        assertWorth(0, 1, 1);
        assertWorth(0, MAX, MAX);
        assertWorth(1, MAX, MAX);
        assertWorth(MAX, MAX, MAX);
        assertWorth(MAX, 0, MAX);
        assertWorth(MAX - 1, 0, MAX - 1);
        assertWorth(MAX - 2, 1, MAX - 1);
    }

    function test_LaneBounds_SumsBeyondTheDepositAreClippedToSmallDepositsToo() public {
        sixteen(MAX, EXPIRY);
        open(1);
        assertWorth(MAX, MAX, 1);
        assertWorth(0, MAX, 1);
    }

    function test_LaneBounds_ReservesNoMoreThanTheDepositForTheLargestVoucher() public {
        sixteen(MAX, EXPIRY);
        open(MAX);
        requestClose();
        claimPromised(voucher(MAX, MAX, EXPIRY));
        assertReserve(0, MAX, 0, EXPIRY, false);
        assertLane(MAX, MAX, CLOSES_AT, 0, true);
        vm.warp(CLOSES_AT);
        channels.withdraw(channel);
        vm.assertEq(token.balanceOf(payee), MAX, "the payee's");
        vm.assertEq(token.balanceOf(address(channels)), 0, "nothing is left");
    }

    function test_LaneBounds_KeepsTheWholeLargestDepositAndPaysIt() public {
        _promises.push(promiseOf(MAX, type(uint48).max, 1));
        open(MAX);
        requestClose();
        claimPromised(voucher(0, MAX, type(uint48).max));
        vm.warp(CLOSES_AT);
        channels.withdraw(channel);
        assertReserve(0, MAX, 0, CLOSES_AT + PROMISE_WINDOW + WINDOW, true);
        record(0, _promises[0], type(uint256).max);
        claimPromised(voucher(0, MAX, type(uint48).max));
        assertReserve(0, MAX, MAX, CLOSES_AT + PROMISE_WINDOW + WINDOW, true);
        vm.assertEq(token.balanceOf(payee), MAX, "the payee's");
    }

    function test_LaneBounds_CloseTakesNoMoreThanTheDepositOfTheLargestVoucher() public {
        sixteen(MAX, EXPIRY);
        open(DEPOSIT);
        IVoucherChannels.PromisingVoucher memory largest = voucher(MAX, MAX, EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.TakeTooLarge.selector, MAX, DEPOSIT));
        closeBySig(largest, MAX);
        closeBySig(largest, DEPOSIT);
        vm.assertEq(token.balanceOf(payee), DEPOSIT, "the payee's");
    }

    /// @dev The last epoch but one has a reserve of its own, next to the word that says that there is none after it.
    function test_LaneBounds_TheLastEpochKeepsItsReserve() public {
        uint256 last = 2 ** 31 - 2;
        vm.store(address(channels), channelId, bytes32(last << 224));
        open(DEPOSIT);
        requestClose();
        Promise memory one = promiseOf(200, EXPIRY, 1);
        claimPromised(voucherOf(last, 100, one));
        assertLane(DEPOSIT, 100, CLOSES_AT, last, true);
        record(last, one, 200);
        vm.warp(CLOSES_AT);
        channels.withdraw(channel);
        assertLane(0, 0, 0, last + 1);
        claimPromised(voucherOf(last, 100, one));
        vm.assertEq(token.balanceOf(payee), 300, "the payee's");
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.NoEpochLeft.selector, channelId));
        open(DEPOSIT);
    }

    /// @dev Members of more bits than their type are refused before they are hashed.
    function test_LaneBounds_DirtyMembersAreRefusedByTheDecoder() public {
        open(DEPOSIT);
        bytes memory data =
            abi.encodeCall(channels.claimPromised, (channel, voucherOf(0, 100, promiseOf(1, EXPIRY, 1))));
        uint256 voucherAt = 4 + 6 * 32;
        for (uint256 member = 0; member < 4; ++member) {
            data[voucherAt + 32 * member] = 0x01;
            (bool claimed, bytes memory answer) = address(channels).call(data);
            vm.assertTrue(!claimed && answer.length == 0, "refused");
            data[voucherAt + 32 * member] = 0;
        }
        (bool clean,) = address(channels).call(data);
        vm.assertTrue(clean, "as it was");
    }
}
