// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice An ended epoch pays only from the reserve that its withdraw moved, and the next epoch knows nothing of it.
contract ReopenTest is PromiseCase {
    uint96 private constant NEXT = 500;
    Promise private _promise;
    uint256 private _held;

    /// @dev Epoch 0 left 200 for a promise; epoch 1 is open with 500.
    function setUp() public override {
        super.setUp();
        _promise = promiseOf(200, EXPIRY, 1);
        _held = token.balanceOf(payer);
        open(DEPOSIT);
        requestClose();
        claimPromised(voucherOf(0, 100, _promise));
        vm.warp(CLOSES_AT);
        channels.withdraw(channel);
        open(NEXT);
    }

    function assertNextIsUntouched() private view {
        assertLane(NEXT, 0, 0, 1);
        assertReserve(1, 0, 0, 0, false);
    }

    function test_Reopen_LeavesTheOldReserveAsItIs() public view {
        assertReserve(0, 300, 100, UNTIL, true);
        assertNextIsUntouched();
        vm.assertEq(token.balanceOf(address(channels)), NEXT + 200, "held for both");
    }

    function test_Reopen_TheOldEpochPaysFromItsReserveAlone() public {
        record(0, _promise, 200);
        claimPromised(voucherOf(0, 900, _promise));
        vm.assertEq(token.balanceOf(payee), 300, "the old ceiling");
        assertNextIsUntouched();
        vm.expectRevert(notIncreasing(300, 300));
        claim(0, 901);
        vm.assertEq(token.balanceOf(address(channels)), NEXT, "the next epoch's money");
    }

    function test_Reopen_TheNextEpochPaysFromItsLaneAlone() public {
        record(1, _promise, 200);
        claimPromised(voucherOf(1, 100, _promise));
        claim(1, 900);
        assertLane(NEXT, NEXT, 0, 1);
        assertReserve(0, 300, 100, UNTIL, true);
        vm.assertEq(token.balanceOf(address(channels)), 200, "the old reserve");
    }

    function test_Reopen_TheSweepOfTheOldReserveTouchesOnlyThat() public {
        vm.warp(UNTIL);
        channels.sweep(channel, 0);
        assertNextIsUntouched();
        vm.assertEq(token.balanceOf(address(channels)), NEXT, "the next epoch's money");
        vm.assertEq(token.balanceOf(payer), _held - 100 - NEXT, "the payer's");
    }

    function test_Reopen_TheNextEpochsEndsTouchOnlyItsOwnMoney() public {
        uint256 state = vm.snapshotState();
        close(1, NEXT, NEXT);
        assertReserve(0, 300, 100, UNTIL, true);
        vm.assertEq(token.balanceOf(address(channels)), 200, "close");

        vm.revertToState(state);
        requestClose();
        vm.warp(CLOSES_AT + WINDOW);
        channels.withdraw(channel);
        assertReserve(0, 300, 100, UNTIL, true);
        vm.assertEq(token.balanceOf(address(channels)), 200, "withdraw");
    }

    function test_Reopen_EveryEpochHasAReserveOfItsOwn() public {
        requestClose();
        uint48 expiry = uint48(CLOSES_AT + WINDOW + 10);
        Promise memory later = promiseOf(80, expiry, 2);
        claimPromised(voucherOf(1, 50, later));
        vm.warp(CLOSES_AT + WINDOW);
        channels.withdraw(channel);

        assertReserve(0, 300, 100, UNTIL, true);
        assertReserve(1, 130, 50, expiry + WINDOW, true);
        record(1, later, 80);
        claimPromised(voucherOf(1, 50, later));
        vm.warp(UNTIL);
        channels.sweep(channel, 0);
        vm.assertEq(token.balanceOf(payee), 230, "the payee's");
        vm.assertEq(token.balanceOf(payer), _held - 230, "the payer's");
    }

    /// @dev The epoch's number is signed: a voucher can't be brought as one of its neighbour's.
    function test_Reopen_TheOldReserveTakesNoVoucherOfTheNextEpoch() public {
        IVoucherChannels.PromisingVoucher memory next = voucherOf(1, 300, _promise);
        next.epoch = 0;
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        claimPromised(next);
        IVoucherChannels.PromisingVoucher memory old = voucherOf(0, 300, _promise);
        old.epoch = 1;
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        claimPromised(old);
    }

    /// @dev What a dead close had reserved is no reserve, and a voucher of that epoch is worth nothing.
    function test_Reopen_AClosedEpochPaysNothingThoughItHadReserved() public {
        requestClose();
        claimPromised(voucherOf(1, 100, promiseOf(200, uint48(CLOSES_AT + WINDOW + 9), 2)));
        close(1, 100, 100);
        open(NEXT);
        requestClose();
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 1, 2));
        claim(1, 300);
        vm.warp(CLOSES_AT + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 1, 2));
        claim(1, 300);
        assertLane(NEXT, 0, CLOSES_AT + WINDOW, 2);
    }
}
