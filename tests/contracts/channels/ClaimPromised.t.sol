// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromisesLib} from "../../../contracts/types/Promises.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @notice What a voucher with promises is worth, and where from: before the window's end the lane, after it the reserve.
contract ClaimPromisedTest is PromiseCase {
    Promise[] private _promises;

    function setUp() public override {
        super.setUp();
        open(DEPOSIT);
        _promises.push(promiseOf(50, EXPIRY, 1));
        _promises.push(promiseOf(70, EXPIRY + 60, 2));
        _promises.push(promiseOf(30, EXPIRY - 60, 3));
    }

    function voucher(uint96 amount) private view returns (IVoucherChannels.PromisingVoucher memory) {
        return voucherOf(0, amount, _promises);
    }

    function test_ClaimPromised_PaysTheAmountAndWhatIsRecorded() public {
        record(0, _promises[0], 50);
        record(0, _promises[1], 20);
        vm.prank(stranger);
        claimPromised(voucher(100));

        assertLane(DEPOSIT, 170, 0, 0);
        vm.assertEq(token.balanceOf(payee), 170, "paid");
    }

    /// @dev A maximum over promises that are paid apart would lose those proven one by one.
    function test_ClaimPromised_AddsUpPromisesThatAreProvenOneByOne() public {
        uint256 sum = 100;
        claimPromised(voucher(100));
        for (uint256 i = 0; i < 3; ++i) {
            record(0, _promises[i], _promises[i].amount);
            sum += _promises[i].amount;
            claimPromised(voucher(100));
            vm.assertEq(token.balanceOf(payee), sum, "paid");
        }
        vm.assertEq(sum, 250, "all of it");
    }

    function test_ClaimPromised_CountsARecordOnceHoweverManyVouchersCarryIt() public {
        record(0, _promises[0], 50);
        for (uint96 amount = 100; amount < 110; ++amount) {
            claimPromised(voucherOf(0, amount, _promises[0]));
        }
        assertLane(DEPOSIT, 109 + 50, 0, 0);
    }

    /// @dev What a payer understates it owes no more of; the payee looks before it accepts.
    function test_ClaimPromised_AddsNoMoreThanTheTotal() public {
        record(0, _promises[0], 50);
        record(0, _promises[1], 70);
        IVoucherChannels.PromisingVoucher memory understated = voucher(100);
        understated.total = 60;
        claimPromised(signed(understated));
        assertLane(DEPOSIT, 160, 0, 0);
    }

    function test_ClaimPromised_IsClippedToTheDepositAndPaysTheRestAfterATopUp() public {
        record(0, _promises[1], 70);
        claimPromised(voucher(DEPOSIT - 10));
        assertLane(DEPOSIT, DEPOSIT, 0, 0);

        topUp(100);
        claimPromised(voucher(DEPOSIT - 10));
        assertLane(DEPOSIT + 100, DEPOSIT + 60, 0, 0);
    }

    function test_ClaimPromised_LogsTheWordUnderTheIdAloneAndReservesNothingInAnOpenLane() public {
        vm.recordLogs();
        claimPromised(voucher(100));

        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 2, "the claim and the transfer");
        vm.assertEq(logs[0].topics.length, 1, "anonymous");
        vm.assertEq(logs[0].topics[0], channelId, "topic");
        assertLane(DEPOSIT, 100, 0, 0);
        assertReserve(0, 0, 0, 0, false);
    }

    function test_ClaimPromised_OfNoPromisesIsTheSameVoucherAsForClaim() public {
        claimPromised(plainVoucher(0, 100));
        claim(0, 150);
        claimPromised(plainVoucher(0, 200));
        requestClose();
        claimPromised(plainVoucher(0, 250));
        assertLane(DEPOSIT, 250, CLOSES_AT, 0);
        vm.assertEq(token.balanceOf(payee), 250, "paid");
    }

    function test_ClaimPromised_RevertsWhen_NothingIsNew() public {
        claimPromised(voucher(100));
        vm.expectRevert(notIncreasing(100, 100));
        claimPromised(voucher(100));
        record(0, _promises[0], 50);
        vm.expectRevert(notIncreasing(99, 100));
        claimPromised(voucherOf(0, 99, _promises[1]));
        claimPromised(voucher(100));
        vm.expectRevert(notIncreasing(150, 150));
        claimPromised(voucher(100));
    }

    function test_ClaimPromised_RevertsWhen_TheLaneIsNotOpenOrTheEpochIsAnother() public {
        refusesEpoch(1, 0);
        refusesEpoch(type(uint32).max, 0);
        close(0, 0, 0);
        vm.expectRevert(notOpen());
        claimPromised(voucher(100));
        open(DEPOSIT);
        refusesEpoch(0, 1);
        vm.assertEq(token.balanceOf(payee), 0, "nothing was paid");
    }

    function test_ClaimPromised_RevertsWhen_AnySignedMemberIsFlipped() public {
        IVoucherChannels.PromisingVoucher[6] memory vouchers =
            [voucher(100), voucher(100), voucher(100), voucher(100), voucher(100), voucher(100)];
        vouchers[0].cumulativeAmount += 1;
        vouchers[1].total += 1;
        vouchers[2].lastExpiry += 1;
        vouchers[3].leaves[2] |= bytes32(uint256(0xff));
        vouchers[4].leaves = new bytes32[](0);
        vouchers[5].r ^= bytes32(uint256(1));
        for (uint256 i = 0; i < vouchers.length; ++i) {
            vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
            claimPromised(vouchers[i]);
        }
        (bytes32 r, bytes32 vs) = (voucher(100).r, voucher(100).vs);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.claim(channel, 0, 100, r, vs);
    }

    /// @dev Else who holds a voucher could leave out what it doesn't like, or count one promise twice.
    function test_ClaimPromised_RevertsWhen_TheLeavesAreNotStrictlyRising() public {
        IVoucherChannels.PromisingVoucher memory unsorted = voucher(100);
        (unsorted.leaves[0], unsorted.leaves[1]) = (unsorted.leaves[1], unsorted.leaves[0]);
        unsorted = signed(unsorted);
        vm.expectRevert(abi.encodeWithSelector(PromisesLib.PromisesOutOfOrder.selector, 1));
        claimPromised(unsorted);

        IVoucherChannels.PromisingVoucher memory twice = voucher(100);
        twice.leaves[2] = twice.leaves[1];
        twice = signed(twice);
        vm.expectRevert(abi.encodeWithSelector(PromisesLib.PromisesOutOfOrder.selector, 2));
        claimPromised(twice);
    }

    function test_ClaimPromised_TakesSixteenLeavesAndNoMore() public {
        delete _promises;
        for (uint256 i = 0; i < 16; ++i) {
            _promises.push(promiseOf(10, EXPIRY, i));
            record(0, _promises[i], 10);
        }
        claimPromised(voucher(100));
        assertLane(DEPOSIT, 260, 0, 0);

        _promises.push(promiseOf(10, EXPIRY, 16));
        IVoucherChannels.PromisingVoucher memory long = voucher(100);
        vm.expectRevert(abi.encodeWithSelector(PromisesLib.TooManyPromises.selector, 17, 16));
        claimPromised(long);
    }

    function test_ClaimPromised_CountsOnlyWhatIsRecordedForThisEpochAndPromise() public {
        record(1, _promises[0], 50);
        record(0, promiseOf(50, EXPIRY, 9), 50);
        claimPromised(voucher(100));
        assertLane(DEPOSIT, 100, 0, 0);
    }

    function refusesEpoch(uint256 epoch, uint256 current) private {
        IVoucherChannels.PromisingVoucher memory other = voucherOf(epoch, 100, _promises);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, epoch, current));
        claimPromised(other);
    }
}
