// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @notice What a claim reserves while the lane is closing, for promises that can still be recorded.
contract ReserveTest is PromiseCase {
    function setUp() public override {
        super.setUp();
        open(DEPOSIT);
        requestClose();
    }

    function promising(uint96 amount, uint96 total, uint48 expiry)
        private
        view
        returns (IVoucherChannels.PromisingVoucher memory)
    {
        return voucherOf(0, amount, promiseOf(total, expiry, total));
    }

    function test_Reserve_IsTheMostTheVoucherMayBeWorthUntilItsLastExpiry() public {
        vm.expectEmit();
        emit IVoucherChannels.Reserved(channelId, 0, reserveWord(300, 0, EXPIRY, false));
        expectClaimed(reservedWord(DEPOSIT, 100, CLOSES_AT, 0));
        claimPromised(promising(100, 200, EXPIRY));

        assertLane(DEPOSIT, 100, CLOSES_AT, 0, true);
        assertReserve(0, 300, 0, EXPIRY, false);
        vm.assertEq(token.balanceOf(payee), 100, "paid");
    }

    function test_Reserve_NeedsNothingThatCanBePaidAtOnce() public {
        claim(0, 100);
        vm.recordLogs();
        claimPromised(promising(100, 200, EXPIRY));

        vm.assertEq(vm.getRecordedLogs().length, 1, "Reserved alone");
        assertLane(DEPOSIT, 100, CLOSES_AT, 0, true);
        assertReserve(0, 300, 0, EXPIRY, false);
    }

    function test_Reserve_IsClippedToTheDeposit() public {
        claimPromised(promising(DEPOSIT - 1, 2, EXPIRY));
        assertReserve(0, DEPOSIT, 0, EXPIRY, false);
    }

    function test_Reserve_MergesTheLargerCeilingAndTheLaterExpiry() public {
        claimPromised(promising(10, 200, EXPIRY));
        claimPromised(promising(20, 100, EXPIRY + 5));
        assertReserve(0, 210, 0, EXPIRY + 5, false);
        claimPromised(promising(5, 300, EXPIRY - 5));
        assertReserve(0, 305, 0, EXPIRY + 5, false);
        claimPromised(promising(30, 1, EXPIRY));
        assertReserve(0, 305, 0, EXPIRY + 5, false);
        assertLane(DEPOSIT, 30, CLOSES_AT, 0, true);
    }

    function test_Reserve_RevertsWhen_ThereIsNothingToPayAndNothingNewToReserve() public {
        claimPromised(promising(100, 200, EXPIRY));
        IVoucherChannels.PromisingVoucher[3] memory vouchers =
            [promising(100, 200, EXPIRY), promising(99, 201, EXPIRY), promising(50, 20, EXPIRY - 1)];
        for (uint256 i = 0; i < vouchers.length; ++i) {
            vm.expectRevert(notIncreasing(vouchers[i].cumulativeAmount, 100));
            claimPromised(vouchers[i]);
        }
    }

    function test_Reserve_IsLoggedOnlyWhenItGrows() public {
        Promise memory one = promiseOf(200, EXPIRY, 1);
        claimPromised(voucherOf(0, 100, one));
        record(0, one, 70);
        vm.recordLogs();
        claimPromised(voucherOf(0, 100, one));
        vm.assertEq(vm.getRecordedLogs().length, 2, "the claim and the transfer");
        assertLane(DEPOSIT, 170, CLOSES_AT, 0, true);
    }

    /// @dev A promise that can't be recorded any more holds nothing.
    function test_Reserve_IsForPromisesBeforeTheirLastExpiryOnly() public {
        uint48 early = uint48(NOW + 100);
        IVoucherChannels.PromisingVoucher memory voucher = promising(100, 200, early);
        vm.warp(early);
        uint256 state = vm.snapshotState();
        claimPromised(voucher);
        assertLane(DEPOSIT, 100, CLOSES_AT, 0);
        assertReserve(0, 0, 0, 0, false);
        vm.expectRevert(notIncreasing(100, 100));
        claimPromised(voucher);

        vm.revertToState(state);
        vm.warp(early - 1);
        claimPromised(voucher);
        assertLane(DEPOSIT, 100, CLOSES_AT, 0, true);
        assertReserve(0, 300, 0, early, false);
    }

    function test_Reserve_IsMadeUntilTheSecondBeforeTheWindowIsOver() public {
        IVoucherChannels.PromisingVoucher memory voucher = promising(100, 200, EXPIRY);
        vm.warp(CLOSES_AT);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WindowOver.selector, CLOSES_AT, CLOSES_AT));
        claimPromised(voucher);
        vm.warp(CLOSES_AT - 1);
        claimPromised(voucher);
        assertReserve(0, 300, 0, EXPIRY, false);
    }

    function test_Reserve_IsNotForgottenByOtherClaims() public {
        claimPromised(promising(100, 200, EXPIRY));
        claim(0, 150);
        claimPromised(plainVoucher(0, 160));
        IVoucherChannels.Batch[] memory batches = batchOf(1);
        batches[0].claims[0] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, 170);
        channels.claimMany(batches);
        assertLane(DEPOSIT, 170, CLOSES_AT, 0, true);
        assertReserve(0, 300, 0, EXPIRY, false);
    }

    /// @dev Rows of a batch are for lanes whose windows run; what was reserved is claimed one by one.
    function test_Reserve_PaysNoRowsOfABatch() public {
        claimPromised(promising(100, 200, EXPIRY));
        IVoucherChannels.Batch[] memory batches = batchOf(1);
        batches[0].claims[0] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, 300);
        vm.warp(CLOSES_AT);
        channels.claimMany(batches);
        assertLane(DEPOSIT, 100, CLOSES_AT, 0, true);
    }

    function test_Reserve_IsDroppedByACancelledClose() public {
        claimPromised(promising(100, 200, EXPIRY));
        cancelClose();
        assertLane(DEPOSIT, 100, 0, 0);
        topUp(1);
        requestClose();
        assertLane(DEPOSIT + 1, 100, CLOSES_AT, 0);
        vm.warp(CLOSES_AT);
        channels.withdraw(channel);
        vm.assertEq(token.balanceOf(address(channels)), 0, "nothing was kept");
    }

    function test_Reserve_OfTheNextCloseOverwritesTheOldOne() public {
        claimPromised(promising(100, 500, EXPIRY + 100));
        cancelClose();
        requestClose();
        claimPromised(promising(100, 200, EXPIRY));
        assertReserve(0, 300, 0, EXPIRY, false);
        claimPromised(promising(100, 250, EXPIRY - 1));
        assertReserve(0, 350, 0, EXPIRY, false);
    }

    /// @dev The very same voucher reserves anew, though the old word still stands there.
    function test_Reserve_OfTheNextCloseIsMadeByTheSameVoucherAgain() public {
        claimPromised(promising(100, 200, EXPIRY));
        cancelClose();
        requestClose();
        claimPromised(promising(100, 200, EXPIRY));
        assertLane(DEPOSIT, 100, CLOSES_AT, 0, true);
    }
}
