// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {Amending} from "../support/Amending.sol";
import {vm} from "../support/Vm.sol";

/// @notice What an amendment does, and when it may.
contract AmendTest is Amending {
    function test_Amend_MovesTheHoldToTheNewTerms() public {
        authorized();
        prepare(0, 0);
        bytes32 toId = escrow.paymentIdOf(to);
        vm.expectEmit();
        emit IEscrow.Amended(fromId, toId, Holding.wrap(1 << 255));
        vm.expectEmit();
        emit IEscrow.Authorized(toId, payer, payee, address(usdc), Holding.wrap(1 << 255 | uint256(AMOUNT)));
        vm.assertEq(amend(), toId, "id");
        assertHolding(fromId, 0, 0, 0);
        assertHolding(toId, AMOUNT, 0, 0);
        assertBalance(address(escrow), AMOUNT);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, fromId, 0, 0));
        capture(0);
    }

    function test_Amend_PaysOutToTheOldPayer() public {
        authorized();
        prepare(0, 400);
        (to.payer, to.payee) = (payee, arbiter);
        amend();
        assertHolding(escrow.paymentIdOf(to), AMOUNT - 400, 0, 0);
        assertBalance(payer, 400);
        assertBalance(address(escrow), AMOUNT - 400);
    }

    function test_Amend_PaysOutNativeCurrency() public {
        terms.token = NATIVE;
        authorized();
        prepare(0, 400);
        amend();
        assertBalance(payer, 400);
        assertBalance(address(escrow), AMOUNT - 400);
    }

    function test_Amend_LeavesWhatIsRefundableOnTheOldId() public {
        authorized();
        capture(1000);
        prepare(0, 0);
        amend();
        assertHolding(fromId, 0, AMOUNT - 1000, 0);
        assertHolding(escrow.paymentIdOf(to), 1000, 0, 0);
        usdc.mint(payee, 0);
        vm.prank(payee);
        usdc.approve(address(escrow), 5);
        vm.prank(payee);
        escrow.refund(terms, 0, AMOUNT - 1005);
        assertHolding(fromId, 0, AMOUNT - 1005, 0);
    }

    function test_Amend_EndsADispute() public {
        arbitrated(7);
        authorized();
        dispute();
        prepare(0, 0);
        amend();
        assertHolding(fromId, 0, 0, 0);
        assertHolding(escrow.paymentIdOf(to), AMOUNT, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotDisputed.selector, fromId));
        vm.prank(arbiter);
        escrow.rule(terms, 5000);
    }

    function test_Amend_MovesNothingTwice() public {
        authorized();
        prepare(0, 1);
        amend();
        refused(abi.encodeWithSelector(IEscrow.NothingHeld.selector, fromId));
    }

    function test_Amend_RevertsWhen_TheHoldIsNotTheOneAgreedOn() public {
        authorized();
        prepare(0, 0);
        capture(AMOUNT - 1);
        refused(abi.encodeWithSelector(IEscrow.HeldChanged.selector, fromId, AMOUNT - 1, AMOUNT));
    }

    function test_Amend_RevertsWhen_NothingIsHeld() public {
        prepare(1, 0);
        refused(abi.encodeWithSelector(IEscrow.NothingHeld.selector, fromId));
    }

    function test_Amend_RevertsWhen_TheTokenIsAnother() public {
        authorized();
        prepare(0, 0);
        to.token = address(token);
        refused(abi.encodeWithSelector(IEscrow.OtherToken.selector, token, usdc));
        to.token = NATIVE;
        refused(abi.encodeWithSelector(IEscrow.OtherToken.selector, NATIVE, usdc));
    }

    function test_Amend_RevertsWhen_TheSumsDoNotAgree() public {
        authorized();
        prepare(300, 200);
        for (uint96 i; i < 2; ++i) {
            to.amount = AMOUNT + 99 + 2 * i;
            refused(abi.encodeWithSelector(IEscrow.WrongAmount.selector, to.amount, AMOUNT, 300, 200));
        }
    }

    /// @dev Amounts of 96 bits must not wrap in the sum.
    function test_Amend_RevertsWhen_TheSumsAgreeOnlyInFewerBits() public {
        authorized();
        prepare(type(uint96).max, 0);
        to.amount = AMOUNT - 1;
        refused(abi.encodeWithSelector(IEscrow.WrongAmount.selector, to.amount, AMOUNT, type(uint96).max, 0));
    }

    function test_Amend_EndsWithTheSecondBeforeItsDeadline() public {
        authorized();
        prepare(0, 0);
        vm.warp(amendment.deadline);
        refused(abi.encodeWithSelector(IEscrow.DeadlinePassed.selector, amendment.deadline, amendment.deadline));
        vm.warp(amendment.deadline - 1);
        amend();
    }

    function test_Amend_EndsWithTheHold() public {
        authorized();
        prepareLate();
        assertAmendsUntil(terms.authorizationExpiry);
    }

    function test_Amend_OfADisputedHoldEndsWithTheArbitersTime() public {
        for (uint8 flags = 3; flags <= 7; flags += 4) {
            uint256 snapshot = vm.snapshotState();
            arbitrated(flags);
            authorized();
            vm.warp(terms.authorizationExpiry - 1);
            dispute();
            prepareLate();
            assertAmendsUntil((flags == 7 ? block.timestamp : terms.authorizationExpiry) + terms.rulingPeriod);
            vm.revertToState(snapshot);
        }
    }

    function assertAmendsUntil(uint256 end) private {
        for (uint256 time = end + 1; time >= end - 1; --time) {
            vm.warp(time);
            if (time < end) amend();
            else refused(abi.encodeWithSelector(IEscrow.AuthorizationExpired.selector, time, end));
        }
    }

    function test_Amend_AsksForTheSameTermsAsAuthorize() public {
        authorized();
        prepare(0, 0);
        to.fundBy = uint48(block.timestamp);
        refused(abi.encodeWithSelector(IEscrow.FundingTooLate.selector, block.timestamp, block.timestamp));
        to.fundBy += 1;
        to.feeBps = 10_001;
        refused(abi.encodeWithSelector(IEscrow.InvalidFee.selector, 10_001, feeRecipient));
        to.feeBps = 0;
        amend();
    }

    function test_Amend_RevertsWhen_TheNewIdWasEverUsed() public {
        authorized();
        prepare(0, 0);
        vm.prank(payer);
        escrow.cancel(to);
        refused(abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, escrow.paymentIdOf(to)));
    }

    function test_Amend_RevertsWhen_TheNewTermsAreTheOldOnes() public {
        terms.fundBy = START + 8 hours;
        authorized();
        prepare(0, 0);
        to = terms;
        refused(abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, fromId));
    }
}
